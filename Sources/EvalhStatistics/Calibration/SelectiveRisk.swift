internal import Glibc

/// What is gained by leaving the least confident sessions out (El-Yaniv and Wiener 2010; Geifman et al. 2018,
/// "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", arXiv:1805.08206). Risk is 1 − score. Sessions of
/// equal confidence have no order: everything here is the mean over all their orders, exactly.
public struct SelectiveRisk: Sendable {
    /// Sessions of equal rank, with their items.
    private struct Order: Sendable {
        /// Places in `groups`, best rank first.
        var places: [Int]
        /// For each of `places`: whether the next one has the same rank.
        var continues: [Bool]
    }

    private let groups: [GradedConfidence]
    private let byConfidence: Order
    private let byScore: Order

    /// - Parameter groups: At least one.
    public init(_ groups: [GradedConfidence]) {
        self.groups = groups
        byConfidence = Self.order(groups, by: \.confidence)
        byScore = Self.order(groups, by: \.score)
    }

    private static func order(_ groups: [GradedConfidence], by rank: (GradedConfidence) -> Double) -> Order {
        let places = groups.indices.sorted { rank(groups[$0]) > rank(groups[$1]) }
        let continues = places.indices.map {
            $0 + 1 < places.count && rank(groups[places[$0]]) == rank(groups[places[$0 + 1]])
        }
        return Order(places: places, continues: continues)
    }

    /// Ranks, best first, with their sessions and the sum of these sessions' risks.
    private func ranks(_ order: Order, _ weights: [Double]?) -> [(count: Double, risk: Double)] {
        var ranks: [(count: Double, risk: Double)] = []
        var rank = (count: 0.0, risk: 0.0)
        for (index, place) in order.places.enumerated() {
            let group = groups[place]
            let count = (weights?[group.item] ?? 1) * Double(group.count)
            rank.count += count
            rank.risk += count * (1 - group.score)
            guard !order.continues[index] else { continue }
            if rank.count > 0 { ranks.append(rank) }
            rank = (0, 0)
        }
        return ranks
    }

    /// The numbers of a selection.
    public struct Summary: Hashable, Sendable {
        /// AURC = 1/n · Σᵢ risk of the i most confident sessions.
        public var area: Double
        /// AURC of the best possible order, all wrong sessions last.
        public var optimalArea: Double
        /// Mean score of the most confident sessions, by coverage asked for.
        public var accuracies: [Double]

        /// E-AURC = AURC − optimal AURC: what the order costs, whatever the accuracy.
        public var excessArea: Double { area - optimalArea }
    }

    /// - Parameters:
    ///   - coverages: Shares of sessions to keep, in (0, 1]; of n sessions the ⌈coverage · n⌉ most confident are kept.
    ///   - weights: How often each item counts, whole numbers; `nil`: once.
    /// - Returns: Not numbers where no session counts.
    public func summary(coverages: [Double] = [], weights: [Double]? = nil) -> Summary {
        let ranks = ranks(byConfidence, weights)
        let total = ranks.reduce(0) { $0 + $1.count }
        return Summary(
            area: Self.area(ranks), optimalArea: Self.area(self.ranks(byScore, weights)),
            accuracies: coverages.map { coverage in
                // 0.55 · 20 is 11 and a rounding error: that must not become 12.
                let kept = max(1, (coverage * total - 1e-9).rounded(.up))
                return 1 - Self.risk(ofFirst: kept, ranks) / kept
            })
    }

    /// Accuracy by coverage after each rank, at most `limit` points and with the last, where everything is kept.
    public func curve(limit: Int = 100) -> [(coverage: Double, accuracy: Double)] {
        let ranks = ranks(byConfidence, nil)
        let total = ranks.reduce(0) { $0 + $1.count }
        let step = max(1, Int((Double(ranks.count) / Double(max(1, limit))).rounded(.up)))
        var points: [(coverage: Double, accuracy: Double)] = []
        var (count, risk) = (0.0, 0.0)
        for (index, rank) in ranks.enumerated() {
            count += rank.count
            risk += rank.risk
            // Counted from the end, so that the last rank is always there.
            if (ranks.count - 1 - index) % step == 0 { points.append((count / total, 1 - risk / count)) }
        }
        return points
    }

    /// Sum of the risks of the first sessions, the last rank in part.
    private static func risk(ofFirst kept: Double, _ ranks: [(count: Double, risk: Double)]) -> Double {
        var (left, risk) = (kept, 0.0)
        for rank in ranks where left > 0 {
            let share = min(1, left / rank.count)
            risk += share * rank.risk
            left -= rank.count
        }
        return risk
    }

    /// Within a rank of m sessions with mean risk b after N sessions with risks R, the j-th has Σ (R + j·b) / (N + j)
    /// = m·b + (R − b·N)·(H(N+m) − H(N)).
    private static func area(_ ranks: [(count: Double, risk: Double)]) -> Double {
        var (count, risk, sum) = (0.0, 0.0, 0.0)
        for rank in ranks {
            let mean = rank.risk / rank.count
            sum += rank.risk + (risk - mean * count) * harmonic(from: count, to: count + rank.count)
            count += rank.count
            risk += rank.risk
        }
        return sum / count
    }

    /// 1/(a+1) + … + 1/b.
    private static func harmonic(from a: Double, to b: Double) -> Double {
        if b - a <= 64 { return stride(from: a + 1, through: b, by: 1).reduce(0) { $0 + 1 / $1 } }
        let start = max(a, 64)
        let head = start > a ? harmonic(from: a, to: start) : 0
        // Euler and Maclaurin: H(n) = ln n + γ + 1/2n − 1/12n² + 1/120n⁴ − …
        func tail(_ n: Double) -> Double { 1 / (2 * n) - 1 / (12 * n * n) + 1 / (120 * n * n * n * n) }
        return head + log(b / start) + tail(b) - tail(start)
    }
}
