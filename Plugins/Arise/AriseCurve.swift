import EvalhPluginKit
import EvalhStatistics

/// One arm's items, gathered session by session. Memory grows with items and levels.
struct AriseCurve {
    struct Item {
        var number: Int
        var trajectory: AriseTrajectory
    }

    private struct Cell {
        var score = 0.0
        var tokens = 0.0
        var count = 0.0
    }

    private(set) var items: [Item] = []
    /// Levels that had sessions, failed ones included: from 0 to one below it.
    private(set) var levelCount = 0
    private var current: Int?
    private var cells: [Cell] = []

    mutating func add(_ row: SessionRow, level: Int, tokens: Double) {
        if current != row.item {
            close()
            current = row.item
        }
        levelCount = max(levelCount, level + 1)
        while cells.count <= level { cells.append(Cell()) }
        guard let score = row.score else { return }
        cells[level].score += score
        cells[level].tokens += tokens
        cells[level].count += 1
    }

    /// Ends the item that is passing by.
    mutating func close() {
        guard let number = current else { return }
        let points = cells.map { cell in
            cell.count > 0
                ? AriseTrajectory.Point(accuracy: cell.score / cell.count, tokens: cell.tokens / cell.count) : nil
        }
        items.append(Item(number: number, trajectory: AriseTrajectory(points)))
        current = nil
        for index in cells.indices { cells[index] = Cell() }
    }
}
