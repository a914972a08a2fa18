import EvalhPluginKit

/// The same number of repeats for every cell.
struct FixedAllocator: Allocator {
    struct Parameters: PluginParameters {
        @Parameter("Repeats of every cell; 0: the suite's `repeats`.", range: 0...10_000) var repeats = 0
    }

    static let descriptor = Descriptor(
        id: "fixed", version: "1.0.0", title: "Every arm answers every item the same number of times",
        description:
            """
            One round: each arm and level on each item, `repeats` times. What a run does without an allocator, as one.
            """,
        source: "evalh")

    private let allocation: Allocation
    private let repeats: Int
    private var isPlanned = false

    init(parameters: Parameters, allocation: Allocation, seed: UInt64) {
        self.allocation = allocation
        repeats = parameters.repeats > 0 ? parameters.repeats : allocation.repeats
    }

    func add(_ row: SessionRow) {}

    mutating func next() -> AllocationRound {
        guard !isPlanned else { return AllocationRound([], reason: "every cell has its \(repeats) repeats") }
        isPlanned = true
        return AllocationRound(
            allocation.cells.map { .init(item: $0.item, row: $0.row, more: repeats) }, reason: "all cells")
    }
}

extension Allocation {
    /// All cells, item by item.
    var cells: [(item: Int, row: Int)] {
        (0..<itemCount).flatMap { item in rows.indices.map { (item, $0) } }
    }
}
