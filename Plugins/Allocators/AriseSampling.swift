import EvalhPluginKit
import EvalhStatistics

/// What is spread in ARISE's sampling.
enum Spread: String, CaseIterable, ParameterValue {
    case variation
    case deviation
}

/// More repeats where results vary.
struct AriseSampling: Allocator {
    struct Parameters: PluginParameters {
        @Parameter("Repeats that every cell gets.", range: 1...10_000) var minimum = 3
        @Parameter("Repeats that no cell gets more of.", range: 1...10_000) var maximum = 10
        @Parameter("A cell whose spread is at most this has enough.", range: 0...1000) var threshold = 0.5
        @Parameter(
            "Sessions in all; 0: no limit. What the minimum leaves is divided in proportion to the spread.",
            range: 0...1_000_000_000)
        var budget = 0
        @Parameter("Which tokens count: `completion`, or `total` with prompts.") var cost = TokenCost.completion
        @Parameter("Spread of scores: `variation` (deviation by mean, as published) or `deviation`.") var spread =
            Spread.variation

        func validate() throws {
            guard minimum <= maximum else {
                throw ParameterError("minimum is \(minimum), above maximum, which is \(maximum)")
            }
        }
    }

    static let descriptor = Descriptor(
        id: "arise-sampling", version: "1.0.0",
        title: "ARISE's adaptive sampling: more repeats where scores and tokens vary",
        description: """
            Every cell (an arm at a level, on an item) gets `minimum` repeats; then, one a round, another as long as \
            CV(score) + CV(tokens) is above `threshold`, up to `maximum`. CV is the population's deviation by the mean \
            (plus 1e-8); with fewer than two graded sessions it is 0. Nothing is thrown away: the first repeats count \
            like the later ones.

            With a `budget` of sessions, what the minimum leaves is divided in proportion to the cells' spread after \
            their minimum: a cell gets at most ⌊rest · CV / ΣCV⌋ further repeats.

            - The coefficient of variation of a right-or-wrong score is large where it is mostly wrong and 0 where it \
            always is: a cell that is always wrong at even cost stops at the minimum, one that is right now and then \
            goes to the maximum. `spread: deviation` treats
            right and wrong alike.
            - Failed sessions count as run and give no value.
            - Means over repeats remain unbiased for each cell's later repeats only; stopping by what was seen shifts \
            them a little. Use the same allocator for arms that you compare.
            """,
        source: "Yin et al. 2025, ARISE, arXiv:2510.06014; official code (adaptive_sampling.py)",
        outputs: ["arise_sampling_converged", "arise_sampling_repeats"])

    private struct Cell {
        var run = 0
        var scores: [Double] = []
        var tokens: [Double] = []
        var cap: Int
    }

    private let parameters: Parameters
    private let allocation: Allocation
    private var cells: [Cell]
    private var round = 0

    init(parameters: Parameters, allocation: Allocation, seed: UInt64) {
        self.parameters = parameters
        self.allocation = allocation
        cells = Array(repeating: Cell(cap: parameters.maximum), count: allocation.itemCount * allocation.rows.count)
    }

    mutating func add(_ row: SessionRow) {
        guard let place = allocation.row(of: row) else { return }
        let cell = row.item * allocation.rows.count + place
        cells[cell].run += 1
        guard let score = row.score else { return }
        cells[cell].scores.append(score)
        cells[cell].tokens.append(
            parameters.cost.tokens(row.usage))
    }

    mutating func next() -> AllocationRound {
        round += 1
        if round == 1 {
            return AllocationRound(
                cells.indices.map { wish($0, parameters.minimum) },
                reason: "\(parameters.minimum) repeats of every cell")
        }
        if round == 2 { divideBudget() }
        let wanting = cells.indices.filter { cells[$0].run < cells[$0].cap && spread(cells[$0]) > parameters.threshold }
        guard !wanting.isEmpty else {
            return AllocationRound(
                [],
                reason:
                    """
                    \(converged(cells[...])) of \(cells.count) cells vary no more than \(parameters.threshold), the \
                    others have all repeats they may
                    """
            )
        }
        return AllocationRound(
            wanting.map { wish($0, 1) }, reason: "\(wanting.count) cells vary more than \(parameters.threshold)")
    }

    private func wish(_ cell: Int, _ more: Int) -> AllocationRound.Wish {
        .init(item: cell / allocation.rows.count, row: cell % allocation.rows.count, more: more)
    }

    /// ⌊rest · CV / ΣCV⌋ further repeats for each cell.
    private mutating func divideBudget() {
        guard parameters.budget > 0 else { return }
        let rest = Double(max(0, parameters.budget - cells.count * parameters.minimum))
        let spreads = cells.map(spread)
        let sum = spreads.reduce(0, +)
        for cell in cells.indices {
            let extra = sum > 0 ? Int((rest * spreads[cell] / sum).rounded(.down)) : 0
            cells[cell].cap = min(parameters.minimum + extra, parameters.maximum)
        }
    }

    private func spread(_ cell: Cell) -> Double {
        let scores = parameters.spread == .variation ? Self.variation(cell.scores) : Self.deviation(cell.scores)
        return scores + Self.variation(cell.tokens)
    }

    private static func variation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        return deviation(values) / (values.reduce(0, +) / Double(values.count) + 1e-8)
    }

    /// Of the values as a whole population.
    private static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        return Moments(values).deviation * (Double(values.count - 1) / Double(values.count)).squareRoot()
    }

    private func converged(_ cells: ArraySlice<Cell>) -> Int { cells.count { spread($0) <= parameters.threshold } }

    func result() -> [MetricValue] {
        let rows = allocation.rows.count
        var values: [MetricValue] = []
        for (place, row) in allocation.rows.enumerated() {
            let own = stride(from: place, to: cells.count, by: rows).map { cells[$0] }
            values += figures(own[...], arm: row.arm, level: row.levelIndex)
        }
        return values + figures(cells[...], arm: "", level: nil)
    }

    private func figures(_ cells: ArraySlice<Cell>, arm: String, level: Int?) -> [MetricValue] {
        guard !cells.isEmpty else { return [] }
        let count = Double(cells.count)
        var histogram: [Int: Int] = [:]
        for cell in cells { histogram[cell.run, default: 0] += 1 }
        let detail = JSONValue.object([
            .init(
                "cells_by_repeats",
                .object(histogram.sorted { $0.key < $1.key }.map { .init(String($0.key), .integer($0.value)) }))
        ])
        return [
            MetricValue(
                "arise_sampling_converged", arm: arm, levelIndex: level, value: Double(converged(cells)) / count,
                n: cells.count,
                method: "share of cells"),
            MetricValue(
                "arise_sampling_repeats", arm: arm, levelIndex: level,
                value: Double(cells.reduce(0) { $0 + $1.run }) / count,
                n: cells.count,
                method: "mean repeats of a cell", detailJSON: detail.description),
        ]
    }
}
