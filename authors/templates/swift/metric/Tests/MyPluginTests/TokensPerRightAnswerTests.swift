import EvalhPluginKit
import Testing

@testable import MyPlugin

@Suite struct TokensPerRightAnswerTests {
    private func row(_ item: Int, _ arm: String, _ score: Double?, tokens: Int) -> SessionRow {
        SessionRow(item: item, arm: arm, score: score, usage: Usage(promptTokens: 10, completionTokens: tokens))
    }

    @Test func `divides tokens by right answers`() {
        var metric = TokensPerRightAnswer(parameters: NoParameters(), seed: 1)
        metric.add(row(0, "a", 1, tokens: 30))
        metric.add(row(0, "b", 0, tokens: 10))
        metric.add(row(1, "a", 1, tokens: 50))
        metric.add(row(1, "b", nil, tokens: 0))
        let values = metric.result()
        #expect(values.map(\.arm) == ["a", "b"])
        #expect(values.map(\.value) == [40, nil])
        #expect(values.map(\.n) == [2, 1])
    }
}
