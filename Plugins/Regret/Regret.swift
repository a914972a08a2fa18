import EvalhPluginKit
import EvalhStatistics

struct Regret: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Budgets in tokens at which regret is told; empty: the mean tokens of each level.") var budgets:
            [Double] = []
        @Parameter("Which tokens count.") var cost = ComputeTokens.completion

        func validate() throws {
            for budget in budgets where !(budget > 0 && budget <= 1e12) {
                throw ParameterError(
                    "the parameter budgets has \(budget); each must be above 0 and at most 1e12 tokens")
            }
            if budgets.count > 1000 {
                throw ParameterError("the parameter budgets has \(budgets.count) numbers; at most 1000 are possible")
            }
        }
    }

    static let descriptor = Descriptor(
        id: "regret", version: "1.0.0", title: "Cumulative regret over token budgets, and what each level adds",
        description: """
            How much success an arm gives away on its way to a budget, next to an oracle that is right from the first \
            token. Each level of an arm is a point (mean tokens, mean score) of an item. Straight lines join (0, 0) \
            with the points by rising tokens; the curve is cut at the budget C by interpolation, or goes on level from \
            the last point to C. Regret at C is 1 − area / C, the mean over items: 0 only for an arm that is right \
            from token 0, 1 for one that never is.

            `regret` is that of the largest budget; `detail` has it for each of `budgets` (default: the mean tokens of \
            each level), with the levels' mean points. **First point:** as the curve starts at (0, 0), an arm with the \
            only point (C, y) has regret 1 − y/2 at C; compare arms at the same budgets only.

            `progress`, for each level but the first: its mean score less that of the level before it in the suite's
            list.

            Items without a graded session at every level are left out and counted, as are failed sessions.

            Intervals: of regret the BCa bootstrap over items, with default budgets taken as given; of progress
            Student's t over items.
            """,
        source: """
            Qu et al. 2025, Optimizing Test-Time Compute via Meta Reinforcement Fine-Tuning (MRT), arXiv:2503.07572, \
            cumulative regret and progress; computed as in the paper's repository CMU-AIRe/MRT, commit 1815a8c5, \
            regret notebook
            """,
        outputs: ["regret", "progress"])

    private let parameters: Parameters
    private let seed: UInt64
    private var totals: LevelTotals

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
        totals = LevelTotals(cost: parameters.cost)
    }

    mutating func add(_ row: SessionRow) { totals.add(row) }

    func result() -> [MetricValue] { totals.arms.flatMap { [regret($0)] + progress($0) } }

    private func regret(_ curves: ArmCurves) -> MetricValue {
        let key = ArmLevel(arm: curves.arm)
        if let reason = curves.refusal { return .refused("regret", of: key, reason, detail: curves.counts) }
        let means = curves.means()
        let budgets = Set(parameters.budgets.isEmpty ? means.map(\.tokens) : parameters.budgets).filter { $0 > 0 }
            .sorted()
        guard let largest = budgets.last else {
            return .refused(
                "regret", of: key, "its sessions used no tokens; give budgets, or count other tokens",
                detail: curves.counts)
        }
        let items = curves.items.map(BudgetCurve.init)
        let estimates = budgets.map { budget in estimate(items.map { $0.regret(budget: budget) }) }
        let detail: [JSONValue.Member] = [
            .init("budgets", .array(budgets.map(JSONValue.double))),
            .init("regret", .array(estimates.map { .double($0.value) })),
            .init("ci_low", .array(estimates.map { $0.ciLow.map(JSONValue.double) ?? .null })),
            .init("ci_high", .array(estimates.map { $0.ciHigh.map(JSONValue.double) ?? .null })),
            .init("points", .array(means.map { .array([.double($0.tokens), .double($0.accuracy)]) })),
            .init("progress", .array(zip(means, means.dropFirst()).map { .double($1.accuracy - $0.accuracy) })),
            .init("budget", .double(largest)), .init("cost", .string(parameters.cost.rawValue)),
        ]
        let last = estimates[estimates.count - 1]
        return MetricValue(
            "regret", arm: key.arm, value: last.value, low: last.ciLow, high: last.ciHigh, standardError: last.stderr,
            n: last.n,
            method: last.method, detailJSON: JSONValue.object(detail + curves.counts).description)
    }

    private func estimate(_ values: [Double]) -> EvalhStatistics.Estimate {
        let n = values.count
        let mean = values.reduce(0, +) / Double(n)
        guard n > 1,
            let resampled = Bootstrap.mean(of: values, resamples: Bootstrap.affordableResamples(items: n), seed: seed)
        else {
            return .init(mean, percentilesOf: nil, items: n)
        }
        let interval = resampled.bca()
        return .init(
            value: mean, ciLow: interval.low, ciHigh: interval.high, stderr: resampled.stderr, n: n,
            method: "BCa bootstrap over items")
    }

    private func progress(_ curves: ArmCurves) -> [MetricValue] {
        curves.levels.indices.dropFirst().map { level in
            let key = curves.levels[level]
            if let reason = curves.refusal { return .refused("progress", of: key, reason, detail: curves.counts) }
            var mean = ClusteredMean()
            for (item, points) in curves.items.enumerated() {
                mean.add(points[level].accuracy - points[level - 1].accuracy, cluster: item)
            }
            let estimate = mean.mean()
            return MetricValue(
                "progress", arm: key.arm, levelIndex: key.levelIndex, value: estimate?.value, low: estimate?.ciLow,
                high: estimate?.ciHigh, standardError: estimate?.stderr, n: estimate?.n, method: estimate?.method ?? "",
                detailJSON: JSONValue.object(curves.counts).description)
        }
    }
}
