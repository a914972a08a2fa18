/// Two raters' categories of the same units, which come in clusters: the answers to one item. Small in memory: one
/// table an item.
public struct PairedRatings: Sendable {
    private let categories: Int
    /// One an item.
    private var tables: [[[Double]]] = []
    private var places: [Int: Int] = [:]
    /// Units that both rated.
    public private(set) var pairs = 0

    /// - Parameter categories: How many there are, at least 1.
    public init(categories: Int) {
        self.categories = categories
    }

    /// One more unit that both rated.
    /// - Parameters:
    ///   - first: The first rater's category, in 0..<categories.
    ///   - second: The second's.
    public mutating func add(item: Int, _ first: Int, _ second: Int) {
        let place = places[item] ?? tables.count
        if place == tables.count {
            places[item] = place
            tables.append(empty)
        }
        tables[place][first][second] += 1
        pairs += 1
    }

    private var empty: [[Double]] {
        Array(repeating: Array(repeating: 0, count: categories), count: categories)
    }

    /// The sum of all items' tables, each as often as its weight says.
    private func table(_ weights: [Double]? = nil) -> [[Double]] {
        var sum = empty
        for (place, table) in tables.enumerated() {
            let weight = weights?[place] ?? 1
            guard weight > 0 else { continue }
            for a in 0..<categories { for b in 0..<categories { sum[a][b] += weight * table[a][b] } }
        }
        return sum
    }

    /// The share of equal ratings, Cohen's κ and Krippendorff's α, each with a 95 % interval by the bootstrap over
    /// items; that of κ by its standard error where every item has one unit.
    /// - Returns: `nil` in place of what is not defined.
    public func agreement(seed: UInt64) -> (raw: Estimate?, kappa: Estimate?, alpha: Estimate?) {
        guard pairs > 0 else { return (nil, nil, nil) }
        let observed = table()
        let count = tables.count
        let resampled = Bootstrap.several(
            items: count, resamples: Bootstrap.affordableResamples(items: count), seed: seed
        ) { weights in
            let sum = table(weights)
            return [Self.raw(sum), CohensKappa.value(sum), Self.alpha(sum)]
        }
        func estimate(_ value: Double, _ place: Int) -> Estimate? {
            guard value.isFinite else { return nil }
            // Resamples that all agree would claim certainty.
            let isCertain = resampled[place].map { $0.resamples.first == $0.resamples.last } ?? true
            return Estimate(value, percentilesOf: isCertain ? nil : resampled[place], items: count)
        }
        let raw = Estimate(
            share: Self.raw(observed), of: Double(count), percentilesOf: resampled[0], items: count)
        let kappa = pairs == count ? CohensKappa.estimate(observed) : estimate(CohensKappa.value(observed), 1)
        return (raw, kappa, estimate(Self.alpha(observed), 2))
    }

    private static func raw(_ table: [[Double]]) -> Double {
        table.indices.reduce(0) { $0 + table[$1][$1] } / table.joined().reduce(0, +)
    }

    private static func alpha(_ table: [[Double]]) -> Double {
        var alpha = KrippendorffsAlpha(categories: table.count)
        for a in table.indices {
            for b in table.indices where table[a][b] > 0 { alpha.add([a, b], weight: table[a][b]) }
        }
        return alpha.value
    }
}
