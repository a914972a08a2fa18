internal import Foundation
internal import Reporting
internal import Runs

/// The end of a run on a terminal: the table, the verdict, where the report is, and what to type next.
enum ResultTable {
    static func print(_ summary: RunSummary, folder: String, to terminal: Terminal) {
        let hasErrors = summary.arms.contains { $0.errors > 0 }
        let heads =
            ["arm", "level", "accuracy [95 %]"] + (hasErrors ? ["errors as wrong"] : [])
            + ["samples", "\(summary.costUnit)/session", "cut off", "errors", "p50"]
        let rows = summary.arms.map { arm in
            [arm.title, arm.level?.label ?? "", Numbers.interval(arm.metrics["accuracy"])]
                + (hasErrors ? [Numbers.interval(arm.metrics["accuracy_all"])] : []) + [
                    Numbers.tokens(arm.metrics["samples"]?.value),
                    Numbers.tokens(arm.metrics["tokens"]?.value),
                    Numbers.percent(arm.truncatedRate), arm.errorsText, Numbers.seconds(arm.latency.criticalPath?.p50),
                ]
        }
        table(heads, rows, to: terminal)
        for results in summary.fields {
            let byField = FieldTable(results, summary.arms, mostValues: 20, mostRows: 60)
            table(byField.heads, byField.rows, to: terminal)
            if let note = byField.note { terminal.line(note) }
        }
        let further = FurtherMetrics(summary.arms)
        if !further.rows.isEmpty {
            table(
                ["arm", "level"] + further.names,
                further.rows.map { [$0.arm, $0.level] + $0.values.map(FurtherMetrics.shown) },
                to: terminal)
        }
        terminal.line()
        for arm in summary.arms where (arm.truncatedRate ?? 0) > 0.02 {
            let label = [arm.title, arm.level?.label ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            terminal.warning(
                "\(label): \(Numbers.percent(arm.truncatedRate)) of its completions were cut off at max_tokens; an "
                    + "answer from one counts as wrong"
            )
        }
        if let service = summary.serviceText {
            terminal.warning("\(service); ask them again: evalh resume \(folder)")
        }
        for text in summary.leftOutTexts { terminal.warning(text) }
        for entry in summary.scaling { terminal.line("\(entry.metric) of \(entry.arm): \(entry.shown)") }
        if let allocation = summary.allocation {
            terminal.line(
                "\(allocation.allocator), \(allocation.rounds) rounds, \(allocation.sessions) sessions: "
                    + "\(allocation.reason)"
            )
        }
        for line in summary.judging?.lines(unit: summary.costUnit) ?? [] { terminal.line(line) }
        for gate in summary.gates { terminal.verdict(gate.verdict, "\(gate.text): \(gate.detail)") }
        let paid = summary.paid
        terminal.line(
            "\(summary.dataset.items) items, paid \(paid.tokens.totalTokens) \(summary.costUnit) in "
                + "\(paid.tokens.requests) requests"
                + (paid.usd.map { ", " + Numbers.usd($0) } ?? ""))
        if let repeated = summary.repeatedRows { terminal.warning(repeated.warning) }
        for advice in ErrorAdvice.lines(summary, folder: folder) { terminal.warning(advice) }
        for line in ErrorAdvice.causes(summary) { terminal.line(line) }
        terminal.line("report   \(folder)/report.html")
        if summary.status != .complete { terminal.line("go on    evalh resume \(folder)") }
        terminal.line("again    evalh report \(folder) · evalh score \(folder)")
    }

    private static func table(_ heads: [String], _ rows: [[String]], to terminal: Terminal) {
        let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            cells.enumerated().map { $1.padding(toLength: widths[$0], withPad: " ", startingAt: 0) }.joined(
                separator: "  ")
        }
        terminal.line()
        terminal.line(line(heads))
        terminal.line(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
        for row in rows { terminal.line(line(row)) }
    }
}
