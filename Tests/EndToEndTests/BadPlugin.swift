import Foundation
import Testing

/// The bad plugins of `Tests/PluginCheckTests/Bad`, compiled into a workplace.
enum BadPlugin {
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/local/bin/cc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let folder = BuiltBinary.root.appendingPathComponent("Tests/PluginCheckTests/Bad")

    /// Compiles a file of the folder, or a text that includes its `bad.h`, into `name`.
    static func compile(_ source: URL, _ flags: [String] = [], into name: String, of place: Workplace) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(compiler))
        process.arguments =
            [
                "-std=c11", "-O1", "-D_GNU_SOURCE", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", "-I",
                BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path, "-I", folder.path,
            ] + flags + ["-o", place.url.appendingPathComponent(name).path, source.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
