import EvalhPluginKit
import EvalhStatistics

struct S1Scaling: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Fewest tokens a session should use, for control.", range: 0...1e12) var aMin: Double? = nil
        @Parameter("Most tokens a session should use, for control.", range: 0...1e12) var aMax: Double? = nil
        @Parameter("Which tokens count; reasoning: those the server tells as reasoning.") var cost = ComputeTokens
            .completion

        func validate() throws {
            if let aMin, let aMax, aMin > aMax {
                throw ParameterError("the parameter a_min (\(aMin)) is above a_max (\(aMax))")
            }
        }
    }

    static let descriptor = Descriptor(
        id: "s1-scaling", version: "1.0.0",
        title: "Control, scaling and performance of test-time scaling, as s1 measures them",
        description: """
            For each arm over its levels, with f the mean score and a the mean tokens of a level, both means over items.

            - `s1_control`: the share of sessions, over all levels, with a_min ≤ tokens ≤ a_max. Needs `a_min`, `a_max`
              or both.
            - `s1_scaling`: the mean of (f(b) − f(a)) / (b − a) over all pairs of levels a < b: score per token. \
            Levels of equal mean tokens make no pair. Needs two levels.
            - `s1_performance`: the highest f.

            Items without a graded session at every level are left out of scaling and performance and counted; failed \
            sessions are left out of all three.

            Intervals: of control Wilson's, clustered by item; of the others percentiles of the bootstrap over items \
            (of a performance whose resamples all agree, Wilson's). Performance is a maximum, so it lies high by \
            chance the more, the more levels there are.
            """,
        source: "Muennighoff et al. 2025, s1: Simple test-time scaling, arXiv:2501.19393, §3.2, eq. 1 to 3",
        needs: .levels,
        outputs: ["s1_control", "s1_scaling", "s1_performance"])

    private let parameters: Parameters
    private let seed: UInt64
    private var totals: LevelTotals
    /// By arm.
    private var control = ArmLevelTable<ClusteredMean>()

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
        totals = LevelTotals(cost: parameters.cost)
    }

    mutating func add(_ row: SessionRow) {
        totals.add(row)
        guard row.score != nil else { return }
        let tokens = parameters.cost.tokens(row.usage)
        let isWithin = tokens >= parameters.aMin ?? 0 && tokens <= parameters.aMax ?? .infinity
        control[ArmLevel(arm: row.arm), default: ClusteredMean()].add(isWithin ? 1 : 0, cluster: row.item)
    }

    func result() -> [MetricValue] {
        totals.arms.flatMap { curves in [control(curves)] + overLevels(curves) }
    }

    private func control(_ curves: ArmCurves) -> MetricValue {
        let key = ArmLevel(arm: curves.arm)
        let errors = JSONValue.Member("errors", .integer(curves.errors))
        guard parameters.aMin != nil || parameters.aMax != nil else {
            return .refused(
                "s1_control", of: key, "the suite gives neither a_min nor a_max; give one under `with`",
                detail: [errors])
        }
        guard let estimate = control[key, default: ClusteredMean()].proportion() else {
            return .refused("s1_control", of: key, "no session was graded", detail: [errors])
        }
        return value("s1_control", key, estimate, [errors])
    }

    private func overLevels(_ curves: ArmCurves) -> [MetricValue] {
        let key = ArmLevel(arm: curves.arm)
        let names = ["s1_scaling", "s1_performance"]
        if let reason = curves.refusal { return names.map { .refused($0, of: key, reason, detail: curves.counts) } }
        let items = curves.items.count
        let numbers = { (points: [BudgetCurve.Point]) in
            [ScalingSlope.pairs(points) ?? .nan, points.reduce(0) { max($0, $1.accuracy) }]
        }
        let means = curves.means()
        let resampled = Bootstrap.several(
            items: items, resamples: Bootstrap.affordableResamples(items: items), seed: seed
        ) {
            numbers(curves.means(weights: $0))
        }
        let points = JSONValue.Member(
            "points", .array(means.map { .array([.double($0.tokens), .double($0.accuracy)]) }))
        return zip(names, zip(numbers(means), resampled)).map { name, number in
            guard number.0.isFinite else {
                return .refused(
                    name, of: key, "it needs two levels that differ in mean tokens", detail: [points] + curves.counts)
            }
            let estimate: EvalhStatistics.Estimate =
                name == "s1_performance"
                ? .init(share: number.0, of: Double(items), percentilesOf: number.1, items: items)
                : .init(number.0, percentilesOf: number.1, items: items)
            return value(name, key, estimate, [points] + curves.counts)
        }
    }

    private func value(
        _ name: String, _ key: ArmLevel, _ estimate: EvalhStatistics.Estimate, _ detail: [JSONValue.Member]
    ) -> MetricValue {
        MetricValue(
            name, arm: key.arm, value: estimate.value, low: estimate.ciLow, high: estimate.ciHigh,
            standardError: estimate.stderr,
            n: estimate.n, method: estimate.method, detailJSON: JSONValue.object(detail).description)
    }
}
