/// Accuracy beside every cost, one row an arm and level, from the fewest total tokens; as text for any format.
struct AccuracyCostTable {
    struct Row {
        /// Its place among the summary's arms.
        var place: Int
        var arm: String
        var level: String
        /// One for each of `numberHeads`.
        var numbers: [String]
        /// The axes on whose frontier it is.
        var frontiers: [CostAxis]
        var isOracle: Bool
    }

    let numberHeads: [String]
    let rows: [Row]

    /// - Parameter frontiers: how sure they are, where that is known.
    init(_ arms: [RunSummary.Arm], _ frontiers: [RunSummary.CostFrontier] = []) {
        let chances = frontiers.first { $0.cost == CostAxis.totalTokens.rawValue }?.probabilities
        let axes = CostAxis.allCases.filter { axis in
            axis.isCommon || arms.contains { axis.cost(of: $0) != nil }
        }
        let places = axes.map { Set($0.frontier(arms)) }
        numberHeads =
            ["accuracy [95 %]", "samples"] + axes.map(\.head) + (chances == nil ? [] : ["P(frontier)"])
        let order = arms.indices.sorted { a, b in
            let costs = [a, b].map { CostAxis.totalTokens.cost(of: arms[$0])?.value ?? .infinity }
            return costs[0] != costs[1] ? costs[0] < costs[1] : a < b
        }
        rows = order.map { place in
            let arm = arms[place]
            let numbers =
                [Numbers.interval(arm.metrics["accuracy"]), Numbers.tokens(arm.metrics["samples"]?.value)]
                + axes.map { $0.format($0.cost(of: arm)?.value) }
                + (chances.map { [$0[arm.name].map { Numbers.probability($0) } ?? "–"] } ?? [])
            return Row(
                place: place, arm: arm.title, level: arm.level?.label ?? "", numbers: numbers,
                frontiers: axes.indices.filter { places[$0].contains(place) }.map { axes[$0] }, isOracle: arm.oracle)
        }
    }
}
