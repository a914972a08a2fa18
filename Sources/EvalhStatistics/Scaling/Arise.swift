/// ARISE (Yin et al. 2025, arXiv:2510.06014): how well an item turns further compute into correctness; items that get
/// worse cost.
///
/// Over the levels j = 0…J of one item with mean accuracy a_j and mean tokens t_j,
/// ARISE = Σ_{j≥1} Δa_j · (t_{j−1}/t_j)^{sign Δa_j} with Δa_j = a_j − a_{j−1}: a gain counts less the more tokens it
/// took, a loss counts more the more tokens were spent on it. The ARISE of a run is the mean over its items.
public struct AriseTrajectory: Hashable, Sendable {
    /// An item at one level.
    public struct Point: Hashable, Sendable {
        /// Mean score of its repeats, in [0, 1].
        public var accuracy: Double
        /// Mean tokens of its repeats.
        public var tokens: Double

        public init(accuracy: Double, tokens: Double) {
            self.accuracy = accuracy
            self.tokens = tokens
        }
    }

    /// What happened from one level to the next that the item has.
    public struct Step: Hashable, Sendable {
        /// Places among the levels.
        public var from: Int
        public var to: Int
        public var change: Double
        /// t_to / t_from.
        public var costRatio: Double
        public var extraTokens: Double
        /// Δa · W; 0 for a step whose tokens are not above 0 on both sides.
        public var contribution: Double
        /// Its tokens allow no weight.
        public var isSkipped: Bool
    }

    /// By level, from the smallest budget; `nil`: the item has no graded session there.
    public var points: [Point?]

    public init(_ points: [Point?]) {
        self.points = points
    }

    /// A missing level is stepped over: the levels beside it are compared with each other.
    public var steps: [Step] {
        var steps: [Step] = []
        var last: (place: Int, point: Point)?
        for (place, point) in points.enumerated() {
            guard let point else { continue }
            if let last {
                let change = point.accuracy - last.point.accuracy
                let isWeighable = last.point.tokens > 0 && point.tokens > 0
                let ratio = isWeighable ? point.tokens / last.point.tokens : .nan
                let weight = change > 0 ? 1 / ratio : ratio
                steps.append(
                    Step(
                        from: last.place, to: place, change: change, costRatio: ratio,
                        extraTokens: point.tokens - last.point.tokens,
                        contribution: isWeighable && change != 0 ? change * weight : 0,
                        isSkipped: !isWeighable && change != 0))
            }
            last = (place, point)
        }
        return steps
    }

    /// ARISE of the item; 0 with fewer than two levels.
    public var value: Double { steps.reduce(0) { $0 + $1.contribution } }

    public var levelsPresent: Int { points.count { $0 != nil } }
}

/// The aggregate measures that ARISE is compared with.
public enum ScalingSlope {
    /// (ā_last − ā_first) / (t̄_last − t̄_first), accuracy a token; 0 where tokens did not grow (the baseline in
    /// ARISE's code).
    public static func ends(_ levels: [AriseTrajectory.Point]) -> Double {
        guard let first = levels.first, let last = levels.last, last.tokens > first.tokens else { return 0 }
        return (last.accuracy - first.accuracy) / (last.tokens - first.tokens)
    }

    /// The mean slope over all pairs of levels with different tokens (Muennighoff et al. 2025, s1, arXiv:2501.19393,
    /// "Scaling"); `nil` without such a pair.
    public static func pairs(_ levels: [AriseTrajectory.Point]) -> Double? {
        var sum = 0.0
        var count = 0
        for a in levels.indices {
            for b in levels.indices where b > a && levels[b].tokens != levels[a].tokens {
                sum += (levels[b].accuracy - levels[a].accuracy) / (levels[b].tokens - levels[a].tokens)
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
