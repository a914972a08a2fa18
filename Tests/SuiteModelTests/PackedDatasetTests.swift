import Foundation
import SuiteModel
import Testing

@Suite("Packed data sets, and those of which a part is used")
struct PackedDatasetTests {
    let folder: TemporaryFolder
    let cache: DatasetCache

    init() throws {
        folder = try TemporaryFolder()
        cache = DatasetCache(folder: folder.path + "/cache")
    }

    /// Three rows in two members, one behind the other, as `cat a.gz b.gz` makes them.
    private static let packed = Data(
        base64Encoded: "H4sIAAAAAAACA6tWKixNLS7JzM9TslIqNFDSUUrMKy5PLQLyDJRquapRpA2RpQ2B0gC5P65kPgAAAB+LCAAAAAAAAg"
            + "OrViosTS0uyczPU7JSKjRS0lFKzCsuTy0C8oyUarkAiJ85Wx8AAAA="
    )

    private func write(_ data: Data?) throws -> String {
        let path = folder.path + "/rows.jsonl.gz"
        try #require(data).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func inputs(
        _ path: String, sha256: String? = nil, skip: Int = 0, limit: Int? = nil, shuffle: UInt64? = nil
    ) throws -> [String] {
        let spec = DatasetSpec(
            name: "test", location: .path(path), sha256: sha256, format: .jsonl, inputField: "question",
            targetField: "answer", skip: skip, limit: limit, shuffle: shuffle)
        var inputs: [String] = []
        try DatasetReader(spec, cache: cache).forEach { inputs.append($0.input) }
        return inputs
    }

    @Test("a file packed by gzip is read as what it holds, its checksum is that of the file")
    func packed() throws {
        let digest = "01dade4d7088a935aa2d9eef411e2fb459f46a713d27606256d6dc74f28218f7"
        let path = try write(Self.packed)
        #expect(try inputs(path, sha256: digest) == ["q0", "q1", "q2"])
        #expect(try inputs(path, shuffle: 1).sorted() == ["q0", "q1", "q2"])
    }

    @Test("a file that is cut off or damaged is refused as a whole")
    func damaged() throws {
        let whole = try #require(Self.packed)
        #expect(throws: DatasetFailure.self) { try inputs(write(whole.dropLast(9))) }
        var damaged = whole
        damaged[20] ^= 0xff
        #expect(throws: DatasetFailure.self) { try inputs(write(damaged)) }
        #expect(throws: DatasetFailure.self) { try inputs(write(Data([0x1f, 0x8b]))) }
    }

    @Test("items at the beginning are left out, before the limit and after the shuffle")
    func skipped() throws {
        let rows = (0..<9).map { "{\"question\":\"q\($0)\",\"answer\":\"\"}\n" }.joined()
        let path = folder.path + "/rows.jsonl"
        try Data(rows.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try inputs(path, skip: 3, limit: 2) == ["q3", "q4"])
        #expect(try inputs(path, skip: 2, shuffle: 5) == Array(inputs(path, shuffle: 5).dropFirst(2)))
        #expect(throws: DatasetFailure.self) { try inputs(path, skip: 100) }
    }
}
