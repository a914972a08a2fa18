internal import EvalhStatistics

/// How sure a frontier is: items are drawn again with replacement, and the frontier is made anew each time. It keeps
/// each row's mean score and costs on each item; above a bound of memory it keeps nothing and says nothing.
struct FrontierResampling {
    /// Rows times items that are kept.
    private static let maximumCells = 4_000_000
    /// Costs that are means over sessions, and so over items.
    static let axes = CostAxis.allCases.filter { !$0.isMedian }

    /// One row's means on one item; NaN: not known.
    struct Cell {
        var score = Float.nan
        /// In the order of `axes`.
        var costs = axes.map { _ in Float.nan }
    }

    private let rows: Int
    /// Item by item, row by row: the score, then the costs. One flat array, for there may be millions.
    private var cells: [Float] = []
    private static let width = 1 + axes.count
    private var isFull = false

    init(rows: Int) {
        self.rows = rows
    }

    private var items: Int { rows > 0 ? cells.count / (rows * Self.width) : 0 }

    /// The next item's means, one a row.
    mutating func add(_ item: [Cell]) {
        guard !isFull else { return }
        guard cells.count / Self.width + rows <= Self.maximumCells else {
            isFull = true
            cells = []
            return
        }
        for cell in item {
            cells.append(cell.score)
            cells += cell.costs
        }
    }

    struct Result {
        var resamples: Int
        /// By row: the share of resamples in which it is on the frontier.
        var onFrontier: [Double]
        /// By row a and row b: the share of resamples in which a is at least as accurate and as cheap as b, and better
        /// in one of them.
        var dominance: [[Double]]
    }

    /// One result an axis; empty where too much was to be kept, or fewer than two items are there.
    func results(seed: UInt64, isOracle: [Bool]) -> [CostAxis: Result] {
        guard !isFull, items > 1, rows > 1 else { return [:] }
        let resamples = max(100, min(1000, 40_000_000 / (rows * items)))
        var random = SplitMix64(seed: seed)
        var onFrontier = Self.axes.map { _ in Array(repeating: 0, count: rows) }
        var dominance = Self.axes.map { _ in Array(repeating: 0, count: rows * rows) }
        for _ in 0..<resamples {
            let (accuracy, costs) = means(&random)
            for axis in Self.axes.indices {
                let points = (0..<rows).map {
                    Frontier.Row(
                        name: "", accuracy: accuracy[$0], cost: costs[$0][axis], isOracle: isOracle[$0])
                }
                for row in Frontier.indices(points) { onFrontier[axis][row] += 1 }
                count(points, &dominance[axis])
            }
        }
        var results: [CostAxis: Result] = [:]
        for (place, axis) in Self.axes.enumerated() where onFrontier[place].contains(where: { $0 > 0 }) {
            results[axis] = Result(
                resamples: resamples, onFrontier: onFrontier[place].map { Double($0) / Double(resamples) },
                dominance: (0..<rows).map { a in
                    (0..<rows).map { Double(dominance[place][a * rows + $0]) / Double(resamples) }
                })
        }
        return results
    }

    private func count(_ points: [Frontier.Row], _ dominance: inout [Int]) {
        for (a, first) in points.enumerated() where first.cost.isFinite && !first.isOracle {
            for (b, second) in points.enumerated() where b != a && second.cost.isFinite && !second.isOracle {
                let isAsGood = first.accuracy >= second.accuracy && first.cost <= second.cost
                if isAsGood, first.accuracy > second.accuracy || first.cost < second.cost {
                    dominance[a * rows + b] += 1
                }
            }
        }
    }

    /// Each row's means over as many items drawn with replacement.
    private func means(_ random: inout SplitMix64) -> (accuracy: [Double], costs: [[Double]]) {
        let width = Self.width
        var sums = Array(repeating: 0.0, count: rows * width)
        var counts = Array(repeating: 0.0, count: rows)
        cells.withUnsafeBufferPointer { cells in
            for _ in 0..<items {
                let start = random.index(below: items) * rows * width
                for row in 0..<rows where !cells[start + row * width].isNaN {
                    for place in row * width..<(row + 1) * width { sums[place] += Double(cells[start + place]) }
                    counts[row] += 1
                }
            }
        }
        let means = (0..<rows).map { row in (0..<width).map { sums[row * width + $0] / counts[row] } }
        return (means.map { $0[0] }, means.map { Array($0.dropFirst()) })
    }
}
