import EvalhPluginKit
import EvalhStatistics

struct AccuracyPerKilotoken: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Which tokens count: generated ones, or the prompt's too.") var cost = TokenCost.completion
    }

    static let descriptor = Descriptor(
        id: "accuracy-per-kilotoken", version: "1.0.0", title: "Score for every 1,000 tokens",
        description: """
            `accuracy_per_kilotoken` = 1000 · Σ score / Σ tokens over all graded sessions: a ratio of means, not a \
            mean of ratios, so that short sessions do not rule it. For each level of each arm; no value where no \
            tokens were used. It rewards frugality without end: read it beside the accuracy. Failed sessions are left \
            out and counted.

            Interval: percentiles of the bootstrap over items.
            """,
        source: "The ratio estimator, Cochran 1977, Sampling Techniques, chapter 6", outputs: ["accuracy_per_kilotoken"]
    )

    private let cost: TokenCost
    private let seed: UInt64
    private var levels = ArmLevelTable<(totals: ItemTotals, errors: Int)>()

    init(parameters: Parameters, seed: UInt64) {
        cost = parameters.cost
        self.seed = seed
    }

    mutating func add(_ row: SessionRow) {
        guard let score = row.score else {
            levels[row.armLevel, default: (ItemTotals(), 0)].errors += 1
            return
        }
        levels[row.armLevel, default: (ItemTotals(), 0)].totals.add(
            item: row.item, score: score, amount: cost.tokens(row.usage) / 1000)
    }

    func result() -> [MetricValue] {
        levels.all.map { key, level in
            let errors = JSONValue.Member("errors", .integer(level.errors))
            guard let estimate = level.totals.scorePerAmount(seed: seed) else {
                return .refused(
                    "accuracy_per_kilotoken", of: key, "no graded session used any tokens", detail: [errors])
            }
            return MetricValue("accuracy_per_kilotoken", of: key, estimate, detail: [errors])
        }
    }
}
