import Completions
import Foundation
import PluginHost
import Testing

/// The plugin that is kept of a release of the ABI, `Tests/ABI/1.0`: its binary, or its source built anew.
enum ReleasedPlugin {
    static let folder = CCompiler.root.appendingPathComponent("Tests/ABI/1.0")
    static let source = folder.appendingPathComponent("plugin.c")
    /// The header that the release had.
    static let headers = folder.appendingPathComponent("include").path

    /// The kept binary, laid into a folder as a file.
    static func binary(in folder: URL) throws -> String {
        let text = try String(contentsOf: self.folder.appendingPathComponent("plugin.so.base64"), encoding: .utf8)
        let bytes = try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters))
        let file = folder.appendingPathComponent("libreleased.so")
        try bytes.write(to: file)
        return file.path
    }

    /// The source built against some header.
    static func built(_ flags: [String] = [], headers: String, in folder: URL) throws -> String {
        let file = folder.appendingPathComponent("libbuilt-\(UUID().uuidString).so").path
        let (status, output) = try CCompiler.run(
            try #require(CCompiler.path),
            ["-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-shared", "-fPIC"]
                + ["-fvisibility=hidden", "-I", headers] + flags + ["-o", file, source.path])
        guard status == 0 else { throw CCompiler.Failure(description: output) }
        return file
    }

    /// What its strategy does in a session of two completions.
    static func session(of file: String) throws -> [SessionAction.Body] {
        let services = ScriptedServices(randoms: [7])
        let instance = try catalog(file).strategy("released.strategy").makeSession(services)
        let model = SessionModel(
            role: "main", name: "m", capabilities: EndpointCapabilities(), sampling: SamplingParameters())
        let start = SessionStart(
            itemID: "item-3", input: "q", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "q?")],
            parametersJSON: "{}", seed: 1, models: [model], repeatIndex: 0)
        func done(_ choice: Int, _ text: String, tokens: Int) -> SessionEvent.Body {
            .done(
                request: 1, choice: choice,
                completion: Completion(text: text, finish: .stop, usage: TokenUsage(completionTokens: tokens)),
                isLast: choice == 1)
        }
        let bodies = [.start(start), done(0, "so 42", tokens: 5), done(1, "or 7", tokens: 6)] as [SessionEvent.Body]
        var actions: [SessionAction.Body] = []
        for (index, body) in bodies.enumerated() {
            let event = SessionEvent(seq: UInt64(index + 1), timeNanoseconds: Int64(index), body: body)
            actions += try instance.step([event]).map(\.body)
        }
        return actions
    }

    /// How it grades, and what its metric says of two sessions.
    static func gradeAndMetric(of file: String) throws -> (Grade, [MetricValue]) {
        let catalog = catalog(file)
        let grader = try catalog.grader("released.grader", parametersJSON: "{}")
        let metric = try catalog.metric("released.metric", parametersJSON: "{}", seed: 1)
        for tokens in [4, 8] {
            let measure = SessionMeasure(usage: TokenUsage(completionTokens: tokens))
            try metric.add(MetricRow(item: tokens, arm: "a", score: 1, measure: measure))
        }
        let grade = try grader.grade(answer: "42", target: "42", fieldsJSON: "{}", finish: .stop)
        return (grade, try metric.result())
    }

    static func catalog(_ file: String) -> PluginCatalog {
        PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
    }
}
