import Completions
import Foundation
import JSON
import Journal
import Testing

@testable import Reporting

/// Counts sessions, and gives what it is told to give.
private final class CountingMetric: RunMetric {
    struct Refusal: Error, CustomStringConvertible { var description: String }

    let id = "counting"
    private let outputs: (_ sessions: Int) throws -> [MetricOutput]
    private let failsAt: Int?
    private var sessions = 0

    init(failsAt: Int? = nil, _ outputs: @escaping (Int) throws -> [MetricOutput] = { _ in [] }) {
        self.failsAt = failsAt
        self.outputs = outputs
    }

    func add(_ session: SessionRecord, _ row: RunRow, fieldsJSON: String) throws {
        sessions += 1
        if sessions == failsAt { throw Refusal(description: "no more, please") }
    }

    func result() throws -> [MetricOutput] { try outputs(sessions) }
}

@Suite("Metrics and allocators in summary.json")
struct RunMetricTests {
    private func output(_ name: String, _ arm: String, _ level: Int? = nil, _ value: Double?, detail: JSONValue = .null)
        -> MetricOutput
    {
        MetricOutput(
            name: name, arm: arm, levelIndex: level, value: value, ciLow: value.map { $0 - 0.1 },
            ciHigh: value.map { $0 + 0.1 },
            stderr: nil,
            n: 3, method: "counted", detail: detail)
    }

    private func summary(
        metrics: [any RunMetric] = [], allocation: AllocationRecord? = nil, gates: [String] = [],
        scores: [Double] = [1, 0, 1],
        planned: Int = 9
    ) -> RunSummary {
        let description = RunDescription(
            suite: "s", runID: "r", datasetName: "d", datasetDigest: "0", itemCount: 3, repeats: 1,
            sessionsPlanned: planned,
            arms: [
                .init(
                    id: "one", strategy: "greedy", model: "m",
                    levels: [.init(index: -1, parametersJSON: "{}", levelJSON: "")]),
                .init(
                    id: "sweep", strategy: "sc", model: "m",
                    levels: [
                        .init(index: 0, parametersJSON: "{}", levelJSON: "{\"n\":1}"),
                        .init(index: 1, parametersJSON: "{}", levelJSON: "{\"n\":2}"),
                    ]),
            ], gates: gates, provenance: [:])
        var builder = SummaryBuilder(description, metrics: metrics, allocation: allocation)
        for (item, score) in scores.enumerated() {
            for (arm, level) in [(0, -1), (1, 0), (1, 1)] {
                builder.add(
                    SessionRecord(
                        key: .init(item: item, arm: arm, level: level, repeatIndex: 0), answer: "a", extracted: "a",
                        stage: "boxed",
                        score: score, strictScore: nil, finish: .stop, stopReason: "done", confidence: nil, error: nil,
                        measure: .init(
                            usage: .init(requests: 1, promptTokens: 5, completionTokens: 10), criticalPathSeconds: 1,
                            samples: 1), draws: [], log: .init()))
            }
        }
        return builder.finish(paid: PaidTotals(usage: .init(), usd: 0))
    }

    @Test("a number stands where it belongs: with its arm, with its level, beside the arms, or for the run")
    func places() {
        let metric = CountingMetric { sessions in
            [
                output("seen", "one", nil, Double(sessions)), output("seen", "sweep", 1, 2, detail: .string("why")),
                output("curve", "sweep", nil, 0.5),
                output("refused", "one", nil, nil, detail: .object([.init("refused", .string("too few"))])),
                output("whole", "", nil, 7), output("stray", "nobody", nil, 1), output("stray", "sweep", 9, 1),
            ]
        }
        let summary = summary(metrics: [metric])
        #expect(summary.arms[0].metrics["seen"]?.value == 9)
        #expect(summary.arms[1].metrics["seen"] == nil)
        #expect(summary.arms[2].metrics["seen"]?.detail == .string("why"))
        #expect(summary.scaling.map(\.metric) == ["curve", "refused"])
        #expect(
            summary.scaling[0].value == 0.5 && summary.scaling[0].levels.count == 2 && summary.scaling[1].value == nil)
        #expect(summary.metrics.keys.sorted() == ["whole"])
        #expect(summary.problems.isEmpty)
    }

    @Test("gates may name them, with a level or without")
    func gates() {
        let metric = CountingMetric { _ in
            [
                output("curve", "sweep", nil, 0.5), output("curve", "sweep", 1, 0.9), output("curve", "one", nil, 0.1),
                output("whole", "", nil, 7),
            ]
        }
        let verdicts = summary(
            metrics: [metric],
            gates: [
                "curve(sweep) >= 0.3", "curve(sweep@2) >= 0.7", "curve(sweep@1) >= 0", "curve(one) >= 0.3",
                "curve(one) >= 0.15",
                "whole(one) >= 6", "whole(sweep) >= 8",
            ]
        ).gates.map(\.verdict)
        #expect(verdicts == ["pass", "pass", "inconclusive", "fail", "inconclusive", "pass", "fail"])
    }

    @Test("a metric that fails is said to have failed and takes nothing with it")
    func failures() {
        let late = CountingMetric { _ in throw CountingMetric.Refusal(description: "cannot say") }
        let fine = CountingMetric { [output("seen", "one", nil, Double($0))] }
        let summary = summary(metrics: [CountingMetric(failsAt: 4), late, fine])
        #expect(summary.problems == ["metric counting: no more, please", "metric counting: cannot say"])
        #expect(summary.arms[0].metrics["seen"]?.value == 9)
    }

    @Test("numbers of the host's own and numbers that stand there already are a metric's fault")
    func clashes() {
        let thief = CountingMetric { _ in [output("accuracy", "one", nil, 1), output("seen", "one", nil, 1)] }
        let fine = CountingMetric { [output("seen", "one", nil, Double($0)), output("seen", "sweep", 0, 1)] }
        let late = CountingMetric { _ in [output("new", "one", nil, 1), output("seen", "sweep", 0, 2)] }
        let twice = CountingMetric { _ in [output("whole", "", nil, 1), output("whole", "", nil, 2)] }
        let summary = summary(metrics: [thief, fine, late, twice], gates: ["accuracy(one) <= 0.9", "seen(one) == 9"])
        #expect(
            summary.problems == [
                "metric counting: gives `accuracy`, which is a number of evalh's own",
                "metric counting: gives `seen(sweep) of level 0`, as the metric counting does; give each a `name` in "
                    + "the suite",
                "metric counting: gives `whole` twice",
            ])
        #expect(abs((summary.arms[0].metrics["accuracy"]?.value ?? 0) - 2 / 3) < 1e-9)
        #expect(summary.arms[0].metrics["seen"]?.value == 9 && summary.arms[0].metrics["new"] == nil)
        #expect(summary.arms[1].metrics["seen"]?.value == 1 && summary.metrics.isEmpty)
    }

    @Test("weights make means stand for all items; items without one do not count")
    func weights() throws {
        let allocation = AllocationRecord(
            allocator: "chooser", isComplete: true, sessions: 9, rounds: 2, reason: "enough", weights: [0: 0.5, 1: 2])
        let summary = summary(allocation: allocation, scores: [1, 1, 0])
        let accuracy = try #require(summary.arms[0].metrics["accuracy"])
        #expect(accuracy.value == (0.5 * 1 + 2 * 1) / 2 && accuracy.n == 2)
        #expect(
            summary.arms[0].sessions == 3 && summary.allocation?.weighted == true
                && summary.allocation?.reason == "enough")
        #expect(summary.comparisons[0].difference == 0)
    }

    @Test("a run is complete when its allocator says so, however few the sessions")
    func status() {
        var allocation = AllocationRecord(
            allocator: "chooser", isComplete: true, sessions: 9, rounds: 1, reason: "decided")
        #expect(summary(allocation: allocation, planned: 900).status == .complete)
        allocation.isComplete = false
        #expect(summary(allocation: allocation, planned: 9).status == .incomplete)
        #expect(summary(planned: 900).status == .incomplete)
    }

    @Test("what is written is read again")
    func roundTrip() throws {
        let metric = CountingMetric { _ in
            [output("whole", "", nil, 7), output("curve", "sweep", nil, nil, detail: .string("no"))]
        }
        let data = try JSONEncoder().encode(summary(metrics: [metric]))
        let read = try JSONDecoder().decode(RunSummary.self, from: data)
        #expect(read.metrics["whole"]?.value == 7 && read.scaling.first?.detail == .string("no"))
    }
}
