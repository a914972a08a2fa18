extension RunSummary {
    /// The rows that no other beats in both accuracy and one cost; oracles are never among them.
    package struct CostFrontier: Codable, Hashable, Sendable {
        /// "tokens", "total_tokens", "usd_per_session" or "critical_path_p50_s".
        package var cost: String
        /// `id` or `id@level`, from the cheapest.
        package var arms: [String]
    }

    /// One for every cost that at least one arm has.
    static func frontiers(_ arms: [Arm]) -> [CostFrontier] {
        CostAxis.allCases.compactMap { axis in
            guard arms.contains(where: { axis.cost(of: $0) != nil }) else { return nil }
            return CostFrontier(cost: axis.rawValue, arms: axis.frontier(arms).map { arms[$0].name })
        }
    }
}
