import EvalhPluginKit

/// Every cell once, then again where the answer was not right, up to the suite's `repeats`.
struct AgainWhereWrong: Allocator {
    static let descriptor = Descriptor(
        id: "org.example.my-plugin", version: "1.0.0", title: "Again where it was wrong",
        description: """
            Runs every arm on every item once, then again where the last answer was not right, at most the suite's
            `repeats` times. Means over such repeats are biased: it is an example, not a design.
            """,
        source: "an example")

    private struct Cell {
        var sessions = 0
        var isRight = false
    }

    private let allocation: Allocation
    /// Item by item, a cell for each row.
    private var cells: [Cell]

    init(parameters: NoParameters, allocation: Allocation, seed: UInt64) {
        self.allocation = allocation
        cells = Array(repeating: Cell(), count: allocation.itemCount * allocation.rows.count)
    }

    mutating func add(_ row: SessionRow) {
        guard let place = allocation.row(of: row) else { return }
        let index = row.item * allocation.rows.count + place
        cells[index].sessions += 1
        // A failed session counts as run.
        cells[index].isRight = row.score == 1
    }

    func next() -> AllocationRound {
        let open = cells.indices.filter { index in
            let cell = cells[index]
            return cell.sessions == 0 || (!cell.isRight && cell.sessions < allocation.repeats)
        }
        let wishes = open.map {
            AllocationRound.Wish(item: $0 / allocation.rows.count, row: $0 % allocation.rows.count)
        }
        return AllocationRound(
            wishes,
            reason: wishes.isEmpty
                ? "every cell is right or has had all its repeats" : "cells without a right answer once more")
    }
}
