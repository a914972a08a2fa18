/// Which rows of two tables belong together.
package enum RowPairing {
    package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Rows of the same arm and level; `arms` keeps only those it names. Also what has no partner.
    package static func sameName(
        _ a: ItemTable, _ b: ItemTable, arms: [String] = []
    ) throws(Mistake) -> (pairs: [(a: Int, b: Int)], onlyA: [String], onlyB: [String]) {
        for selector in arms where !(a.rows + b.rows).contains(where: { $0.rowName.answers(to: selector) }) {
            throw unknown(selector, a.rows + b.rows)
        }
        func isWanted(_ row: ItemRow) -> Bool { arms.isEmpty || arms.contains { row.rowName.answers(to: $0) } }
        let places = Dictionary(zip(b.rows.map(\.name), b.rows.indices), uniquingKeysWith: { first, _ in first })
        var pairs: [(a: Int, b: Int)] = []
        var onlyA: [String] = []
        for (index, row) in a.rows.enumerated() where isWanted(row) {
            if let place = places[row.name] { pairs.append((index, place)) } else { onlyA.append(row.name) }
        }
        let paired = Set(pairs.map(\.b))
        let onlyB = b.rows.indices.filter { !paired.contains($0) && isWanted(b.rows[$0]) }.map { b.rows[$0].name }
        return (pairs, onlyA, onlyB)
    }

    /// Rows of two arms: level with the same level, or one row with each of the other arm's.
    package static func between(
        _ first: String, of a: ItemTable, _ second: String, of b: ItemTable
    ) throws(Mistake) -> [(a: Int, b: Int)] {
        let rowsA = try rows(first, a)
        let rowsB = try rows(second, b)
        if rowsA.count == 1 || rowsB.count == 1 { return rowsA.flatMap { a in rowsB.map { (a, $0) } } }
        let pairs = rowsA.compactMap { place in
            rowsB.first { b.rows[$0].level == a.rows[place].level }.map { (a: place, b: $0) }
        }
        guard !pairs.isEmpty else {
            throw Mistake(
                description:
                    "\(first) and \(second) have no level in common; name one level of each, as in "
                    + "\(a.rows[rowsA[0]].name)"
            )
        }
        return pairs
    }

    private static func rows(_ selector: String, _ table: ItemTable) throws(Mistake) -> [Int] {
        let found = table.rows.indices.filter { table.rows[$0].rowName.answers(to: selector) }
        guard !found.isEmpty else { throw unknown(selector, table.rows) }
        return found
    }

    private static func unknown(_ selector: String, _ rows: [ItemRow]) -> Mistake {
        var names: [String] = []
        for row in rows where !names.contains(row.name) { names.append(row.name) }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return Mistake(
            description: "there is no arm \(selector); there are: \(names.prefix(20).joined(separator: ", "))\(more)")
    }
}
