internal import EvalhStatistics

/// How sure a frontier is: items are drawn again with replacement, and the frontier is made anew each time. It keeps
/// each row's mean score and costs on each item; above a bound of memory it keeps nothing and says nothing.
struct FrontierResampling {
    /// Rows times items that are kept.
    private static let maximumCells = 4_000_000
    static let axes: [CostAxis] = [.tokens, .totalTokens, .usd, .eflops]

    /// One row's means on one item; NaN: not known.
    struct Cell {
        var score = Float.nan
        /// In the order of `axes`.
        var costs = SIMD4<Float>(repeating: .nan)
    }

    private let rows: Int
    private var cells: [Cell] = []
    private var isFull = false

    init(rows: Int) {
        self.rows = rows
    }

    private var items: Int { rows > 0 ? cells.count / rows : 0 }

    /// The next item's means, one a row.
    mutating func add(_ item: [Cell]) {
        guard !isFull else { return }
        guard cells.count + rows <= Self.maximumCells else {
            isFull = true
            cells = []
            return
        }
        cells += item
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
        let resamples = max(100, min(1000, 40_000_000 / cells.count))
        var random = SplitMix64(seed: seed)
        var onFrontier = Self.axes.map { _ in Array(repeating: 0, count: rows) }
        var dominance = Self.axes.map { _ in Array(repeating: 0, count: rows * rows) }
        for _ in 0..<resamples {
            let (accuracy, costs) = means(&random)
            for axis in Self.axes.indices {
                let points = (0..<rows).map {
                    Frontier.Row(
                        name: "", accuracy: accuracy[$0], cost: Double(costs[$0][axis]), isOracle: isOracle[$0])
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
    private func means(_ random: inout SplitMix64) -> (accuracy: [Double], costs: [SIMD4<Float>]) {
        var scores = Array(repeating: 0.0, count: rows)
        var counts = Array(repeating: 0.0, count: rows)
        var sums = Array(repeating: SIMD4<Double>.zero, count: rows)
        cells.withUnsafeBufferPointer { cells in
            for _ in 0..<items {
                let start = random.index(below: items) * rows
                for row in 0..<rows where !cells[start + row].score.isNaN {
                    scores[row] += Double(cells[start + row].score)
                    sums[row] += SIMD4<Double>(cells[start + row].costs)
                    counts[row] += 1
                }
            }
        }
        return (zip(scores, counts).map { $0 / $1 }, zip(sums, counts).map { SIMD4<Float>($0 / $1) })
    }
}
