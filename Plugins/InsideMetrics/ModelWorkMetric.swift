import EvalhPluginKit
import EvalhStatistics

/// What a model that shows its inside did for its tokens.
struct ModelWorkMetric: Metric {
    static let descriptor = Descriptor(
        id: "model-work", version: "1.0.0", title: "Depth, work and speculation of a model that shows its inside",
        description: """
            For each level of each arm, over graded sessions whose model told of its work (the embedded one does):

            - `mean_depth` = Σ layers used / (layers · tokens): 1 at full depth.
            - `mean_compute` = Σ work / tokens, a token's work at full depth being 1. Heads that were looked at to \
            decide on an exit count, so that early exits with dear heads can cost more than they save; attention's \
            scores do not count. With a draft model it is the work done one after the other: tokens that the model \
            checks together count as one pass, each proposed one as a pass of the
            draft.
            - `depth_repeat_sd`, `score_repeat_sd`: the mean over items of the standard deviation (n − 1) of a \
            session's depth and score over its repeats. No value without items that have two.
            - `acceptance_rate` = accepted / proposed tokens, and `target_calls_per_token` = passes of the whole model \
            / generated tokens, where a draft model proposed any.

            The first two and the last two are ratios of sums. Intervals: percentiles of the bootstrap over items; of \
            the deviations Student's t over items. Sessions that failed or told nothing are left out and counted.
            """,
        source: """
            Leviathan et al. 2023, Fast Inference from Transformers via Speculative Decoding, arXiv:2211.17192 \
            (acceptance); Balagansky & Gavrilov 2022, PALBERT, arXiv:2204.03276 (depth and its variance)
            """,
        outputs: [
            "mean_depth", "mean_compute", "depth_repeat_sd", "score_repeat_sd", "acceptance_rate",
            "target_calls_per_token",
        ])

    private struct Level {
        var depth = ItemTotals()
        var compute = ItemTotals()
        var acceptance = ItemTotals()
        var calls = ItemTotals()
        var repeats: [Int: (depth: [Double], score: [Double])] = [:]
        var hasDraft = false
        var leftOut = 0
    }

    private let seed: UInt64
    private var levels = ArmLevelTable<Level>()

    init(parameters: NoParameters, seed: UInt64) { self.seed = seed }

    mutating func add(_ row: SessionRow) {
        guard let score = row.score, let work = row.work else {
            levels[row.armLevel, default: Level()].leftOut += 1
            return
        }
        let tokens = Double(work.tokens)
        levels[row.armLevel, default: Level()].depth.add(item: row.item, score: work.depth, amount: tokens)
        levels[row.armLevel, default: Level()].compute.add(item: row.item, score: work.compute, amount: tokens)
        levels[row.armLevel, default: Level()].repeats[row.item, default: ([], [])].depth.append(work.depth / tokens)
        levels[row.armLevel, default: Level()].repeats[row.item, default: ([], [])].score.append(score)
        guard work.drafted > 0 else { return }
        levels[row.armLevel, default: Level()].hasDraft = true
        levels[row.armLevel, default: Level()].acceptance.add(
            item: row.item, score: Double(work.accepted), amount: Double(work.drafted))
        levels[row.armLevel, default: Level()].calls.add(
            item: row.item, score: Double(work.targetCalls), amount: tokens)
    }

    func result() -> [MetricValue] {
        levels.all.flatMap { key, level -> [MetricValue] in
            var ratios = [("mean_depth", level.depth), ("mean_compute", level.compute)]
            if level.hasDraft {
                ratios += [("acceptance_rate", level.acceptance), ("target_calls_per_token", level.calls)]
            }
            let detail = JSONValue.object([.init("left_out", .integer(level.leftOut))]).description
            let values = ratios.compactMap { name, totals in
                totals.scorePerAmount(seed: seed).map {
                    MetricValue(
                        name, arm: key.arm, levelIndex: key.levelIndex, value: $0.value, low: $0.ciLow, high: $0.ciHigh,
                        standardError: $0.stderr,
                        n: $0.n, method: $0.method, detailJSON: detail)
                }
            }
            let repeats = level.repeats.sorted { $0.key < $1.key }.map(\.value).filter { $0.score.count > 1 }
            let spreads = [
                ("depth_repeat_sd", repeats.map { Moments($0.depth).deviation }),
                ("score_repeat_sd", repeats.map { Moments($0.score).deviation }),
            ]
            return values + spreads.compactMap { name, deviations in Self.mean(name, key, deviations) }
        }
    }

    private static func mean(_ name: String, _ key: ArmLevel, _ values: [Double]) -> MetricValue? {
        let moments = Moments(values)
        guard let error = moments.standardError else { return nil }
        let reach = error * StudentT.quantile(0.975, degreesOfFreedom: Double(values.count - 1))
        return MetricValue(
            name, arm: key.arm, levelIndex: key.levelIndex, value: moments.mean, low: moments.mean - reach,
            high: moments.mean + reach,
            standardError: error, n: values.count, method: "t over items", detailJSON: "")
    }
}
