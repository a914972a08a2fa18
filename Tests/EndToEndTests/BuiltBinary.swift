import Foundation
import FoundationNetworking
import Testing

/// The products that `swift build` left beside the test bundle.
enum BuiltBinary {
    static let folder: URL = {
        var url = Bundle.main.bundleURL
        // The runner's own folder differs between test libraries; the products are where evalh is.
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for candidate in [url, url.deletingLastPathComponent(), root.appendingPathComponent(".build/debug")]
        where FileManager.default.isExecutableFile(atPath: candidate.appendingPathComponent("evalh").path) {
            url = candidate
            break
        }
        return url
    }()

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static var evalh: URL { folder.appendingPathComponent("evalh") }
    static var mockServer: URL { folder.appendingPathComponent("evalh-mock-server") }
}

/// A folder for one test.
struct Workplace {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }

    func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: url.appendingPathComponent(name))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    /// Arithmetic questions that the mock server answers right in most cases.
    func writeItems(_ count: Int) throws {
        let lines = (0..<count).map {
            "{\"question\":\"What is \($0) + \($0 * 7 % 31)?\",\"answer\":\"#### \($0 + $0 * 7 % 31)\"}"
        }
        try write(lines.joined(separator: "\n") + "\n", to: "items.jsonl")
    }

    func writeSuite(_ server: MockServer, arms: String, extra: String = "") throws {
        try write(
            """
            evalh: 1
            name: suite
            dataset: {path: items.jsonl, fields: {input: question, target: answer}}
            prompt: {user: "{{ input }}"}
            models: {main: {provider: openai, base_url: "\(server.url)/v1", model: mock, connections: 8}}
            sampling: {temperature: 0.8, max_tokens: 256}
            arms: \(arms)
            grader: {use: numeric}
            \(extra)

            """, to: "suite.yaml")
    }

    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs evalh in this folder to its end.
    func evalh(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        let process = try start(arguments, environment)
        return try process.result()
    }

    func start(_ arguments: [String], _ environment: [String: String] = [:]) throws -> RunningTool {
        try RunningTool(BuiltBinary.evalh, arguments, folder: url, environment: environment)
    }
}

/// A tool under way, its output collected in files so that no pipe can fill up.
final class RunningTool {
    let process = Process()
    private let output: URL
    private let errors: URL

    init(_ tool: URL, _ arguments: [String], folder: URL, environment: [String: String] = [:]) throws {
        output = folder.appendingPathComponent("out-\(UUID().uuidString)")
        errors = folder.appendingPathComponent("err-\(UUID().uuidString)")
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.executableURL = tool
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var all = ProcessInfo.processInfo.environment
        all["XDG_CACHE_HOME"] = folder.appendingPathComponent("cache").path
        all["EVALH_PLUGIN_PATH"] = nil
        // Where CI is set, plugins are kept apart: tests say themselves what they mean.
        all["CI"] = nil
        for (name, value) in environment { all[name] = value }
        process.environment = all
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// What it has printed so far.
    func printed() throws -> String { try String(contentsOf: output, encoding: .utf8) }

    func result() throws -> Workplace.Result {
        process.waitUntilExit()
        return Workplace.Result(
            status: process.terminationReason == .uncaughtSignal
                ? -process.terminationStatus : process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

/// A mock model server for one test; it ends with the test process.
final class MockServer {
    let url: String
    private let process = Process()
    private let input = Pipe()

    convenience init(_ options: String...) throws { try self.init(options) }

    init(_ options: [String]) throws {
        let output = Pipe()
        process.executableURL = BuiltBinary.mockServer
        process.arguments = ["--port", "0", "--exit-on-stdin-eof"] + options
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { break }
            line += String(decoding: byte, as: UTF8.self)
        }
        let address = try #require(line.split(separator: " ").last, "the mock server did not start")
        url = "http://" + address.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit { stop() }

    func stop() {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.terminate() }
    }

    /// The server's own counts.
    func stats() throws -> [String: Any] {
        let data = try Data(contentsOf: try #require(URL(string: url + "/__stats")))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func count(_ name: String) throws -> Int { try #require(stats()[name] as? Int) }
}
