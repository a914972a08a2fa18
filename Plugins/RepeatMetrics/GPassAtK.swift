import EvalhPluginKit
import EvalhStatistics

struct GPassAtK: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Numbers of samples, from 2. An item counts for those k that it has repeats for.") var k = [2, 4, 8]
        @Parameter("Shares of the k samples that must be right, from 0 to 1; 0 asks for one.") var tau = [0.5, 0.75, 1]
        @Parameter("A session is right if its score is at least this.", range: 0...1) var rightFrom = 1.0

        func validate() throws {
            try Counts.check(k, from: 2)
            for share in tau where !(0...1).contains(share) {
                throw ParameterError("the parameter tau has \(share); each must be from 0 to 1")
            }
            if Set(tau).count != tau.count { throw ParameterError("the parameter tau has a number twice") }
        }
    }

    static let descriptor = Descriptor(
        id: "g-pass-at-k", version: "1.0.0", title: "The chance that most of k repeats are right",
        description: """
            `g_pass_at_K_TAU` for each K of `k` and share TAU of `tau`: how often at least ⌈TAU·K⌉, and at least one, \
            of K sessions would be right, where any K of an item's n repeats are as likely: Σ C(c, j)·C(n−c, K−j) / \
            C(n, K) over j = ⌈TAU·K⌉…K for an item with c right ones. TAU = 0 is pass@K; TAU = 1 asks for all of them. \
            TAU is written with its point:
            `g_pass_at_4_0.5`, `g_pass_at_4_1.0`.

            `mg_pass_at_K` is the mean over TAU from ½ to 1: (2/K)·Σ G-Pass@K of i/K over i = ⌈K/2⌉+1…K. A model that \
            is always right has 1 for even K and (K−1)/K for odd K.

            Right is a score of at least `right_from`. Sessions that failed are no repeats; items with fewer than K \
            graded repeats are left out and counted in `items_left_out`. No value where that is all of them. For each \
            level of each arm; the
            mean over items.

            Interval: Wilson's, clustered by item: with the effective number of sessions that the spread of the items'
            values leaves.
            """,
        source:
            """
            Liu et al. 2024, Are Your LLMs Capable of Stable Reasoning?, arXiv:2412.13147, definitions of G-Pass@k and \
            mG-Pass@k
            """,
        outputs: ["mg_pass_at_*", "g_pass_at_*"])

    private var table: RepeatTable

    init(parameters: Parameters, seed: UInt64) {
        table = RepeatTable(
            parameters.k.flatMap { k in
                (parameters.tau.map { Optional($0) } + [nil]).map {
                    Quantity(k: k, tau: $0, rightFrom: parameters.rightFrom)
                }
            })
    }

    mutating func add(_ row: SessionRow) { table.add(row) }
    func result() -> [MetricValue] { table.values() }

    private static func name(k: Int, tau: Double?) -> String { tau.map { "g_pass_at_\(k)_\($0)" } ?? "mg_pass_at_\(k)" }

    private struct Quantity: RepeatQuantity {
        var k: Int
        /// `nil`: the mean over shares from one half.
        var tau: Double?
        var rightFrom: Double
        var name: String { GPassAtK.name(k: k, tau: tau) }
        var needsAnswers: Bool { false }

        func value(of samples: [Sample]) -> Double? {
            let correct = samples.count { $0.score >= rightFrom }
            guard let tau else { return Stability.meanGPass(k, of: samples.count, correct: correct) }
            return Stability.gPass(k, of: samples.count, correct: correct, tau: tau)
        }
    }
}
