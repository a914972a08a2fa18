import Foundation
import Testing

/// A library with a plugin of each kind that does no harm, until the environment says where and what: `MISCHIEF` is
/// `function:deed`, or `function:deed:n` for the n-th call of that function in a process.
struct Mischief {
    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")

    let place: Workplace
    let server: MockServer

    /// - Parameters:
    ///   - kinds: "strategy", "grader", "metric", "allocator": where the suite uses it.
    ///   - items: of the data set.
    init(_ kinds: Set<String>, items: Int = 4, extra: String = "") throws {
        place = try Workplace()
        server = try MockServer()
        try place.writeItems(items)
        try Self.library.write(to: place.url.appendingPathComponent("libmischief.so"))
        let bad = kinds.contains("strategy") ? ", {id: bad, strategy: mischief.strategy}" : ""
        try place.write(
            """
            evalh: 1
            name: suite
            plugins: [libmischief.so]
            dataset: {path: items.jsonl, fields: {input: question, target: answer}}
            prompt: {user: "{{ input }}"}
            models: {main: {provider: openai, base_url: "\(server.url)/v1", model: mock, connections: 8}}
            sampling: {temperature: 0.8, max_tokens: 256}
            arms: [greedy\(bad)]
            grader: {use: \(kinds.contains("grader") ? "mischief.grader" : "numeric")}
            \(kinds.contains("metric") ? "metrics: [mischief.metric]" : "")
            \(kinds.contains("allocator") ? "allocator: {use: mischief.allocator}" : "")
            \(extra)

            """, to: "suite.yaml")
        // Looked at once in peace: a search for plugins loads what it does not know yet.
        #expect(try place.evalh("plugin", "info", "greedy").status == 0)
    }

    /// Runs evalh with a deed; none: in peace.
    func evalh(_ arguments: String..., deed: String = "", limit: Double? = nil) throws -> Workplace.Result {
        var environment = ["MISCHIEF": deed, "CI": ""]
        if let limit { environment["EVALH_CALL_SECONDS"] = "\(limit)" }
        return try place.start(arguments, environment).result()
    }

    func remove() { place.remove() }

    /// The lines that evalh says of errors.
    static func errors(_ result: Workplace.Result) -> [Substring] {
        result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    }

    private static let library: Data = {
        let built = Result {
            let folder = try Workplace()
            defer { folder.remove() }
            try folder.write(mischiefSource, to: "mischief.c")
            let header = BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path
            let compiler = try RunningTool(
                URL(fileURLWithPath: "/usr/bin/cc"),
                [
                    "-std=gnu11", "-O0", "-Wall", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", "-I", header,
                    "-o", "libmischief.so", "mischief.c",
                ], folder: folder.url)
            let result = try compiler.result()
            #expect(result.status == 0, "\(result.errors)")
            return try Data(contentsOf: folder.url.appendingPathComponent("libmischief.so"))
        }
        return (try? built.get()) ?? Data()
    }()
}
