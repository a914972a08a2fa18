internal import Glibc

/// What a system gets right and what it costs, in any one unit of money or work.
public struct OperatingPoint: Hashable, Sendable {
    /// Mean score, such as accuracy.
    public var performance: Double
    /// Mean cost of an item.
    public var cost: Double

    public init(performance: Double, cost: Double) {
        self.performance = performance
        self.cost = cost
    }
}

/// What a cascade's or router's extra cost buys (Aggarwal et al. 2023, AutoMix, arXiv:2310.12963, §4).
public enum IncrementalBenefit {
    /// IBC = (performance − weak's) / (cost − weak's); `nil` if it costs what the weak model costs.
    public static func perCost(of system: OperatingPoint, over weak: OperatingPoint) -> Double? {
        let cost = system.cost - weak.cost
        return cost == 0 ? nil : (system.performance - weak.performance) / cost
    }

    /// ΔIBC = IBC / IBC(strong) − 1: how much more performance an extra unit of cost buys than by always asking the
    /// strong model. Above 0 is worth it. `nil` if the strong model costs what the weak one does, or is no better.
    public static func delta(of system: OperatingPoint, weak: OperatingPoint, strong: OperatingPoint) -> Double? {
        guard let own = perCost(of: system, over: weak), let base = perCost(of: strong, over: weak), base != 0 else {
            return nil
        }
        return own / base - 1
    }
}

/// A router's quality over a sweep of its threshold (Ong et al. 2024, RouteLLM, arXiv:2406.18665, §3.2).
public struct RoutingCurve: Sendable {
    /// One threshold's run.
    public struct Point: Hashable, Sendable {
        /// Share of items sent to the strong model, in [0, 1].
        public var strongShare: Double
        /// PGR: the share of the gap between both models' performance that the router closes. It may lie outside of [0,
        /// 1].
        public var gapRecovered: Double
    }

    /// By strong share, from 0 to 1.
    public let points: [Point]

    /// A router that always asks one of the models has that model's performance, so the ends of the curve are known
    /// without a run.
    /// - Parameters:
    ///   - runs: Strong share, in [0, 1], and performance at each threshold, in any order.
    ///   - weak: Performance of the weak model alone.
    ///   - strong: Performance of the strong model alone.
    /// - Returns: `nil` if both perform alike, so that there is no gap, or if a share is out of range.
    public init?(runs: [(strongShare: Double, performance: Double)], weak: Double, strong: Double) {
        guard weak != strong, runs.allSatisfy({ (0...1).contains($0.strongShare) }) else { return nil }
        var points = runs.map { run in
            Point(strongShare: run.strongShare, gapRecovered: (run.performance - weak) / (strong - weak))
        }
        points.sort { ($0.strongShare, $0.gapRecovered) < ($1.strongShare, $1.gapRecovered) }
        if points.first?.strongShare != 0 { points.insert(Point(strongShare: 0, gapRecovered: 0), at: 0) }
        if points.last?.strongShare != 1 { points.append(Point(strongShare: 1, gapRecovered: 1)) }
        self.points = points
    }

    /// PGR = (performance − weak) / (strong − weak); `nil` if there is no gap.
    public static func gapRecovered(_ performance: Double, weak: Double, strong: Double) -> Double? {
        weak == strong ? nil : (performance - weak) / (strong - weak)
    }

    /// APGR: the area under PGR over the strong share, by trapezoids; 0.5 for routing at random. Equal to (AUC − AUC of
    /// the weak model) / (AUC of the strong one − AUC of the weak one).
    public var averageGapRecovered: Double {
        zip(points, points.dropFirst()).reduce(0) { area, pair in
            area + (pair.1.strongShare - pair.0.strongShare) * (pair.0.gapRecovered + pair.1.gapRecovered) / 2
        }
    }

    /// CPT(x): the smallest strong share at which PGR reaches x, on straight lines between the points; `nil` if it
    /// never does.
    public func callShare(reaching x: Double) -> Double? {
        guard let first = points.first else { return nil }
        if first.gapRecovered >= x { return first.strongShare }
        for (before, after) in zip(points, points.dropFirst()) where after.gapRecovered >= x {
            let way = (x - before.gapRecovered) / (after.gapRecovered - before.gapRecovered)
            return before.strongShare + way * (after.strongShare - before.strongShare)
        }
        return nil
    }
}

/// What a right answer costs (Erol et al. 2025, Cost-of-Pass, arXiv:2504.13359, §2).
public enum CostOfPass {
    /// Expected cost of an attempt over the chance that it is right; infinite if it never is.
    /// - Parameters:
    ///   - cost: At least 0.
    ///   - success: In [0, 1].
    public static func value(cost: Double, success: Double) -> Double {
        success > 0 ? cost / success : .infinity
    }

    /// The least cost of pass of one problem over models and, if given, a person who is always right at a known price;
    /// infinite without any.
    public static func frontier(_ models: [(cost: Double, success: Double)], human: Double = .infinity) -> Double {
        models.reduce(human) { min($0, value(cost: $1.cost, success: $1.success)) }
    }

    /// The mean over problems, infinite if one of them is; `nil` without problems.
    public static func mean(_ problems: [Double]) -> Double? {
        problems.isEmpty ? nil : problems.reduce(0, +) / Double(problems.count)
    }

    /// The share of a baseline's cost of pass that another system saves: 1 − value / baseline; below 0 if it is dearer,
    /// `nil` for a baseline of 0.
    public static func saving(_ value: Double, over baseline: Double) -> Double? {
        baseline == 0 ? nil : 1 - value / baseline
    }
}

/// How apt a mode router's choice was, next to sessions whose mode was forced (Chen et al. 2025, A²FM,
/// arXiv:2510.12838, §3.3).
public enum ModeAptness {
    /// r = 1 − p^α if an item was easy (p > τ) and the router did not choose the instant mode, else 1.
    /// - Parameters:
    ///   - instantSuccess: p, in [0, 1]: how often sessions forced to the instant mode got the item right.
    ///   - easyAbove: τ, in [0, 1].
    ///   - exponent: α, above 0.
    public static func factor(
        instantSuccess p: Double, choseInstant: Bool, easyAbove tau: Double, exponent alpha: Double = 2
    ) -> Double {
        p > tau && !choseInstant ? 1 - pow(p, alpha) : 1
    }
}
