import EvalhPluginKit
import EvalhStatistics

/// ARISE of every arm with levels, with what stands beside it.
struct AriseMetric: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Which tokens count: `completion`, or `total` with prompts.") var cost = TokenCost.completion
        @Parameter("Resamples of items for the interval; 0: none.", range: 0...100_000) var resamples = 2000
        @Parameter("A loss at more than this many times the tokens is severe.", range: 1...1000) var severe = 1.5
    }

    static let descriptor = Descriptor(
        id: "arise", version: "1.0.0", title: "ARISE: what further compute buys, item by item, with losses counted",
        description: """
            For each item over the levels of an arm, `Σ Δa · (t_before / t_after)^sign(Δa)`: the change of its mean \
            accuracy from level to level, less where a gain took more tokens, more where a loss did. ARISE is the mean \
            over items; 0 is a curve that never changes, and it is negative where losses at a price outweigh gains. \
            Accuracy and tokens are means over an item's repeats.

            Beside it: `slope`, the aggregate accuracy a token from the first level to the last (0 where tokens did \
            not grow), and `slope_pairs`, its mean over all pairs of levels; neither sees an item that gets worse \
            while another gets better.

            - Failed sessions are left out. An item without a graded session at a level is compared across the gap; \
            one with fewer than two levels is left out and counted in `items_incomplete`. An arm with a single level \
            has ARISE 0.
            - A step whose tokens are 0 on one side has no weight: it contributes 0 and is counted as skipped.
            - Levels are in the suite's order; write them from the smallest budget.
            - The 95 % interval is a BCa bootstrap over items.
            - The detail has each level, each step with its share of the value, the list of items that got worse, and \
            the most negative and most positive items with their contributions.
            """,
        source: "Yin et al. 2025, ARISE, arXiv:2510.06014; official code yinzhangyue/ARISE (arise_metric.py)",
        needs: .levels,
        outputs: ["arise", "slope", "slope_pairs"])

    private let parameters: Parameters
    private let seed: UInt64
    private var arms: [String] = []
    private var curves: [String: AriseCurve] = [:]

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
    }

    mutating func add(_ row: SessionRow) {
        guard let level = row.levelIndex else { return }
        if curves[row.arm] == nil {
            arms.append(row.arm)
            curves[row.arm] = AriseCurve()
        }
        curves[row.arm]?.add(row, level: level, tokens: parameters.cost.tokens(row.usage))
    }

    func result() -> [MetricValue] {
        arms.flatMap { arm -> [MetricValue] in
            guard var curve = curves[arm] else { return [] }
            curve.close()
            let report = AriseReport(curve, parameters)
            return report.values(arm: arm, seed: seed)
        }
    }
}
