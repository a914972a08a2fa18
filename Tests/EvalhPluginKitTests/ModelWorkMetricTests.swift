import EvalhPluginKit
import Testing

struct ModelWorkMetricTests {
    private func run(_ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun("model-work", "{}", rows)
    }

    private func row(_ item: Int, repeatIndex: Int = 0, _ score: Double?, _ work: SessionRow.Work?) -> SessionRow {
        SessionRow(item: item, arm: "a", repeatIndex: repeatIndex, score: score, work: work)
    }

    @Test func `depth and work are ratios of sums, so long answers weigh more`() throws {
        let run = try run([
            row(0, 1, .init(tokens: 30, depth: 15, compute: 18)), row(1, 0, .init(tokens: 10, depth: 10, compute: 12)),
        ])
        let depth = try run.value("mean_depth")
        #expect(near(depth.value, 25.0 / 40) && depth.n == 2)
        #expect((depth.low ?? 1) >= 0.5 && (depth.high ?? 2) <= 1)
        #expect(near(try run.number("mean_compute"), 30.0 / 40))
        #expect(!run.values.contains { $0.name == "acceptance_rate" }, "no draft, no rate of acceptance")
    }

    @Test func `acceptance and calls count only where a draft proposed`() throws {
        let run = try run([
            row(0, 1, .init(tokens: 20, depth: 20, compute: 9, drafted: 24, accepted: 15, targetCalls: 5)),
            row(1, 1, .init(tokens: 10, depth: 10, compute: 6, drafted: 6, accepted: 6, targetCalls: 4)),
            row(2, 1, .init(tokens: 4, depth: 4, compute: 4)),
        ])
        #expect(near(try run.number("acceptance_rate"), 21.0 / 30))
        #expect(near(try run.number("target_calls_per_token"), 9.0 / 30))
        #expect(near(try run.number("mean_compute"), 19.0 / 34))
    }

    @Test func `the spread over repeats is the mean of the items' deviations`() throws {
        // Item 0: depths .5, .7 and scores 0, 1; item 1: depths .6, .6 and scores 1, 1; item 2 has one repeat and does
        // not count.
        let run = try run([
            row(0, 0, .init(tokens: 10, depth: 5, compute: 5)),
            row(0, repeatIndex: 1, 1, .init(tokens: 20, depth: 14, compute: 14)),
            row(1, 1, .init(tokens: 10, depth: 6, compute: 6)),
            row(1, repeatIndex: 1, 1, .init(tokens: 5, depth: 3, compute: 3)),
            row(2, 0, .init(tokens: 10, depth: 9, compute: 9)),
        ])
        let depth = try run.value("depth_repeat_sd")
        #expect(near(depth.value, 0.2 / 2.0.squareRoot() / 2) && depth.n == 2)
        #expect(near(try run.number("score_repeat_sd"), 1 / 2.0.squareRoot() / 2))
        // The deviations are d and 0: their mean's standard error is d / 2, and t(0.975, 1) = 12.706.
        #expect(near(depth.standardError, 0.2 / 2.0.squareRoot() / 2))
        #expect(near((depth.high ?? 0) - (depth.value ?? 0), 12.7062 * 0.2 / 2.0.squareRoot() / 2, 1e-4))
    }

    @Test func `sessions that failed or told nothing are left out and counted`() throws {
        let work = SessionRow.Work(tokens: 10, depth: 5, compute: 6)
        let run = try run([row(0, 1, work), row(1, nil, work), row(2, 1, nil)])
        #expect(near(try run.number("mean_depth"), 0.5))
        #expect(try run.detail("mean_depth")["left_out"] as? Int == 2)
        #expect(try self.run([row(0, 1, nil)]).values.isEmpty, "no model that shows its inside, no number")
    }
}
