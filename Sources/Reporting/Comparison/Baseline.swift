internal import Completions
internal import Files
internal import Foundation
internal import JSON
internal import Measurement

/// A baseline that cannot be used, with the place and what to do.
package struct BaselineError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    /// Such as `items[12][3]`; empty: the file as a whole.
    package var place: String
    package var message: String

    package var description: String {
        "\(path): \(place.isEmpty ? "" : place + ": ")\(message)\nwrite it anew with: evalh gate RUN --write-baseline "
            + "\(path)"
    }
}

/// `evalh.baseline/1`: a run's rows item by item, small enough to be committed. One line an item, in the order of ids,
/// so that a change of one item changes one line:
/// `["id", [sessions, score sum, tokens, total tokens, usd, seconds], null]`, a cell a row; `cell` names what follows
/// the score sum.
package enum Baseline {
    package static let schemaID = "evalh.baseline/1"
    /// A cell begins with these; then come means of sessions' numbers, by their names.
    static let countKeys = ["sessions", "score_sum"]
    private static let common: [SessionNumber] = [.tokens, .totalTokens, .usd, .criticalPath]
    /// Written where any row has them.
    private static let further: [SessionNumber] = SessionNumber.allCases.filter {
        !common.contains($0) && $0 != .samples
    }

    /// What is read at most. Longer files are refused before they are opened.
    enum Limits {
        static let bytes = 64 << 20
        static let items = 2_000_000
        static let rows = 4096
        static let provenance = 1000
        static let text = 4096
    }

    /// Writes the rows that `arms` names, all of them without any. The file is put in place whole.
    package static func write(_ run: ComparedRun, arms: [String] = [], to path: String) throws {
        let output = try WholeFile(path)
        try forEachLine(run, arms: arms) { try output.write($0 + "\n") }
        try output.finish()
    }

    /// The file's lines, one at a time.
    static func forEachLine(_ run: ComparedRun, arms: [String] = [], _ body: (String) throws -> Void) throws {
        let rows = run.table.rows.filter { row in arms.isEmpty || arms.contains { row.rowName.answers(to: $0) } }
        try body("{")
        try body("\"schema\": \"\(schemaID)\",")
        try body("\"suite\": \(try json(run.suite)),")
        try body("\"run_id\": \(try json(run.runID)),")
        try body("\"created\": \(try json(run.created)),")
        try body("\"dataset\": \(try json(run.dataset)),")
        try body("\"provenance\": {")
        try list(run.provenance.sorted { $0.key < $1.key }.map { "\(try json($0.key)): \(try json($0.value))" }, body)
        try body("},\n\"rows\": [")
        try list(
            rows.map {
                try json(BaselineRow($0))
            }, body)
        let numbers =
            common
            + further.filter { number in
                rows.contains { $0.cells.contains { $0?[number] != nil } }
            }
        try body("],\n\"cell\": \(try json(countKeys + numbers.map(\.rawValue))),\n\"items\": [")
        let places = run.table.ids.indices.filter { place in rows.contains { $0.cells[place] != nil } }
            .sorted { run.table.ids[$0].utf8.lexicographicallyPrecedes(run.table.ids[$1].utf8) }
        for (index, place) in places.enumerated() {
            let cells = rows.map { cell($0.cells[place], numbers) }.joined(separator: ",")
            try body("[\(try json(run.table.ids[place])),\(cells)]\(index + 1 < places.count ? "," : "")")
        }
        try body("]\n}")
    }

    private static func list(_ lines: [String], _ body: (String) throws -> Void) throws {
        for (index, line) in lines.enumerated() { try body(line + (index + 1 < lines.count ? "," : "")) }
    }

    private static func cell(_ cell: ItemCell?, _ numbers: [SessionNumber]) -> String {
        guard let cell else { return "null" }
        let costs = numbers.map { cell[$0].map(short) ?? "null" }
        return "[\(cell.sessions),\(number(cell.scoreSum)),\(costs.joined(separator: ","))]"
    }

    /// Six digits that count: what a mean of tokens or seconds is good for.
    private static func short(_ value: Double) -> String { number(Double(String(format: "%.6g", value)) ?? value) }

    /// The shortest text that is read back as the same number.
    private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    private static func json(_ value: some Encodable) throws -> String {
        try JSONValue(encoding: value).canonicalText
    }
}

/// What a baseline says of a row beside its cells.
struct BaselineRow: Codable {
    var arm: String
    var level: String
    var strategy: String
    var model: String
    /// Written only if so.
    var oracle: Bool?

    init(_ row: ItemRow) {
        arm = row.arm
        level = row.level
        strategy = row.strategy
        model = row.model
        oracle = row.isOracle ? true : nil
    }

    func row(_ cells: [ItemCell?]) -> ItemRow {
        ItemRow(arm: arm, level: level, strategy: strategy, model: model, isOracle: oracle ?? false, cells: cells)
    }
}
