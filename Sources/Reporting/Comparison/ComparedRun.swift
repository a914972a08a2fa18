internal import Completions
package import Journal
package import Measurement

/// One side of a comparison: what was kept of a run, item by item, and what it was made with. It comes from a journal
/// or a baseline.
package struct ComparedRun: Sendable {
    package var suite: String
    package var runID: String
    /// When the run started, in ISO 8601; empty: not known.
    package var created: String
    package var dataset: RunSummary.Dataset
    /// Versions of tool, grader, models and plugins, as in `summary.json`.
    package var provenance: [String: String]
    package var table: ItemTable

    package init(
        suite: String, runID: String, created: String, dataset: RunSummary.Dataset, provenance: [String: String],
        table: ItemTable
    ) {
        self.suite = suite
        self.runID = runID
        self.created = created
        self.dataset = dataset
        self.provenance = provenance
        self.table = table
    }

    /// Reads a run's finished sessions in one pass. Memory: proportional to items times rows.
    package init(_ journal: Journal, _ description: RunDescription) throws {
        var ids: [String] = []
        var places: [Int: Int] = [:]
        try journal.forEachItem { item in
            // Rows that ask one question are one item.
            if let first = places[description.repeated.question(of: item.ordinal)] {
                places[item.ordinal] = first
                return
            }
            places[item.ordinal] = ids.count
            ids.append(item.id)
        }
        var rows = RowAccumulator(description, items: ids.count)
        try journal.forEachResult { result in
            if let place = places[result.key.item] { rows.add(result, place) }
        }
        self.init(
            suite: description.suite, runID: description.runID, created: description.provenance["started"] ?? "",
            dataset: .init(
                name: description.datasetName, sha256: description.datasetDigest, items: description.itemCount),
            provenance: description.provenance, table: ItemTable(ids: ids, rows: rows.finish()))
    }

    /// How the making of two runs differs, in words: what a difference may also come from.
    package func drift(from other: ComparedRun) -> [String] {
        var differences: [String] = []
        func note(_ what: String, _ own: String, _ others: String) {
            if own != others { differences.append("\(what): A has \(own), B has \(others)") }
        }
        note("suite", suite, other.suite)
        for key in Set(provenance.keys).union(other.provenance.keys).sorted()
        where key == "grader" || key == "tool" || key.hasPrefix("model.") || key.hasPrefix("plugin.") {
            note(key, provenance[key] ?? "none", other.provenance[key] ?? "none")
        }
        for row in table.rows {
            guard let partner = other.table.rows.first(where: { $0.name == row.name }) else { continue }
            note("strategy of \(row.name)", row.strategy, partner.strategy)
        }
        return differences
    }
}

/// Sums over the sessions of an item, arm and level, which follow each other.
private struct RowAccumulator {
    private var rows: [ItemRow] = []
    private let places: RunRows
    private var current: (row: Int, place: Int)?
    private var sums: (sessions: Int, score: Double, costs: SessionMeans)?

    init(_ description: RunDescription, items: Int) {
        let none = [ItemCell?](repeating: nil, count: items)
        places = RunRows(description)
        rows = places.all.map { row in
            ItemRow(
                arm: row.name.arm, level: row.name.level, strategy: row.arm.strategy, model: row.arm.model,
                isOracle: row.arm.isOracle, cells: none)
        }
    }

    mutating func add(_ result: Journal.SessionResult, _ place: Int) {
        guard let row = places[result.key]?.index, let score = result.score, score.isFinite else { return }
        if current?.row != row || current?.place != place {
            close()
            current = (row, place)
        }
        let costs = SessionMeans(result.measure)
        guard let before = sums else {
            sums = (1, score, costs)
            return
        }
        sums = (before.sessions + 1, before.score + score, before.costs + costs)
    }

    private mutating func close() {
        guard let current, let sums else { return }
        let cell = ItemCell(
            sessions: sums.sessions, scoreSum: sums.score, means: sums.costs / Double(sums.sessions))
        // An earlier row may have asked the same.
        rows[current.row].cells[current.place] = rows[current.row].cells[current.place].map { $0 + cell } ?? cell
        self.sums = nil
    }

    mutating func finish() -> [ItemRow] {
        close()
        return rows
    }
}
