package import Measurement

/// Is a run, row by row, at most a margin worse than a baseline?
package struct BaselineGate: Sendable {
    /// One row's answer.
    package struct Outcome: Sendable {
        package var gate: RunSummary.GateOutcome
        /// `nil`: the row could not be compared.
        package var comparison: PairedComparison?
    }

    package var baseline: ComparisonReport.Side
    package var metric: ComparedMetric
    package var margin: Double
    package var warnings: [String]
    package var outcomes: [Outcome]

    /// - Parameters:
    ///   - margin: In the metric's units, at least 0.
    ///   - arms: The rows that are asked for; all of the baseline's without any. One that is missing in the run cannot
    ///     pass.
    ///   - acceptsDrift: The data sets may differ.
    /// - Throws: `ComparisonProblem` or `RowPairing.Mistake` where nothing can be compared.
    package init(
        _ run: ComparedRun, against baseline: (run: ComparedRun, source: String), metric: ComparedMetric,
        margin: Double,
        arms: [String] = [],
        acceptsDrift: Bool = false
    ) throws {
        var builder = ComparisonBuilder()
        builder.acceptsDrift = acceptsDrift
        var warnings = try builder.checked(run, baseline.run)
        let paired = try RowPairing.sameName(run.table, baseline.run.table, arms: arms)
        let comparisons = RowComparison(run.table, baseline.run.table).compare(paired.pairs, by: metric, margin: margin)
        let byName = Dictionary(comparisons.map { ($0.a, $0) }, uniquingKeysWith: { first, _ in first })
        func text(_ row: String) -> String {
            "\(metric.rawValue)(\(row)) \(metric.isCost ? "<= baseline +" : ">= baseline -") \(Self.number(margin))"
        }
        var outcomes = paired.pairs.map { pair in
            let name = run.table.rows[pair.a].name
            guard let comparison = byName[name], let test = comparison.marginTest else {
                return Outcome(
                    gate: .init(
                        text: text(name), verdict: Verdict.inconclusive.rawValue,
                        detail: "no item has a value of \(metric.rawValue) in both the run and the baseline"))
            }
            return Outcome(
                gate: .init(text: text(name), verdict: test.verdict.rawValue, detail: Self.detail(comparison)),
                comparison: comparison)
        }
        outcomes += paired.onlyB.map { row in
            Outcome(
                gate: .init(
                    text: text(row), verdict: Verdict.inconclusive.rawValue,
                    detail: "the run has no row \(row); pick rows with --arms, or write a new baseline"))
        }
        guard !outcomes.isEmpty else {
            throw ComparisonProblem("none of the run's arms is in the baseline; write a new one with --write-baseline")
        }
        if !paired.onlyA.isEmpty {
            warnings.append("not in the baseline, so not compared: \(paired.onlyA.prefix(10).joined(separator: ", "))")
        }
        self.baseline = .init(baseline.run, source: baseline.source)
        self.metric = metric
        self.margin = margin
        self.warnings = warnings
        self.outcomes = outcomes
    }

    private static func detail(_ comparison: PairedComparison) -> String {
        let metric = comparison.metric
        var text =
            "\(ComparisonTable.value(comparison.meanA, metric)) against "
            + "\(ComparisonTable.value(comparison.meanB, metric)), "
        text +=
            "difference \(ComparisonTable.interval(comparison)) (\(comparison.difference.method), "
            + "\(comparison.difference.n) items)"
        if let test = comparison.marginTest {
            text += "; p of non-inferiority \(Numbers.probability(test.pNonInferior))"
            text += ", of inferiority \(Numbers.probability(test.pInferiorAdjusted)) by Holm"
        }
        if let detectable = comparison.detectable { text += "; detectable \(ComparisonTable.size(detectable, metric))" }
        if !comparison.onlyInB.isEmpty {
            text += "; items of the baseline that were not graded: \(comparison.onlyInB.count)"
        }
        return text
    }

    private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
