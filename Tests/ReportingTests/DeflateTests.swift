import Foundation
import Testing

@testable import Reporting

@Suite("Compression")
struct DeflateTests {
    /// Python's zlib reads it back.
    @Test("what was compressed is read back by another program", arguments: [0, 1, 1000, 300_000])
    func isReadBack(count: Int) throws {
        let text = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
        for format in [Deflate.Format.raw, .gzip] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            let bits = format == .raw ? -15 : 31
            process.arguments = [
                "python3", "-c",
                "import sys,zlib;d=zlib.decompress(sys.stdin.buffer.read(),\(bits));print(len(d),zlib.crc32(d))",
            ]
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Deflate.compress(text, format))
            try input.fileHandleForWriting.close()
            let answer = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(answer == "\(count) \(Deflate.crc32(text))\n")
        }
    }
}
