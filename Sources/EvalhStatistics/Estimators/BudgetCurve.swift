/// Success by tokens spent: the curve of one item, or of a whole set, over an arm's levels.
public struct BudgetCurve: Hashable, Sendable {
    /// A level.
    public struct Point: Hashable, Sendable {
        /// Mean tokens, at least 0.
        public var tokens: Double
        /// Mean score, in [0, 1].
        public var success: Double

        public init(tokens: Double, success: Double) {
            self.tokens = tokens
            self.success = success
        }
    }

    /// By tokens; points of equal tokens as they were given.
    public let points: [Point]

    /// - Parameter points: At least one, in any order. Success need not grow with tokens.
    public init(_ points: [Point]) {
        self.points = points.enumerated().sorted { ($0.element.tokens, $0.offset) < ($1.element.tokens, $1.offset) }.map(\.element)
    }

    /// Cumulative regret up to a budget against an oracle that is right from the first token, as a share of the budget (Qu et al. 2025,
    /// "Optimizing Test-Time Compute via Meta Reinforcement Fine-Tuning", arXiv:2503.07572; computed as in its released notebook):
    /// 1 − area / budget, with the area under straight lines from (0, 0) through the points, which ends at the budget by interpolation, or
    /// goes on level from the last point to it. In [0, 1]. The line from the origin is a convention: the only point (C, y) has regret
    /// 1 − y/2 at C.
    /// - Parameter budget: In tokens, above 0.
    public func regret(budget: Double) -> Double {
        var (area, last) = (0.0, Point(tokens: 0, success: 0))
        for point in points {
            let width = point.tokens - last.tokens
            guard point.tokens < budget else {
                let success = width > 0 ? last.success + (point.success - last.success) * (budget - last.tokens) / width : last.success
                area += (budget - last.tokens) * (last.success + success) / 2
                return 1 - area / budget
            }
            area += width * (last.success + point.success) / 2
            last = point
        }
        return 1 - (area + (budget - last.tokens) * last.success) / budget
    }

    /// The mean slope over all pairs of points, (f(b) − f(a)) / (b − a) for a < b: s1's Scaling (Muennighoff et al. 2025, arXiv:2501.19393,
    /// §3.2). Pairs of equal tokens have no slope and do not count.
    /// - Returns: Success per token; `nil` if no two points differ in tokens.
    public var meanSlope: Double? {
        var (sum, pairs) = (0.0, 0)
        for (index, a) in points.enumerated() {
            for b in points[(index + 1)...] where b.tokens > a.tokens {
                sum += (b.success - a.success) / (b.tokens - a.tokens)
                pairs += 1
            }
        }
        return pairs > 0 ? sum / Double(pairs) : nil
    }

    /// The highest success: s1's Performance.
    public var best: Double { points.reduce(0) { max($0, $1.success) } }
}
