import Foundation
import Testing

/// The header is the product: it compiles alone, as C11 and as C++, and its layout does not move.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct HeaderTests {
    private let folder: TemporaryFolder
    private let layout = CCompiler.root.appendingPathComponent("Sources/CEvalhPlugin")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func check(_ arguments: String...) throws -> (status: Int32, output: String) {
        let strict = [
            "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", CCompiler.headers, "-I", layout.path,
        ]
        return try CCompiler.run(try #require(CCompiler.path), strict + arguments)
    }

    @Test func `sizes and offsets are those of 1.0`() throws {
        let result = try check("-std=c11", layout.appendingPathComponent("layout.c").path)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test func `a moved member would be noticed`() throws {
        let copy = folder.url.appendingPathComponent("include")
        try FileManager.default.copyItem(atPath: CCompiler.headers, toPath: copy.path)
        let part = copy.appendingPathComponent("evalh_plugin/event.h")
        let header = try String(contentsOf: part, encoding: .utf8)
        let moved = header.replacingOccurrences(of: "    uint64_t seed;", with: "    uint32_t extra; uint64_t seed;")
        #expect(moved != header)
        try moved.write(to: part, atomically: true, encoding: .utf8)
        let result = try CCompiler.run(
            try #require(CCompiler.path),
            [
                "-std=c11", "-fsyntax-only", "-I", copy.path, "-I", layout.path,
                layout.appendingPathComponent("layout.c").path,
            ])
        #expect(result.status != 0)
        #expect(result.output.contains("evalh_event_start"))
    }

    @Test func `the header is C++ as well`() throws {
        guard
            let cxx = ["/usr/bin/c++", "/usr/bin/g++", "/usr/bin/clang++"].first(
                where: FileManager.default.isExecutableFile)
        else {
            return
        }
        let source = folder.path("layout.cpp")
        try "#include <cstddef>\n#include <evalh_plugin.h>\n#include <evalh_plugin_layout.h>\n"
            .write(toFile: source, atomically: true, encoding: .utf8)
        let result = try CCompiler.run(
            cxx,
            ["-std=c++17", "-Wall", "-Werror", "-fsyntax-only", "-I", CCompiler.headers, "-I", layout.path, source])
        #expect(result.status == 0, "\(result.output)")
    }
}
