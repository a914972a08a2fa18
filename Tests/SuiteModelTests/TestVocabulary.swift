import Foundation

@testable import SuiteModel

/// The plugins that suites of these tests may name.
let testVocabulary = FixedVocabulary(
    strategies: [
        PluginVocabulary(id: "greedy"),
        PluginVocabulary(
            id: "self-consistency",
            parametersSchema: """
                {"type":"object","properties":{"samples":{"type":"integer","minimum":1,"maximum":1024,"default":8},
                "weight":{"type":"string","enum":["majority","logprob"],"default":"majority"}}}
                """),
        PluginVocabulary(
            id: "adaptive-consistency",
            parametersSchema: """
                {"type":"object","required":["max_samples"],"properties":{"max_samples":{"type":"integer","minimum":1},
                "threshold":{"type":"number","exclusiveMinimum":0.5,"exclusiveMaximum":1,"default":0.95}}}
                """),
    ],
    graders: [PluginVocabulary(id: "numeric"), PluginVocabulary(id: "exact")],
    metrics: [
        PluginVocabulary(id: "accuracy"),
        PluginVocabulary(
            id: "arise", parametersSchema: #"{"type":"object","properties":{"cost":{"type":"string"}}}"#,
            outputs: ["arise", "slope"],
            needsLevels: true),
    ],
    allocators: [PluginVocabulary(id: "fixed")], searchedPaths: ["/opt/evalh/plugins"])

let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

func fixture(_ name: String) throws -> SourceText {
    SourceText(name: name, bytes: Array(try Data(contentsOf: fixtures.appendingPathComponent(name))))
}

/// Loads a suite from its text.
func load(
    _ text: String, overrides: SuiteOverrides = SuiteOverrides(), environment: [String: String] = [:],
    vocabulary: FixedVocabulary = testVocabulary, checkGate: @escaping SuiteLoader.GateChecker = { _, _, _ in [] }
) -> SuiteLoader.Result {
    SuiteLoader(currentDirectory: "/suites", checkGate: checkGate).load(
        source: SourceText(name: "test.yaml", text: text), overrides: overrides, environment: environment,
        vocabulary: { _ in vocabulary })
}

/// A correct suite, with lines added behind.
func minimal(
    _ more: String = "", models: String = "models: {main: {provider: reference}}", arms: String = "arms: [greedy]"
) -> String {
    """
    evalh: 1
    dataset: {path: data.jsonl}
    \(models)
    \(arms)
    grader: numeric
    \(more)
    """
}
