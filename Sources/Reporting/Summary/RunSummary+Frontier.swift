extension RunSummary {
    /// The rows that no other beats in both accuracy and one cost; oracles are never among them.
    package struct CostFrontier: Codable, Hashable, Sendable {
        /// A `CostAxis`.
        package var cost: String
        /// `id` or `id@level`, from the cheapest.
        package var arms: [String]
        /// By name, the chance of each row to be on the frontier of further items like these: the share of resamples of
        /// the items in which it is.
        package var probabilities: [String: Double]?
        /// Pairs of which one is as accurate and as cheap as the other, and better in one of them, in at least half of
        /// the resamples.
        package var dominance: [Dominance]?
    }

    /// a beats b.
    package struct Dominance: Codable, Hashable, Sendable {
        package var a: String
        package var b: String
        package var probability: Double
    }

    /// Pairs that are listed, an axis.
    private static let maximumPairs = 200

    /// Adds how sure the frontiers are.
    mutating func addCertainty(_ results: [CostAxis: FrontierResampling.Result]) {
        for place in frontier.indices {
            guard let axis = CostAxis(rawValue: frontier[place].cost), let result = results[axis] else { continue }
            let known = arms.indices.filter { axis.cost(of: arms[$0]) != nil && !arms[$0].oracle }
            frontier[place].probabilities = Dictionary(
                known.map { (arms[$0].name, result.onFrontier[$0]) }, uniquingKeysWith: { first, _ in first })
            let pairs = known.flatMap { a in
                known.filter { $0 != a && result.dominance[a][$0] >= 0.5 }.map {
                    Dominance(a: arms[a].name, b: arms[$0].name, probability: result.dominance[a][$0])
                }
            }
            frontier[place].dominance = Array(
                pairs.sorted { ($1.probability, $0.a, $0.b) < ($0.probability, $1.a, $1.b) }.prefix(Self.maximumPairs))
        }
    }

    /// One for every cost that at least one arm has.
    static func frontiers(_ arms: [Arm]) -> [CostFrontier] {
        CostAxis.allCases.compactMap { axis in
            guard arms.contains(where: { axis.cost(of: $0) != nil }) else { return nil }
            return CostFrontier(cost: axis.rawValue, arms: axis.frontier(arms).map { arms[$0].name })
        }
    }
}
