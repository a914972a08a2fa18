import EvalhPluginKit
import EvalhStatistics

/// Which tokens of a session are its compute.
enum ComputeTokens: String, CaseIterable, ParameterValue {
    case completion
    case total
    case reasoning

    func tokens(_ usage: Usage) -> Double {
        switch self {
        case .completion: Double(usage.completionTokens)
        case .total: Double(usage.totalTokens)
        case .reasoning: Double(usage.reasoningTokens)
        }
    }
}

/// Tokens and scores of every level's sessions by item.
struct LevelTotals {
    private var levels = ArmLevelTable<(totals: ItemTotals, errors: Int)>()
    private let cost: ComputeTokens

    init(cost: ComputeTokens) {
        self.cost = cost
    }

    mutating func add(_ row: SessionRow) {
        if let score = row.score {
            levels[row.armLevel, default: (ItemTotals(), 0)].totals.add(
                item: row.item, score: score, amount: cost.tokens(row.usage))
        } else {
            levels[row.armLevel, default: (ItemTotals(), 0)].errors += 1
        }
    }

    /// The arms' curves.
    var arms: [ArmCurves] {
        levels.arms.map { arm, levels in
            ArmCurves(arm: arm, levels: levels.map { ($0.key, $0.value.totals, $0.value.errors) })
        }
    }
}

/// An arm's levels on the items that have a graded session at each of them.
struct ArmCurves {
    let arm: String
    let levels: [ArmLevel]
    /// For each item its points, one a level in the levels' order.
    let items: [[BudgetCurve.Point]]
    let itemsLeftOut: Int
    let errors: Int

    init(arm: String, levels: [(key: ArmLevel, totals: ItemTotals, errors: Int)]) {
        self.arm = arm
        self.levels = levels.map(\.key)
        var points: [Int: [BudgetCurve.Point]] = [:]
        var order: [Int] = []
        for (index, level) in levels.enumerated() {
            for total in level.totals.totals {
                if points[total.item] == nil { order.append(total.item) }
                // A level that was missed keeps the item from ever being complete.
                if points[total.item, default: []].count == index {
                    points[total.item, default: []].append(
                        BudgetCurve.Point(accuracy: total.meanScore, tokens: total.meanAmount))
                }
            }
        }
        items = order.compactMap { points[$0] }.filter { $0.count == levels.count }
        itemsLeftOut = order.count - items.count
        errors = levels.reduce(0) { $0 + $1.errors }
    }

    /// Means over items, one a level; each item as often as its weight says.
    func means(weights: [Double]? = nil) -> [BudgetCurve.Point] {
        var sums = levels.map { _ in BudgetCurve.Point(accuracy: 0, tokens: 0) }
        var total = 0.0
        for (index, points) in items.enumerated() {
            let weight = weights?[index] ?? 1
            total += weight
            for (level, point) in points.enumerated() {
                sums[level].tokens += weight * point.tokens
                sums[level].accuracy += weight * point.accuracy
            }
        }
        return sums.map { BudgetCurve.Point(accuracy: $0.accuracy / total, tokens: $0.tokens / total) }
    }

    /// Why nothing can be told; `nil` if something can.
    var refusal: String? {
        guard items.isEmpty else { return nil }
        return levels.count > 1 ? "no item has a graded session at every level" : "no session was graded"
    }

    var counts: [JSONValue.Member] {
        [.init("items_left_out", .integer(itemsLeftOut)), .init("errors", .integer(errors))]
    }
}
