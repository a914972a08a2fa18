import Foundation
import PluginHost
import Testing

/// C plugins written by tests, compiled against the header alone.
enum CCompiler {
    static let path = ["/usr/bin/cc", "/usr/bin/clang", "/usr/local/bin/cc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isAvailable: Bool { path != nil }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let headers = root.appendingPathComponent("Sources/CEvalhPlugin/include").path

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a program and returns its exit status and what it wrote.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// Compiles `source` into a shared library in `folder`.
    @discardableResult
    static func library(_ source: String, _ flags: [String] = [], name: String = "libplugin.so", in folder: URL) throws
        -> String
    {
        let compiler = try #require(path)
        let input = folder.appendingPathComponent(name + ".c")
        try source.write(to: input, atomically: true, encoding: .utf8)
        let output = folder.appendingPathComponent(name).path
        let fixed = [
            "-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-shared", "-fPIC",
            "-fvisibility=hidden", "-I",
            headers,
        ]
        let (status, text) = try run(compiler, fixed + flags + ["-o", output, input.path])
        guard status == 0 else { throw Failure(description: text) }
        return output
    }
}

/// A folder that is removed when the test is over.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-pluginhost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

/// The probe library, compiled once for all tests.
enum Probe {
    private static let built = Result {
        let folder = try TemporaryFolder()
        let file = try CCompiler.library(probeSource, name: "libprobe.so", in: folder.url)
        // The library stays mapped after its file is gone; the catalog keeps it open.
        let catalog = PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
        for id in catalog.vocabulary.entries(of: .strategy).map(\.id).prefix(1) { _ = try catalog.strategy(id) }
        return catalog
    }

    static func catalog() throws -> PluginCatalog { try built.get() }
    static func strategy(_ name: String) throws -> StrategyPlugin { try catalog().strategy("test." + name) }

    static func instance(_ name: String, _ services: ScriptedServices = ScriptedServices()) throws
        -> any SessionStrategy
    {
        try strategy(name).makeSession(services)
    }
}

/// Host services with known answers.
final class ScriptedServices: SessionServices {
    var randoms: [UInt64]
    var remaining = RemainingBudget(tokens: 1000, usd: 2.5, seconds: nil)
    private(set) var extracted: [(text: String, isUnfinished: Bool)] = []

    init(randoms: [UInt64] = [7, 8, 9]) {
        self.randoms = randoms
    }

    func random() -> UInt64 {
        randoms.isEmpty ? 0 : randoms.removeFirst()
    }

    /// The last word, if it is a number.
    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        extracted.append((text, isUnfinished))
        guard !isUnfinished, let word = text.split(separator: " ").last, Int(word) != nil else { return nil }
        return (String(word), "last-word")
    }

    func remainingBudget() -> RemainingBudget { remaining }
}
