import EvalhPluginKit
import EvalhStatistics

struct MajorityAtK: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Numbers of samples. An item counts for those k that it has repeats for.") var k = [1, 2, 4, 8]

        func validate() throws { try Counts.check(k) }
    }

    static let descriptor = Descriptor(
        id: "maj-at-k", version: "1.0.0", title: "The score of a majority vote of k repeats",
        description: """
            `maj_at_K` for each K of `k`: the mean score of a majority vote of K sessions, where any K of an item's n \
            repeats are as likely: exact over all C(n, K) subsets, not resampled. The value is the mean over items.

            Votes are counted by the canonical answers the grader found. Of answers with equally many votes each wins \
            with equal chance. A session without an answer uses up a draw and does not vote; if nothing votes, the \
            score is 0. Where equal answers have unequal scores, an answer scores their mean. Sessions that failed are \
            no repeats; items with fewer than K graded repeats are left out and counted in `items_left_out`. No value \
            where that is all of them, or where no session has an answer. For
            each level of each arm.

            Interval: Wilson's, clustered by item: with the effective number of sessions that the spread of the items'
            values leaves.
            """,
        source:
            """
            Wang et al. 2022, Self-Consistency, arXiv:2203.11171 (the vote); the mean over subsets by the multivariate \
            hypergeometric law
            """,
        outputs: ["maj_at_*"])

    private var table: RepeatTable

    init(parameters: Parameters, seed: UInt64) {
        table = RepeatTable(parameters.k.map(Quantity.init))
    }

    mutating func add(_ row: SessionRow) { table.add(row) }
    func result() -> [MetricValue] { table.values() }

    private struct Quantity: RepeatQuantity {
        var k: Int
        var name: String { "maj_at_\(k)" }
        var needsAnswers: Bool { true }

        func value(of samples: [Sample]) -> Double? {
            var scores: [String: (sum: Double, count: Int)] = [:]
            for sample in samples where !sample.answer.isEmpty {
                scores[sample.answer, default: (0, 0)].sum += sample.score
                scores[sample.answer, default: (0, 0)].count += 1
            }
            // In an order of its own, as sums of floating-point numbers depend on it.
            let answers = scores.sorted { $0.key < $1.key }.map {
                SubsetEstimators.Answer(count: $0.value.count, score: $0.value.sum / Double($0.value.count))
            }
            return SubsetEstimators.majority(k, of: answers, abstentions: samples.count { $0.answer.isEmpty })
        }
    }
}
