package import Completions

/// What is kept of one row's graded sessions on one item: enough to compare it with another row or another run.
/// Sessions that failed for reasons outside the strategy are not among them.
package struct ItemCell: Hashable, Sendable {
    /// Graded sessions, at least 1: the repeats.
    package var sessions: Int
    /// Sum of their scores, in [0, sessions].
    package var scoreSum: Double
    private var means: SessionMeans

    package init(sessions: Int, scoreSum: Double, means: SessionMeans) {
        self.sessions = sessions
        self.scoreSum = scoreSum
        self.means = means
    }

    /// The mean over the item's sessions; `nil`: unknown of one of them.
    package subscript(number: SessionNumber) -> Double? { means[number] }

    /// The mean over the item's sessions.
    package func value(_ metric: ComparedMetric) -> Double? {
        switch metric {
        case .accuracy: scoreSum / Double(sessions)
        case .mean(let number): means[number]
        }
    }

    /// Both's sessions together.
    package static func + (a: ItemCell, b: ItemCell) -> ItemCell {
        let sessions = a.sessions + b.sessions
        let shares = [a, b].map { Double(sessions) / Double($0.sessions) }
        return ItemCell(
            sessions: sessions, scoreSum: a.scoreSum + b.scoreSum, means: a.means / shares[0] + b.means / shares[1])
    }

    /// One session, right or wrong: what McNemar's test asks for.
    var isBinary: Bool { sessions == 1 && (scoreSum == 0 || scoreSum == 1) }
}

/// One arm at one level, item by item.
package struct ItemRow: Sendable {
    package var rowName: RowName
    package var strategy: String
    package var model: String
    /// Its strategy is shown how answers were graded: a bound, not a strategy.
    package var isOracle: Bool
    /// In the order of the table's ids; `nil`: no session of the item was graded.
    package var cells: [ItemCell?]

    package init(
        arm: String, level: String, strategy: String, model: String, isOracle: Bool = false, cells: [ItemCell?]
    ) {
        rowName = RowName(arm: arm, level: level)
        self.strategy = strategy
        self.model = model
        self.isOracle = isOracle
        self.cells = cells
    }

    package var arm: String { rowName.arm }
    /// In short, such as `samples=4`; empty: the arm has no levels.
    package var level: String { rowName.level }
    package var name: String { rowName.description }
}

/// The rows of a run or of a baseline over the same items.
package struct ItemTable: Sendable {
    /// Identities of the items, each once.
    package var ids: [String]
    package var rows: [ItemRow]

    package init(ids: [String], rows: [ItemRow]) {
        self.ids = ids
        self.rows = rows
    }
}

/// Which items of two tables are the same.
package struct ItemMatch: Sendable {
    /// Places in a's ids and in b's, in a's order.
    package var both: [(a: Int, b: Int)] = []
    package var onlyA: [Int] = []
    package var onlyB: [Int] = []

    package init(_ a: [String], _ b: [String]) {
        var places = Dictionary(zip(b, b.indices), uniquingKeysWith: { first, _ in first })
        for (index, id) in a.enumerated() {
            if let place = places.removeValue(forKey: id) { both.append((index, place)) } else { onlyA.append(index) }
        }
        onlyB = places.values.sorted()
    }
}
