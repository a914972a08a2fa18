import Completions
import EvalhStatistics
import Foundation
import Journal
import Testing

@testable import Reporting

@Suite("Judging in summary.json")
struct SummaryJudgingTests {
    private static func description(counting: String = "left_out", gates: [String] = []) -> RunDescription {
        let none = [RunDescription.Level(index: -1, parametersJSON: "{}", levelJSON: "")]
        return RunDescription(
            suite: "s", runID: "r", datasetName: "d", datasetDigest: "0", itemCount: 100, repeats: 1,
            sessionsPlanned: 200,
            arms: ["known", "new"].map { .init(id: $0, strategy: "s", model: "m", levels: none) }, gates: gates,
            provenance: [:],
            judge: .init(
                role: "judge", second: "other", template: "correctness", form: "word", counting: counting,
                isPairwise: false))
    }

    /// 100 items. Of `known` 60 answers are right; the judge calls 54 of them right and 8 of the 40 wrong ones, and
    /// cannot tell about 5 more. It calls 70 of `new` right, one of which is no answer to judge.
    private static func summary(counting: String = "left_out", gates: [String] = []) -> RunSummary {
        var builder = SummaryBuilder(description(counting: counting, gates: gates))
        for item in 0..<105 {
            let label: JudgeVerdict = item < 60 ? .right : .wrong
            let verdict: JudgeVerdict? = item >= 100 ? nil : item < 54 || (60..<68).contains(item) ? .right : .wrong
            builder.add(
                record(
                    item, 0, counting: counting,
                    Judgement(
                        verdict: verdict, noVerdict: verdict == nil ? .unread : nil,
                        second: item < 50 ? .right : .wrong,
                        label: item >= 100 ? nil : label,
                        usage: TokenUsage(requests: 2, promptTokens: 30, completionTokens: 4),
                        usd: 0.5)))
            guard item < 100 else { continue }
            builder.add(
                record(
                    item, 1, counting: counting,
                    item == 99
                        ? nil : Judgement(verdict: item < 70 ? .right : .wrong, usage: TokenUsage(requests: 1), usd: 0))
            )
        }
        return builder.finish(paid: PaidTotals())
    }

    private static func record(_ item: Int, _ arm: Int, counting: String, _ judgement: Judgement?) -> SessionRecord {
        let score = judgement.map { $0.verdict?.score ?? (counting == "wrong" ? 0 : nil) } ?? 0
        return SessionRecord(
            key: .init(item: item, arm: arm, level: -1, repeatIndex: 0), answer: "a", extracted: nil,
            stage: judgement == nil ? "none" : judgement?.verdict == nil ? "no_verdict" : "judge", score: score,
            strictScore: score, finish: .stop, stopReason: "", confidence: nil, error: nil,
            measure: .init(usage: TokenUsage(requests: 1, completionTokens: 7), samples: 1), draws: [], log: .init(),
            judgement: judgement)
    }

    @Test func `judges are counted, measured and paid for apart from the arms`() throws {
        let summary = Self.summary()
        let judging = try #require(summary.judging)
        #expect(judging.judged == 204 && judging.noVerdicts == ["unread": 5] && judging.ties == 0)
        #expect(judging.cost.tokens == TokenUsage(requests: 309, promptTokens: 3150, completionTokens: 420))
        #expect(judging.cost.usd == 52.5)
        #expect(summary.arms.map(\.usage.tokens.requests) == [105, 100])
        #expect(judging.agreement.map(\.pairs) == [100, 100])
        let labels = judging.agreement[1]
        #expect(labels.raw?.value == 0.86)
        // By hand: pₑ = 0.6 · 0.62 + 0.4 · 0.38.
        let expected = 0.6 * 0.62 + 0.4 * 0.38
        #expect(abs(try #require(labels.kappa?.value) - (0.86 - expected) / (1 - expected)) < 1e-9)
        #expect(try #require(labels.alpha?.ciLow) < #require(labels.alpha?.value))
        let calibration = try #require(judging.calibration)
        #expect(calibration.accuracy.value == 0.86 && calibration.accuracy.n == 100)
        #expect(calibration.sensitivity?.value == 0.9 && calibration.sensitivity?.n == 60)
        #expect(calibration.specificity?.value == 0.8 && calibration.specificity?.n == 40)
    }

    @Test func `an arm has its rate without a verdict and its accuracy without the judge's errors`() throws {
        let arms = Self.summary().arms
        #expect(arms[0].metrics["accuracy"]?.value == 0.62 && arms[0].metrics["accuracy"]?.n == 100)
        #expect(abs(try #require(arms[0].metrics["no_verdict_rate"]?.value) - 5.0 / 105) < 1e-9)
        #expect(abs(try #require(arms[0].metrics["accuracy_corrected"]?.value) - 0.6) < 1e-9)
        // 70 of the 99 that were judged; the one that was not is wrong for sure.
        let new = try #require(arms[1].metrics["accuracy_corrected"])
        #expect(abs(new.value - (70.0 / 99 + 0.8 - 1) / (0.9 + 0.8 - 1) * 0.99) < 1e-9)
        #expect(try #require(new.ciLow) < new.value && new.value < #require(new.ciHigh))
        #expect(arms[0].extraction == ["judge": 100, "no_verdict": 5])
    }

    @Test func `where no verdict counts as wrong, the accuracy and the known errors both count it so`() throws {
        let summary = Self.summary(counting: "wrong")
        #expect(summary.arms[0].metrics["accuracy"]?.n == 105)
        #expect(summary.judging?.lines(unit: "tokens")[1].contains("unread 5; counted as wrong") == true)
        #expect(summary.judging?.calibration?.sensitivity?.value == 0.9)
    }

    @Test func `gates may ask for both, and reports say them`() throws {
        let summary = Self.summary(gates: ["no_verdict_rate(known) <= 0.2", "accuracy_corrected(new) >= 0.99"])
        #expect(summary.gates.map(\.verdict) == ["pass", "fail"])
        let markdown = MarkdownReport.render(summary)
        #expect(markdown.contains("- 204 answers judged by"))
        #expect(markdown.contains("no verdict on 5 of 204") && markdown.contains("counted as neither right nor wrong"))
        #expect(JudgingSection.render(summary).contains("no verdict: unread"))
        let data = try JSONEncoder().encode(summary)
        let read = try JSONDecoder().decode(RunSummary.self, from: data)
        #expect(read.judging?.agreement.count == 2 && read.judging?.cost.tokens.requests == 309)
    }
}
