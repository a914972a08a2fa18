internal import Glibc

/// What a session that may use only k of an item's n samples would score: the mean over all C(n, k) subsets, exactly
/// and not by resampling. Unbiased for what k fresh samples would score.
public enum SubsetEstimators {
    /// The chance that one of k samples is right: pass@k = 1 − C(n−c, k) / C(n, k) (Chen et al. 2021, arXiv:2107.03374,
    /// eq. 1).
    /// - Parameters:
    ///   - k: 1...n; `nil` comes of any other.
    ///   - correct: c, how many of the n samples are right.
    public static func pass(_ k: Int, of n: Int, correct: Int) -> Double? {
        guard n > 0, (1...n).contains(k), (0...n).contains(correct) else { return nil }
        guard n - correct >= k else { return 1 }
        return 1 - (0..<k).reduce(1) { $0 * Double(n - correct - $1) / Double(n - $1) }
    }

    /// The mean score of the best-rated of k samples: best@k = Σᵢ C(n−i, k−1) / C(n, k) · scoreᵢ, with i = 1 the
    /// best-rated.
    /// - Parameters:
    ///   - k: 1...n; `nil` comes of any other.
    ///   - samples: What chooses (`rating`) and what is measured (`score`, in [0, 1]). Of equal ratings the earlier
    ///     sample is the better.
    public static func best(_ k: Int, of samples: [(rating: Double, score: Double)]) -> Double? {
        let n = samples.count
        guard n > 0, (1...n).contains(k) else { return nil }
        let ranked = samples.enumerated().sorted { ($1.element.rating, $0.offset) < ($0.element.rating, $1.offset) }
        // C(n−i, k−1) / C(n, k) is k/n for i = 1, and falls by (n−i−k+1)/(n−i) from i to i + 1.
        var weight = Double(k) / Double(n)
        var mean = 0.0
        for (index, sample) in ranked.enumerated() where weight > 0 {
            mean += weight * sample.element.score
            let left = n - index - 1
            weight *= left > 0 ? Double(left - k + 1) / Double(left) : 0
        }
        return mean
    }

    /// An answer of an item's samples.
    public struct Answer: Hashable, Sendable {
        /// Samples that gave it.
        public var count: Int
        /// In [0, 1]: what the grader gives it.
        public var score: Double

        public init(count: Int, score: Double) {
            self.count = count
            self.score = score
        }
    }

    /// The mean score of a majority vote of k samples, maj@k. Of m answers with equally many votes each wins with
    /// chance 1/m. Samples without an answer use up draws and do not vote; if nothing votes, the score is 0.
    /// - Parameters:
    ///   - k: 1...n, with n the sum of all counts and the abstentions; `nil` comes of any other.
    ///   - abstentions: Samples without an answer.
    public static func majority(_ k: Int, of answers: [Answer], abstentions: Int = 0) -> Double? {
        let n = answers.reduce(abstentions) { $0 + $1.count }
        guard n > 0, (1...n).contains(k), abstentions >= 0, answers.allSatisfy({ $0.count >= 0 }) else { return nil }
        var mean = 0.0
        for index in answers.indices where answers[index].score != 0 && answers[index].count > 0 {
            var others = answers.map(\.count)
            let own = others.remove(at: index)
            mean += answers[index].score * winning(own, against: others, abstentions: abstentions, k: k)
        }
        return mean
    }

    /// The chance that an answer wins the vote of k samples.
    private static func winning(_ own: Int, against others: [Int], abstentions: Int, k: Int) -> Double {
        let n = others.reduce(own + abstentions, +)
        return (1...max(1, min(own, k))).reduce(0) { sum, votes in
            let chance = hypergeometric(votes, of: k, marked: own, total: n)
            guard chance > 0 else { return sum }
            return sum + chance * share(votes, against: others, abstentions: abstentions, draws: k - votes)
        }
    }

    /// The expected share of the win of an answer with `votes` votes if `draws` further samples fall on the others: 0
    /// if one of them has more, else 1 / (1 + those with as many). Draws are dealt to one answer after the other;
    /// chances[d][t] is the chance that d draws are left and t answers are level.
    private static func share(_ votes: Int, against others: [Int], abstentions: Int, draws: Int) -> Double {
        var chances = [[Double]](repeating: [], count: draws + 1)
        chances[draws] = [1]
        var left = others.reduce(abstentions, +)
        for count in others where count > 0 {
            var next = [[Double]](repeating: [], count: draws + 1)
            for d in 0...draws where !chances[d].isEmpty {
                for drawn in 0...min(count, votes, d) {
                    let chance = hypergeometric(drawn, of: d, marked: count, total: left)
                    guard chance > 0 else { continue }
                    let level = drawn == votes ? 1 : 0
                    let missing = chances[d].count + level - next[d - drawn].count
                    if missing > 0 { next[d - drawn] += [Double](repeating: 0, count: missing) }
                    for (ties, before) in chances[d].enumerated() { next[d - drawn][ties + level] += before * chance }
                }
            }
            left -= count
            chances = next
        }
        // What is left falls on samples without an answer.
        return chances.reduce(0) { sum, ties in
            sum + ties.enumerated().reduce(0) { $0 + $1.element / Double(1 + $1.offset) }
        }
    }

    /// The chance of exactly `drawn` marked ones among `draws` of `total`, of which `marked` are marked.
    static func hypergeometric(_ drawn: Int, of draws: Int, marked: Int, total: Int) -> Double {
        guard drawn <= marked, draws - drawn <= total - marked, draws <= total else { return 0 }
        return exp(
            logChoose(marked, drawn) + logChoose(total - marked, draws - drawn) - logChoose(total, draws))
    }

    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        k == 0 || k == n ? 0 : lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
    }
}
