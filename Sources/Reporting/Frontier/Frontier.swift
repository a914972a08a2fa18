/// Which rows are worth their cost: those that no other row beats in both accuracy and cost.
package enum Frontier {
    package struct Row: Hashable, Sendable {
        package var name: String
        package var accuracy: Double
        package var cost: Double
        /// It knows targets: never on the frontier, and beats nobody.
        package var isOracle: Bool

        package init(name: String, accuracy: Double, cost: Double, isOracle: Bool = false) {
            self.name = name
            self.accuracy = accuracy
            self.cost = cost
            self.isOracle = isOracle
        }
    }

    /// Places of the Pareto-optimal rows, from the cheapest, and so also from the least accurate. Of equal accuracy
    /// only the cheapest is on it; of equal accuracy and cost only the first. Numbers that are not finite are passed
    /// over.
    package static func indices(_ rows: [Row]) -> [Int] {
        let fit = rows.indices.filter { !rows[$0].isOracle && rows[$0].accuracy.isFinite && rows[$0].cost.isFinite }
        let fromCheapest = fit.sorted { a, b in
            if rows[a].cost != rows[b].cost { return rows[a].cost < rows[b].cost }
            if rows[a].accuracy != rows[b].accuracy { return rows[a].accuracy > rows[b].accuracy }
            return a < b
        }
        var best = -Double.infinity
        return fromCheapest.filter { index in
            guard rows[index].accuracy > best else { return false }
            best = rows[index].accuracy
            return true
        }
    }

    /// Names of the Pareto-optimal rows, from the cheapest.
    package static func names(_ rows: [Row]) -> [String] { indices(rows).map { rows[$0].name } }
}
