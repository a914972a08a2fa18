import Testing

@testable import SuiteModel

/// How suites name plugins, and what they are told of plugins that cannot be used.
struct PluginNameTests {
    /// Words of plugins in versions, one of them broken.
    private struct Words: SuiteVocabulary {
        var strategyIDs: [String] { ["vote"] }
        func strategy(_ id: String) -> PluginVocabulary? { ["vote", "vote@1"].contains(id) ? .init(id: "vote") : nil }
        var graderIDs: [String] { ["numeric"] }
        func grader(_ id: String) -> PluginVocabulary? { id == "numeric" ? .init(id: id) : nil }
        var metricIDs: [String] { [] }
        func metric(_ id: String) -> PluginVocabulary? { nil }
        var allocatorIDs: [String] { [] }
        func allocator(_ id: String) -> PluginVocabulary? { nil }
        var serviceIDs: [String] { [] }
        func service(_ id: String) -> PluginVocabulary? { nil }
        var searchedPaths: [String] { ["/plugins"] }
        var unavailableProviders: [ModelSpec.Provider: String] { [:] }
        func complaint(_ kind: String, _ name: String) -> String? {
            kind == "strategy" && name == "broken"
                ? "/plugins/a.so: libz.so: cannot open shared object file\n/plugins/b.so: is not a shared library" : nil
        }
        var unopened: [String] { (1...9).map { "/plugins/\($0).so: crashed" } }
    }

    private func loaded(_ arms: String) -> SuiteLoader.Result {
        SuiteLoader(currentDirectory: "/suites").load(
            source: SourceText(name: "test.yaml", text: minimal(arms: "arms: \(arms)")), vocabulary: { _ in Words() })
    }

    @Test func `a version is part of the strategy's name and not of the arm's`() throws {
        let suite = try #require(loaded("[\"vote@1\", {id: other, strategy: vote}]").suite)
        #expect(suite.arms.map(\.id) == ["vote", "other"] && suite.arms.map(\.strategy) == ["vote@1", "vote"])
        #expect(suite.arms[1].strategyPosition.column == 40)
        #expect(loaded("[\"vote@1\", vote]").rendered.contains("the arm `vote` is here twice"))
        #expect(loaded("[\"vote@\"]").rendered.contains("must be letters, digits"))
        #expect(loaded("[\"vote@1@2\"]").suite == nil)
    }

    @Test func `what cannot be used is told with the reason at the place`() {
        let text = loaded("[broken]").rendered
        #expect(
            text.contains(
                "test.yaml:4:8: error: the strategy `broken` cannot be used: /plugins/a.so: libz.so: cannot open"))
        #expect(text.contains("= /plugins/b.so: is not a shared library"))
    }

    @Test func `what is not known comes with the files that could not be used`() {
        let text = loaded("[unheard]").rendered
        #expect(text.contains("unknown strategy `unheard`") && text.contains("these files could not be used:"))
        #expect(text.contains("/plugins/8.so: crashed") && !text.contains("/plugins/9.so"))
        #expect(text.contains("… and 1 more"))
    }
}
