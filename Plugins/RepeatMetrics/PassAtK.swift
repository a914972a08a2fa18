import EvalhPluginKit
import EvalhStatistics

struct PassAtK: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Numbers of samples. An item counts for those k that it has repeats for.") var k = [1, 2, 4, 8]
        @Parameter("A session is right if its score is at least this.", range: 0...1) var rightFrom = 1.0

        func validate() throws { try Counts.check(k) }
    }

    static let descriptor = Descriptor(
        id: "pass-at-k", version: "1.0.0", title: "The chance that one of k repeats is right",
        description: """
            `pass_at_K` for each K of `k`: how often at least one of K sessions would be right, where any K of an \
            item's n repeats are as likely. For an item with c right ones it is 1 − C(n−c, K) / C(n, K), exact and \
            unbiased; the value is the
            mean over items.

            Right is a score of at least `right_from`. Sessions that failed are no repeats; items with fewer than K \
            graded repeats are left out and counted in `items_left_out`. No value where that is all of them. For each \
            level of each arm.

            Interval: Wilson's, clustered by item: with the effective number of sessions that the spread of the items'
            values leaves.
            """,
        source: "Chen et al. 2021, Evaluating Large Language Models Trained on Code, arXiv:2107.03374, eq. 1",
        outputs: ["pass_at_*"])

    private var table: RepeatTable

    init(parameters: Parameters, seed: UInt64) {
        table = RepeatTable(parameters.k.map { Quantity(k: $0, rightFrom: parameters.rightFrom) })
    }

    mutating func add(_ row: SessionRow) { table.add(row) }
    func result() -> [MetricValue] { table.values() }

    private struct Quantity: RepeatQuantity {
        var k: Int
        var rightFrom: Double
        var name: String { "pass_at_\(k)" }
        var needsAnswers: Bool { false }

        func value(of samples: [Sample]) -> Double? {
            SubsetEstimators.pass(k, of: samples.count, correct: samples.count { $0.score >= rightFrom })
        }
    }
}
