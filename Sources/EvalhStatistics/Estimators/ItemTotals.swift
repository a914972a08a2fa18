/// The sessions of one level of an arm, summed up by item: all that metrics over scores and costs need, in memory that
/// grows with items.
public struct ItemTotals: Sendable {
    /// One item's sessions.
    public struct Total: Hashable, Sendable {
        /// The item's number.
        public var item: Int
        public var sessions: Int
        /// Sum of the sessions' scores.
        public var score: Double
        /// Sum of what the sessions used: tokens, money, time.
        public var amount: Double

        public var meanScore: Double { score / Double(sessions) }
        public var meanAmount: Double { amount / Double(sessions) }
    }

    /// In the order the items came.
    public private(set) var totals: [Total] = []

    public init() {}

    /// One more session; the sessions of an item must follow each other.
    public mutating func add(item: Int, score: Double, amount: Double) {
        if totals.last?.item == item {
            totals[totals.count - 1].sessions += 1
            totals[totals.count - 1].score += score
            totals[totals.count - 1].amount += amount
        } else {
            totals.append(Total(item: item, sessions: 1, score: score, amount: amount))
        }
    }

    /// Sums over all items, each as often as its weight says.
    /// - Parameter weights: One a total, in their order; `nil`: each item once.
    public func sums(weights: [Double]? = nil) -> (sessions: Double, score: Double, amount: Double) {
        var sum = (sessions: 0.0, score: 0.0, amount: 0.0)
        for (index, total) in totals.enumerated() {
            let weight = weights?[index] ?? 1
            sum.sessions += weight * Double(total.sessions)
            sum.score += weight * total.score
            sum.amount += weight * total.amount
        }
        return sum
    }

    /// Score per unit of amount, Σ score / Σ amount: a ratio of means, not a mean of ratios. Interval by percentiles of
    /// the bootstrap over items.
    /// - Returns: `nil` without sessions, or if they used nothing.
    public func scorePerAmount(seed: UInt64) -> Estimate? {
        let sum = sums()
        guard sum.amount > 0 else { return nil }
        let resampled = Bootstrap.several(
            items: totals.count, resamples: Bootstrap.affordableResamples(items: totals.count), seed: seed
        ) { weights in
            let sum = sums(weights: weights)
            return [sum.score / sum.amount]
        }
        return Estimate(sum.score / sum.amount, percentilesOf: resampled[0], items: totals.count)
    }
}
