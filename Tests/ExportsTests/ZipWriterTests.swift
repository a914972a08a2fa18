import Foundation
import Hashing
import Testing

@testable import Exports

@Suite("ZIP archives, read back by Python's zipfile")
struct ZipWriterTests {
    /// Name, size and SHA-256 of every member, as zipfile reads it.
    private static let listing = """
        import sys, zipfile, hashlib
        with zipfile.ZipFile(sys.argv[1]) as archive:
            for member in archive.infolist():
                data = archive.read(member)
                assert member.compress_type == zipfile.ZIP_DEFLATED and member.date_time == (1980, 1, 1, 0, 0, 0)
                sys.stdout.buffer.write(repr((member.filename, len(data), hashlib.sha256(data).hexdigest())).encode() \
        + b"\\n")
        """

    /// Half of all members compress well, half do not at all.
    private func bytes(_ count: Int, _ random: inout SplitMix) -> [UInt8] {
        let isText = Bool.random(using: &random)
        var content: [UInt8] = []
        while content.count < count {
            content += withUnsafeBytes(of: isText ? 0x6162_6364_6566_6768 : random.next()) { Array($0) }
        }
        return Array(content.prefix(count))
    }

    private func line(_ name: String, _ content: [UInt8]) -> String {
        let hash = SHA256.hash(content).hex
        return "('\(name)', \(content.count), '\(hash)')"
    }

    @Test(
        "whatever members are written, in whatever pieces, all come back", arguments: [0xFFFF_FFFF, 0, 1, 50, 5000],
        [1, 2])
    func membersComeBack(limit: Int, seed: UInt64) throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = SplitMix(state: seed)
        let zip = try ZipWriter(folder + "/a.zip", limit: UInt64(limit))
        let spool = try MemberSpool(beside: folder + "/spool")
        var expected: [String] = []
        var spooled: [UInt8] = []
        for index in 0..<20 {
            let content = bytes([0, 1, 100, 70_000, 300_000][Int.random(in: 0..<5, using: &random)], &random)
            let name = "ordner/\(index) äöü 😀 \(String(repeating: "x", count: Int.random(in: 0...300, using: &random)))"
            try zip.add(name, content)
            expected.append(line(name, content))
            try spool.write(content)
            spooled += content
        }
        try zip.add("spooled", spool)
        expected.append(line("spooled", spooled))
        try zip.finish()
        let result = try ExportFixture.run(["python3", "-c", Self.listing, folder + "/a.zip"])
        #expect(result.output == expected.map { $0 + "\n" }.joined())
        #expect(result.code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.zip"])
    }

    @Test("an archive may hold nothing, and more than 65,535 members", arguments: [0, 65_535])
    func anyNumberOfMembers(count: Int) throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let zip = try ZipWriter(folder + "/a.zip")
        for index in 0..<count { try zip.add("\(index)", [UInt8(truncatingIfNeeded: index)]) }
        try zip.finish()
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as archive:
                assert archive.testzip() is None
                assert all(archive.read(name) == bytes([int(name) % 256]) for name in archive.namelist())
                print(len(archive.namelist()))
            """
        #expect(try ExportFixture.run(["python3", "-c", script, folder + "/a.zip"]).output == "\(count)\n")
    }

    @Test func `what is not finished leaves nothing behind`() throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let zip = try ZipWriter(folder + "/a.zip")
            try zip.add("a", [1, 2, 3])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `a name that no archive can hold is refused in words`() throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let zip = try ZipWriter(folder + "/a.zip")
        #expect(throws: ExportError.self) { try zip.add(String(repeating: "x", count: 65_536), []) }
    }
}

/// splitmix64: the same members on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
