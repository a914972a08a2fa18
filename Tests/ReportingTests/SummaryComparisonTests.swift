import Completions
import EvalhStatistics
import Foundation
import Journal
import Testing

@testable import Reporting

@Suite("Paired comparisons in summary.json")
struct SummaryComparisonTests {
    /// The first arm gets nothing right, the others the first 6, 7 and 9 of 40 items.
    private func summary() -> RunSummary {
        let none = [RunDescription.Level(index: -1, parametersJSON: "{}", levelJSON: "")]
        let right = [0, 6, 7, 9]
        var builder = SummaryBuilder(
            RunDescription(
                suite: "s", runID: "r", datasetName: "d", datasetDigest: "0", itemCount: 40, repeats: 1,
                sessionsPlanned: 160,
                arms: right.map { .init(id: "a\($0)", strategy: "s", model: "m", levels: none) }, gates: [],
                provenance: [:]))
        for item in 0..<40 {
            for arm in right.indices {
                builder.add(
                    SessionRecord(
                        key: .init(item: item, arm: arm, level: -1, repeatIndex: 0), answer: "a", extracted: "a",
                        stage: "boxed",
                        score: item < right[arm] ? 1 : 0, strictScore: nil, finish: .stop, stopReason: "done",
                        confidence: nil, error: nil,
                        measure: .init(criticalPathSeconds: 1, samples: 1), draws: [], log: .init()))
            }
        }
        return builder.finish(paid: PaidTotals())
    }

    @Test func `p-values are adjusted over all comparisons`() {
        let comparisons = summary().comparisons
        let plain = [6, 7, 9].map { McNemar.exact(aOnly: $0, bOnly: 0) }
        #expect(comparisons.map(\.pValue) == plain)
        // Two to the power of 1 − 6, 1 − 7 and 1 − 9, of which the smallest counts three times, the next twice.
        #expect(
            comparisons.map { $0.pAdjusted.map { ($0 * 1e10).rounded() / 1e10 } } == [0.03125, 0.03125, 0.01171875])
    }

    @Test func `the smallest effect these items show is 2.80 standard errors`() throws {
        let first = try #require(summary().comparisons.first)
        let share = 6.0 / 40
        let stderr = (share * (1 - share) / 39).squareRoot()
        #expect(abs((first.detectable ?? 0) - 2.8015852 * stderr) < 1e-7)
    }

    @Test func `both are written, and summaries without them are read`() throws {
        let comparison = try #require(summary().comparisons.first)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(comparison), as: UTF8.self)
        #expect(text.contains("\"p_adjusted\":0.0") && text.contains("\"detectable\":0."))
        let old = text.replacing(/"(p_adjusted|detectable)":[0-9.e-]+,/, with: "")
        let read = try JSONDecoder().decode(RunSummary.Comparison.self, from: Data(old.utf8))
        #expect(read.pAdjusted == nil && read.detectable == nil && read.n == 40)
    }
}
