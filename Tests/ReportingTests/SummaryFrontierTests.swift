import Completions
import Foundation
import Journal
import Testing

@testable import Reporting

@Suite("Oracles and the frontier in summary.json")
struct SummaryFrontierTests {
    private func description() -> RunDescription {
        let none = [RunDescription.Level(index: -1, parametersJSON: "{}", levelJSON: "")]
        return RunDescription(
            suite: "s", runID: "r", datasetName: "d", datasetDigest: "0", itemCount: 4, repeats: 1, sessionsPlanned: 16,
            arms: [
                .init(id: "cheap", strategy: "greedy", model: "m", levels: none),
                .init(
                    id: "vote", strategy: "sc", model: "m",
                    levels: [
                        .init(index: 0, parametersJSON: "{\"samples\":2}", levelJSON: "{\"samples\":2}"),
                        .init(index: 1, parametersJSON: "{\"samples\":4}", levelJSON: "{\"samples\":4}"),
                    ]),
                .init(id: "peek", strategy: "oracle", model: "m", levels: none, isOracle: true),
            ], gates: [], provenance: [:])
    }

    /// cheap 1 of 4 right, vote@2 as good and dearer, vote@4 3 of 4, the oracle all for the price of the cheap one.
    private func summary(usd: Double?) -> RunSummary {
        var builder = SummaryBuilder(description())
        for item in 0..<4 {
            for (arm, level, right, tokens) in [(0, -1, 1, 10), (1, 0, 1, 20), (1, 1, 3, 40), (2, -1, 4, 10)] {
                builder.add(
                    SessionRecord(
                        key: .init(item: item, arm: arm, level: level, repeatIndex: 0), answer: "a", extracted: "a",
                        stage: "boxed",
                        score: item < right ? 1 : 0, strictScore: nil, finish: .stop, stopReason: "done",
                        confidence: nil, error: nil,
                        measure: .init(
                            usage: .init(requests: 1, promptTokens: 5, completionTokens: tokens),
                            usd: usd.map { $0 * Double(tokens) }, criticalPathSeconds: 1, samples: 1), draws: [],
                        log: .init()))
            }
        }
        return builder.finish(paid: PaidTotals(usage: .init(), usd: 0))
    }

    @Test("each cost has its frontier, from the cheapest, without oracles")
    func frontier() {
        let frontier = summary(usd: 0.001).frontier
        #expect(frontier.map(\.cost) == ["tokens", "total_tokens", "usd_per_session", "critical_path_p50_s"])
        #expect(frontier.prefix(3).allSatisfy { $0.arms == ["cheap", "vote@samples=4"] })
        #expect(frontier.last?.arms == ["vote@samples=4"])
        #expect(summary(usd: nil).frontier.map(\.cost) == ["tokens", "total_tokens", "critical_path_p50_s"])
    }

    @Test("an oracle is written, its absence is not, and both are read")
    func oracle() throws {
        let data = try JSONEncoder().encode(summary(usd: nil))
        #expect(String(decoding: data, as: UTF8.self).ranges(of: "\"oracle\":true").count == 1)
        #expect(!String(decoding: data, as: UTF8.self).contains("\"oracle\":false"))
        let read = try JSONDecoder().decode(RunSummary.self, from: data)
        #expect(read.arms.map(\.oracle) == [false, false, false, true])
        #expect(read.arms.map(\.fullTitle) == ["cheap", "vote@samples=2", "vote@samples=4", "peek (oracle)"])
        #expect(read.frontier == summary(usd: nil).frontier)
        #expect(read.comparisons.map(\.a) == ["vote@samples=2", "vote@samples=4", "peek"])
    }

    @Test("runs from before oracles were marked can be read")
    func oldRuns() throws {
        let text = "{\"id\":\"a\",\"strategy\":\"s\",\"model\":\"m\",\"levels\":[]}"
        #expect(try JSONDecoder().decode(RunDescription.Arm.self, from: Data(text.utf8)).isOracle == false)
        let arm = RunDescription.Arm(id: "a", strategy: "s", model: "m", levels: [], isOracle: true)
        #expect(try JSONDecoder().decode(RunDescription.Arm.self, from: JSONEncoder().encode(arm)) == arm)
    }

    @Test("summary.md is ordered by total tokens and marks the frontier")
    func markdown() throws {
        let lines = MarkdownReport.render(summary(usd: nil)).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "## Accuracy and cost"))
        #expect(!lines[start + 1].contains("USD"))
        let rows = lines[(start + 3)...].prefix { $0.hasPrefix("|") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(rows.map { $0[0] + " " + $0[1] } == ["cheap ", "peek (oracle) ", "vote samples=2", "vote samples=4"])
        #expect(rows.map { $0[8] } == ["yes", "oracle, apart", "", "yes"])
    }
}
