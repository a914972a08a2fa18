/// Mean score by tokens spent: the curve of one item, or of a whole set, over an arm's levels.
public struct BudgetCurve: Hashable, Sendable {
    /// A level: mean tokens, at least 0, and mean score, in [0, 1].
    public typealias Point = AriseTrajectory.Point

    /// By tokens; points of equal tokens as they were given.
    public let points: [Point]

    /// - Parameter points: At least one, in any order. Scores need not grow with tokens.
    public init(_ points: [Point]) {
        self.points = points.enumerated().sorted { ($0.element.tokens, $0.offset) < ($1.element.tokens, $1.offset) }
            .map(\.element)
    }

    /// Cumulative regret up to a budget against an oracle that is right from the first token, as a share of the budget
    /// (Qu et al. 2025, "Optimizing Test-Time Compute via Meta Reinforcement Fine-Tuning", arXiv:2503.07572; computed
    /// as in its released notebook): 1 − area / budget, with the area under straight lines from (0, 0) through the
    /// points, which ends at the budget by interpolation, or goes on level from the last point to it. In [0, 1]. The
    /// line from the origin is a convention: the only point (C, y) has regret 1 − y/2 at C.
    /// - Parameter budget: In tokens, above 0.
    public func regret(budget: Double) -> Double {
        var (area, last) = (0.0, Point(accuracy: 0, tokens: 0))
        for point in points {
            let width = point.tokens - last.tokens
            guard point.tokens < budget else {
                let accuracy =
                    width > 0
                    ? last.accuracy + (point.accuracy - last.accuracy) * (budget - last.tokens) / width : last.accuracy
                area += (budget - last.tokens) * (last.accuracy + accuracy) / 2
                return 1 - area / budget
            }
            area += width * (last.accuracy + point.accuracy) / 2
            last = point
        }
        return 1 - (area + (budget - last.tokens) * last.accuracy) / budget
    }
}
