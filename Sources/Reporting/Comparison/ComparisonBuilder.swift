package import Measurement

/// A comparison that was asked for and cannot be made, and what to do.
package struct ComparisonProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// From two runs to a report.
package struct ComparisonBuilder {
    package var metric: ComparedMetric = .accuracy
    /// How much worse a may be; `nil`: no verdict is asked for.
    package var margin: Double?
    /// Two runs may be on different data; items are still matched by their ids.
    package var acceptsDrift = false
    package var listed = 20

    package init() {}

    /// All rows of the same name.
    package func compare(
        _ a: (run: ComparedRun, source: String), _ b: (run: ComparedRun, source: String), arms: [String] = []
    ) throws -> ComparisonReport {
        let warnings = try checked(a.run, b.run)
        let paired = try RowPairing.sameName(a.run.table, b.run.table, arms: arms)
        guard !paired.pairs.isEmpty else {
            throw ComparisonProblem(
                "A and B have no arm of the same name; A has \(names(paired.onlyA)), B has \(names(paired.onlyB))\n"
                    + "name the arms to compare: --arm NAME-IN-A --arm-b NAME-IN-B")
        }
        let missing = [("A", paired.onlyA), ("B", paired.onlyB)].compactMap { side, rows in
            rows.isEmpty ? nil : "only \(side) has \(names(rows))"
        }
        return try report(a, b, paired.pairs, warnings + missing)
    }

    /// An arm of a against an arm of b, which may be the same run.
    package func compare(
        _ a: (run: ComparedRun, source: String), arm first: String, _ b: (run: ComparedRun, source: String),
        arm second: String
    ) throws -> ComparisonReport {
        let warnings = try checked(a.run, b.run)
        return try report(a, b, try RowPairing.between(first, of: a.run.table, second, of: b.run.table), warnings)
    }

    private func report(
        _ a: (run: ComparedRun, source: String), _ b: (run: ComparedRun, source: String), _ pairs: [(a: Int, b: Int)],
        _ warnings: [String]
    ) throws -> ComparisonReport {
        let comparisons = RowComparison(a.run.table, b.run.table).compare(pairs, by: metric, margin: margin)
        guard !comparisons.isEmpty else {
            throw ComparisonProblem(
                metric == .mean(.usd)
                    ? "no item has a price on both sides; give the models prices in the suite, or compare --metric "
                        + "total_tokens"
                    : "no item was graded on both sides; are both runs on the same items?")
        }
        var warnings = warnings
        for row in Set(pairs.map { a.run.table.rows[$0.a] }.oracles + pairs.map { b.run.table.rows[$0.b] }.oracles)
            .sorted()
        {
            warnings.append(
                "\(row) is an oracle: it is shown how answers were graded, so it is a bound and not a strategy")
        }
        if comparisons.count < pairs.count {
            warnings.append("\(pairs.count - comparisons.count) pairs have no item in common")
        }
        return ComparisonReport(
            metric: metric, margin: margin, a: .init(a.run, source: a.source), b: .init(b.run, source: b.source),
            warnings: warnings,
            comparisons: comparisons, listed: listed)
    }

    /// What differs in the making of both; different data sets are refused.
    func checked(_ a: ComparedRun, _ b: ComparedRun) throws -> [String] {
        guard a.dataset.sha256 == b.dataset.sha256 else {
            let what =
                "the data sets differ: A has \(a.dataset.name) (sha256 \(a.dataset.sha256.prefix(12))…), "
                + "B has \(b.dataset.name) (sha256 \(b.dataset.sha256.prefix(12))…)"
            guard acceptsDrift else {
                throw ComparisonProblem(
                    "\(what)\n--accept-drift compares the items whose ids are the same all the same")
            }
            return [what + "; only items with the same id are compared"] + a.drift(from: b)
        }
        return a.drift(from: b)
    }

    private func names(_ rows: [String]) -> String {
        guard !rows.isEmpty else { return "none" }
        return rows.prefix(10).joined(separator: ", ") + (rows.count > 10 ? " and \(rows.count - 10) more" : "")
    }
}

extension [ItemRow] {
    /// The names of those that are.
    fileprivate var oracles: [String] { filter(\.isOracle).map(\.name) }
}
