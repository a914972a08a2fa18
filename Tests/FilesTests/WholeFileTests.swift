import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `a file appears whole, and replaces what was there`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("a.txt").path
        try WholeFile.write(Array("old".utf8), to: path)
        let file = try WholeFile(path)
        let line = String(repeating: "x", count: 1000)
        for _ in 0..<1000 { try file.write(line) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try file.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8).utf8.count == 1_000_000)
        #expect(try names() == ["a.txt"])
    }

    @Test func `what is not finished leaves nothing behind`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let file = try WholeFile(folder.appendingPathComponent("a.txt").path)
            try file.write("half")
            #expect(try names() == ["a.txt.part"])
        }
        #expect(try names() == [])
    }

    @Test func `a spool has no name and gives its bytes to another file`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("a.txt").path
        let spool = try WholeFile(path, isSpool: true)
        let text = (0..<100_000).map(String.init).joined(separator: " ")
        try spool.write(text)
        #expect(try names() == [])
        let file = try WholeFile(path)
        try file.write("> ")
        try file.write(contentsOf: spool)
        try file.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "> " + text)
    }

    @Test func `a place that does not take files is named with the system's reason`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("missing/a.txt").path
        let failure = #expect(throws: FileFailure.self) { try WholeFile.write([], to: path) }
        #expect(failure?.path == path)
        #expect(failure?.reason == "No such file or directory")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("b"), withIntermediateDirectories: true)
        let taken = folder.appendingPathComponent("b").path
        #expect(throws: FileFailure.self) { try WholeFile.write([1], to: taken) }
        #expect(try names() == ["b"])
    }
}
