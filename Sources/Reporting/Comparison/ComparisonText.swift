internal import Measurement

/// A comparison on a terminal, and for a pull request. Ids and names are other people's and stay text.
package enum ComparisonText {
    /// Lines without colours, safe to print.
    package static func terminal(_ report: ComparisonReport) -> [String] {
        let table = ComparisonTable(report)
        var lines = ["A  \(side(report.a))", "B  \(side(report.b))", ""].map(oneLine)
        lines += report.warnings.map { oneLine("warning: \($0)") }
        if !report.warnings.isEmpty { lines.append("") }
        lines += TextTable.lines(table.heads, table.rows.map { $0.map(oneLine) }) + [""] + table.notes.map(oneLine)
        for comparison in report.comparisons {
            for (which, flips) in flips(comparison) where !flips.isEmpty && report.listed > 0 {
                lines.append(oneLine("\(title(comparison)), \(which):"))
                lines += flips.prefix(report.listed).map { oneLine("  \($0.item)\(scores($0))") }
                if flips.count > report.listed {
                    lines.append("  and \(flips.count - report.listed) more (--flips N shows more)")
                }
            }
        }
        return lines
    }

    /// For a pull request or a CI job's summary page.
    package static func markdown(_ report: ComparisonReport) -> String {
        let table = ComparisonTable(report)
        var lines = [
            "## \(SafeText.markdown(report.a.suite)): \(report.metric.rawValue), A against B", "",
            "- A: \(SafeText.markdown(side(report.a)))", "- B: \(SafeText.markdown(side(report.b)))", "",
            "| \(table.heads.joined(separator: " | ")) |", "|\(String(repeating: "---|", count: table.heads.count))",
        ]
        lines += table.rows.prefix(MarkdownReport.maxRows).map {
            "| \($0.map(SafeText.markdown).joined(separator: " | ")) |"
        }
        lines += [""] + table.notes.map(SafeText.markdown)
        if !report.warnings.isEmpty { lines += [""] + report.warnings.map { "- **warning** \(SafeText.markdown($0))" } }
        for comparison in report.comparisons.prefix(MarkdownReport.maxRows) {
            for (which, flips) in flips(comparison) where !flips.isEmpty && report.listed > 0 {
                let more = flips.count > report.listed ? " and \(flips.count - report.listed) more" : ""
                let items = flips.prefix(report.listed).map { SafeText.markdown($0.item + scores($0)) }.joined(
                    separator: ", ")
                lines += ["", "\(SafeText.markdown(title(comparison))), \(which): \(items)\(more)"]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func side(_ side: ComparisonReport.Side) -> String {
        "\(side.source) (\(side.suite), run \(side.runID)\(side.created.isEmpty ? "" : ", " + side.created))"
    }

    private static func title(_ comparison: PairedComparison) -> String {
        comparison.a == comparison.b ? comparison.a : "\(comparison.a) against \(comparison.b)"
    }

    private static func flips(_ comparison: PairedComparison) -> [(String, [PairedComparison.Flip])] {
        [("right in A only", comparison.aOnly), ("right in B only", comparison.bOnly)]
    }

    /// Shown where repeats make them worth it.
    private static func scores(_ flip: PairedComparison.Flip) -> String {
        [flip.a, flip.b].allSatisfy { $0 == 0 || $0 == 1 }
            ? "" : " (\(Numbers.percent(flip.a)) against \(Numbers.percent(flip.b)))"
    }

    static func oneLine(_ text: String) -> String { SafeText.terminal(text).replacing("\n", with: "\\n") }
}

/// Columns of plain text.
package enum TextTable {
    package static func lines(_ heads: [String], _ rows: [[String]]) -> [String] {
        let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (column, cell) in cells.enumerated() {
                text += cell
                if column + 1 < cells.count { text += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return text
        }
        return [line(heads), widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")] + rows.map(line)
    }
}
