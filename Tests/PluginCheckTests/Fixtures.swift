import Foundation
import JSON
import Testing

/// The bad plugins, and the program that checks them.
enum Fixtures {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let bad = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Bad")
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/local/bin/cc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What `swift build` left beside the test bundle.
    static let products: URL = {
        let own = Bundle.main.bundleURL
        let candidates = [own, own.deletingLastPathComponent(), root.appendingPathComponent(".build/debug")]
        return candidates.first {
            FileManager.default.isExecutableFile(atPath: $0.appendingPathComponent("evalh").path)
        } ?? own
    }()

    /// Compiles one of the bad plugins into `folder`.
    static func library(_ name: String, in folder: URL) throws -> String {
        let output = folder.appendingPathComponent("\(name).so").path
        let result = try run(
            URL(fileURLWithPath: try #require(compiler)),
            [
                "-std=c11", "-O1", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror",
                "-shared", "-fPIC", "-fvisibility=hidden", "-pthread",
                "-I", root.appendingPathComponent("Sources/CEvalhPlugin/include").path, "-I", bad.path, "-o", output,
                bad.appendingPathComponent("\(name).c").path,
            ])
        try #require(result.status == 0, "\(result.errors)")
        return output
    }

    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs a program to its end; what it writes goes through files, so that no pipe can fill up.
    static func run(_ program: URL, _ arguments: [String]) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
        let files = ["out", "err"].map { folder.appendingPathComponent("evalh-\($0)-\(UUID().uuidString)") }
        for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .uncaughtSignal
                ? -process.terminationStatus : process.terminationStatus,
            output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
    }

    /// `evalh plugin check`.
    static func check(_ arguments: String...) throws -> Result {
        try run(products.appendingPathComponent("evalh"), ["plugin", "check"] + arguments)
    }

    /// A folder that `body` has to itself.
    static func inFolder<T>(_ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-bad-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
