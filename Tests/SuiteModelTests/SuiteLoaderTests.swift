import Testing

@testable import SuiteModel

@Suite("Suite loader")
struct SuiteLoaderTests {
    @Test("the suite of the contract loads without a mistake")
    func contract() throws {
        let result = SuiteLoader(currentDirectory: "/suites").load(
            source: try fixture("contract.yaml"), vocabulary: { _ in testVocabulary })
        #expect(result.rendered == "")
        let suite = try #require(result.suite)
        #expect(suite.name == "gsm")
        #expect(suite.dataset.location == .path("/suites/data/gsm-mini.jsonl"))
        #expect(suite.dataset.shuffle == 7)
        #expect(suite.arms.map(\.id) == ["greedy", "sc8", "ac", "scaling"])
        #expect(suite.arms[1].parametersJSON == #"{"samples":8,"weight":"majority"}"#)
        #expect(suite.arms[3].levels.map(\.label) == ["samples=1", "samples=2", "samples=4", "samples=8", "samples=16"])
        #expect(suite.arms[3].levels[2].parametersJSON == #"{"samples":4,"weight":"majority"}"#)
        #expect(suite.arms[3].levels[2].levelJSON == #"{"samples":4}"#)
        #expect(suite.budget.tokens == 2_000_000)
        #expect(suite.budget.wallSeconds == 1800)
        #expect(suite.budget.session.tokens == 8000)
        #expect(suite.sampling.temperature == 0.8)
        #expect(suite.metrics.map(\.use) == ["accuracy", "arise"])
        #expect(suite.metrics[1].over == "scaling")
        #expect(suite.gates.count == 2)
        #expect(suite.repeats == 2)
    }
}
