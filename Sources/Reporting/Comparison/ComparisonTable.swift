internal import EvalhStatistics
internal import Foundation
internal import Measurement

/// The cells of a comparison for people, unescaped; Markdown and terminal differ only in how they are drawn.
struct ComparisonTable {
    let heads: [String]
    let rows: [[String]]
    /// What the numbers mean, a sentence each.
    let notes: [String]

    init(_ report: ComparisonReport) {
        let metric = report.metric
        let hasVerdict = report.margin != nil
        let hasFlips = metric == .accuracy
        var heads = ["arm", "A", "B", "A − B [95 %]", "p", "p adj.", "detectable", "items"]
        if hasFlips { heads += ["only A right", "only B right"] }
        if hasVerdict { heads.append("verdict") }
        self.heads = heads
        rows = report.comparisons.map { comparison in
            var cells = [
                comparison.a == comparison.b ? comparison.a : "\(comparison.a) against \(comparison.b)",
                Self.value(comparison.meanA, metric), Self.value(comparison.meanB, metric), Self.interval(comparison),
                Numbers.probability(comparison.pValue), Numbers.probability(comparison.pAdjusted),
                comparison.detectable.map { Self.size($0, metric) } ?? "–", "\(comparison.difference.n)",
            ]
            if hasFlips { cells += ["\(comparison.aOnly.count)", "\(comparison.bOnly.count)"] }
            if hasVerdict { cells.append(comparison.marginTest?.verdict.rawValue ?? "") }
            return cells
        }
        notes = Self.notes(report)
    }

    private static func notes(_ report: ComparisonReport) -> [String] {
        let tests = Set(report.comparisons.map(\.test)).sorted().joined(separator: "; ")
        let methods = Set(report.comparisons.map(\.difference.method)).sorted().joined(separator: "; ")
        var notes = [
            "Paired by item. Intervals: \(methods). p: \(tests); adjusted by Holm (rows: \(report.comparisons.count))."
        ]
        if let margin = report.margin {
            notes.append("Pass: A is at most \(size(margin, report.metric)) worse than B, with its whole interval.")
        }
        for (side, count) in [
            ("A", report.comparisons.map(\.onlyInA.count).max()), ("B", report.comparisons.map(\.onlyInB.count).max()),
        ] {
            if let count, count > 0 {
                notes.append("Up to \(count) items were graded in \(side) only and are left out.")
            }
        }
        return notes
    }

    static func interval(_ comparison: PairedComparison) -> String {
        let ends = [comparison.difference.ciLow, comparison.difference.ciHigh].map {
            $0.map { signed($0, comparison.metric) } ?? "–"
        }
        return "\(signed(comparison.difference.value, comparison.metric)) [\(ends.joined(separator: ", "))]"
    }

    static func value(_ value: Double, _ metric: ComparedMetric) -> String {
        switch metric {
        case .accuracy: Numbers.percent(value)
        case .mean(let number): Numbers.shown(value, number)
        }
    }

    /// A size of differences: points for accuracy.
    static func size(_ value: Double, _ metric: ComparedMetric) -> String {
        metric == .accuracy ? String(format: "%.1f points", value * 100) : self.value(value, metric)
    }

    private static func signed(_ value: Double, _ metric: ComparedMetric) -> String {
        metric == .accuracy ? Numbers.signedPoints(value) : (value < 0 ? "-" : "+") + self.value(abs(value), metric)
    }
}
