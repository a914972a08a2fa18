import EvalhPluginKit

/// What stands on a curve's axis.
enum ComputeAxis: String, CaseIterable, ParameterValue {
    case level
    case tokens
    case totalTokens = "total_tokens"
    case usd

    /// `nil` for levels, whose number does not come from sessions, and where a price is unknown.
    func cost(of row: SessionRow) -> Double? {
        switch self {
        case .level: nil
        case .tokens: Double(row.usage.completionTokens)
        case .totalTokens: Double(row.usage.totalTokens)
        case .usd: row.usd
        }
    }
}

/// One level's mean over items, with what it counts in a fit.
struct LevelPoint {
    var index: Int
    var x: Double
    var y: Double
    /// Items, as often as they were drawn.
    var weight: Double
}

/// One arm's levels, item by item. Memory grows with items and levels.
struct LevelCurve {
    private struct Cell {
        var score = 0.0
        var cost = 0.0
        var count = 0.0
    }

    /// The levels' JSON objects, by index.
    private(set) var levels: [Int: String] = [:]
    private(set) var isUnpriced = false
    private var items: [[Cell]] = []
    private var last: Int?
    let axis: ComputeAxis
    let key: String

    init(axis: ComputeAxis, key: String) {
        self.axis = axis
        self.key = key
    }

    var itemCount: Int { items.count }

    mutating func add(_ row: SessionRow) {
        guard let level = row.levelIndex else { return }
        levels[level] = row.level
        if last != row.item {
            items.append([])
            last = row.item
        }
        guard let score = row.score else { return }
        let place = items.count - 1
        while items[place].count <= level { items[place].append(Cell()) }
        if axis == .usd, row.usd == nil { isUnpriced = true }
        items[place][level].score += score
        items[place][level].cost += axis.cost(of: row) ?? 0
        items[place][level].count += 1
    }

    /// Means over items, each as often as its weight says, in the levels' order. Levels without a graded session, or
    /// without a number where that is the axis, are left out.
    func points(_ weights: [Double]? = nil) -> [LevelPoint] {
        levels.keys.sorted().compactMap { level in
            var (score, cost, sum) = (0.0, 0.0, 0.0)
            for (place, item) in items.enumerated() where level < item.count && item[level].count > 0 {
                let weight = weights?[place] ?? 1
                score += weight * item[level].score / item[level].count
                cost += weight * item[level].cost / item[level].count
                sum += weight
            }
            guard sum > 0, let x = axis == .level ? number(of: level) : cost / sum else { return nil }
            return LevelPoint(index: level, x: x, y: score / sum, weight: sum)
        }
    }

    /// A level's number: that of `key`, or its only one.
    func number(of level: Int, key name: String? = nil) -> Double? {
        guard let text = levels[level], case .object(let members)? = try? JSONValue(parsing: text) else { return nil }
        let wanted = name ?? key
        if !wanted.isEmpty { return members.first { $0.key == wanted }?.value.double }
        let numbers = members.compactMap(\.value.double)
        return numbers.count == 1 ? numbers[0] : nil
    }

    /// Scores of all items at a level.
    func scores(of level: Int) -> [Double] {
        items.compactMap { level < $0.count && $0[level].count > 0 ? $0[level].score / $0[level].count : nil }
    }
}
