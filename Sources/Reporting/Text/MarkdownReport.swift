/// `summary.md`: for a pull request or a CI job's summary page, far below GitHub's limit of 1 MiB.
enum MarkdownReport {
    static let maxRows = 200

    static func render(_ summary: RunSummary) -> String {
        let unit = SafeText.markdown(summary.costUnit)
        var lines = ["# \(SafeText.markdown(summary.suite)): \(summary.status.rawValue)", ""]
        lines.append(
            "\(summary.dataset.items) items of \(SafeText.markdown(summary.dataset.name)), run `\(summary.runID)`. "
                + "Paid: \(summary.paid.tokens.totalTokens) \(unit) in \(summary.paid.tokens.requests) requests"
                + (summary.paid.usd.map { ", " + Numbers.usd($0) } ?? "") + ".")
        // With failed sessions, both ways to count them stand side by side.
        let hasErrors = summary.arms.contains { $0.errors > 0 }
        lines += [
            "",
            "| arm | level | accuracy [95 %] | \(hasErrors ? "errors as wrong | " : "")strict | \(unit)/session | "
                + "cut off | errors | p50 |",
            "|---|---|---|---|---|---|---|---|\(hasErrors ? "---|" : "")",
        ]
        for arm in summary.arms.prefix(maxRows) {
            lines.append(
                "| \(SafeText.markdown(arm.title)) | \(SafeText.markdown(arm.level?.label ?? "")) | "
                    + "\(Numbers.interval(arm.metrics["accuracy"])) "
                    + (hasErrors ? "| \(Numbers.interval(arm.metrics["accuracy_all"])) " : "")
                    + "| \(Numbers.percent(arm.metrics["accuracy_strict"]?.value)) | "
                    + "\(Numbers.tokens(arm.metrics["tokens"]?.value)) "
                    + "| \(Numbers.percent(arm.truncatedRate)) | \(arm.errorsText) | "
                    + "\(Numbers.seconds(arm.latency.criticalPath?.p50)) |"
            )
        }
        let names = OracleNames(summary.arms)
        lines +=
            failures(summary) + accuracyAndCost(summary) + fields(summary) + further(summary) + judging(summary)
            + scaling(summary)
            + comparisons(summary, names)
            + gates(summary, names)
            + notes(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func failures(_ summary: RunSummary) -> [String] {
        guard let failures = summary.failures else { return [] }
        let (causes, others) = failures.commonest(10)
        var lines = ["", "## Why sessions failed", "", "| sessions | kind | message | next |", "|---:|---|---|---|"]
        lines += causes.map { cause in
            "| \(cause.sessions) | \(SafeText.markdown(cause.kind.rawValue)) | \(SafeText.markdown(cause.message)) | "
                + "\(cause.next) |"
        }
        if others > 0 { lines += ["", "\(others) more failed for other reasons; samples.jsonl has them all."] }
        return lines
    }

    private static func fields(_ summary: RunSummary) -> [String] {
        summary.fields.flatMap { results -> [String] in
            let table = FieldTable(results, summary.arms, mostValues: 30, mostRows: maxRows)
            guard !table.rows.isEmpty else { return [] }
            return [
                "", "## By \(SafeText.markdown(results.field))", "",
                "| \(([SafeText.markdown(results.field)] + table.heads.dropFirst()).joined(separator: " | ")) |",
                "|---|---|---:|---|" + String(repeating: "---|", count: table.heads.count - 4),
            ]
                + table.rows.map { row in
                    "| \((row.prefix(2).map { SafeText.markdown($0) } + row.dropFirst(2)).joined(separator: " | ")) |"
                }
                + (table.note.map { ["", $0] } ?? [])
        }
    }

    private static func accuracyAndCost(_ summary: RunSummary) -> [String] {
        let table = AccuracyCostTable(summary.arms, summary.frontier)
        let heads = ["arm", "level"] + table.numberHeads + ["frontier"]
        var lines = [
            "", "## Accuracy and cost", "", "| \(heads.joined(separator: " | ")) |",
            "|---|---|\(String(repeating: "---:|", count: table.numberHeads.count))---|",
        ]
        for row in table.rows.prefix(maxRows) {
            let mark = row.isOracle ? "oracle, apart" : row.frontiers.contains(.totalTokens) ? "yes" : ""
            let cells = [SafeText.markdown(row.arm), SafeText.markdown(row.level)] + row.numbers + [mark]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        lines += [
            "",
            "Costs are per graded session. Frontier: no other arm is as accurate for fewer total tokens; oracles apart."
                + (table.numberHeads.contains("P(frontier)")
                    ? " P(frontier): the share of resamples of the items in which the row is on it." : ""),
        ]
        if table.rows.count > maxRows { lines.append("\(table.rows.count - maxRows) more rows are in summary.json.") }
        return lines
    }

    private static func further(_ summary: RunSummary) -> [String] {
        let table = FurtherMetrics(summary.arms)
        guard !table.rows.isEmpty else { return [] }
        let heads = ["arm", "level"] + table.names.map { SafeText.markdown($0) }
        return [
            "", "## Further metrics", "", "| \(heads.joined(separator: " | ")) |",
            "|---|---|\(String(repeating: "---:|", count: table.names.count))",
        ]
            + table.rows.prefix(maxRows).map { row in
                let cells =
                    [SafeText.markdown(row.arm), SafeText.markdown(row.level)] + row.values.map(FurtherMetrics.interval)
                return "| \(cells.joined(separator: " | ")) |"
            }
    }

    private static func judging(_ summary: RunSummary) -> [String] {
        guard let judging = summary.judging else { return [] }
        return ["", "## Judging", ""] + judging.lines(unit: summary.costUnit).map { "- \(SafeText.markdown($0))" }
    }

    /// Numbers about whole arms.
    private static func scaling(_ summary: RunSummary) -> [String] {
        guard !summary.scaling.isEmpty else { return [] }
        var lines = ["", "## Scaling", "", "| arm | metric | value [95 %] | items |", "|---|---|---:|---:|"]
        for entry in summary.scaling.prefix(maxRows) {
            lines.append(
                "| \(SafeText.markdown(entry.arm)) | \(SafeText.markdown(entry.metric)) | "
                    + "\(SafeText.markdown(entry.shown)) | \(entry.items) |"
            )
        }
        return lines
    }

    private static func notes(_ summary: RunSummary) -> [String] {
        var lines = summary.problems.map { "- **failed** \(SafeText.markdown($0))" }
        lines += summary.leftOutTexts.map { "- **incomplete** \(SafeText.markdown($0))" }
        if let repeated = summary.repeatedRows { lines.append("- **warning** \(repeated.warning).") }
        if let service = summary.serviceText { lines.append("- \(service); `evalh resume` asks them again.") }
        if let allocation = summary.allocation {
            lines.append(
                "- Sessions were chosen by \(SafeText.markdown(allocation.allocator)) in \(allocation.rounds) rounds: "
                    + SafeText.markdown(allocation.reason)
                    + (allocation.weighted ? ". Means are weighted to stand for all items." : "."))
        }
        return lines.isEmpty ? [] : ["", "## Notes", ""] + lines
    }

    private static func comparisons(_ summary: RunSummary, _ names: OracleNames) -> [String] {
        guard !summary.comparisons.isEmpty else { return [] }
        var lines = [
            "", "## Paired comparisons", "",
            "| a | b | a − b, points [95 %] | p | p adj. | test | detectable | items | only a | only b |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for comparison in summary.comparisons.prefix(maxRows) {
            let interval = [comparison.ciLow, comparison.ciHigh].map { $0.map(Numbers.signedPoints) ?? "–" }.joined(
                separator: ", ")
            lines.append(
                "| \(SafeText.markdown(names.title(comparison.a))) | \(SafeText.markdown(names.title(comparison.b))) | "
                    + "\(Numbers.signedPoints(comparison.difference)) "
                    + "[\(interval)] | \(Numbers.probability(comparison.pValue)) | "
                    + "\(Numbers.probability(comparison.pAdjusted)) "
                    + "| \(comparison.test) | \(comparison.detectable.map(Numbers.points) ?? "–") | \(comparison.n) "
                    + "| \(comparison.flips.aOnly) | \(comparison.flips.bOnly) |")
        }
        lines += [
            "",
            "p adj.: by Holm's rule over these comparisons. Detectable: the smallest difference these items show with "
                + "80 % power, in points.",
        ]
        return lines
    }

    private static func gates(_ summary: RunSummary, _ names: OracleNames) -> [String] {
        guard !summary.gates.isEmpty else { return [] }
        var lines = ["", "## Gates", ""]
        for gate in summary.gates {
            lines.append(
                "- **\(gate.verdict)** \(SafeText.markdown(names.gate(gate.text))): "
                    + "\(SafeText.markdown(names.gate(gate.detail)))"
            )
        }
        return lines
    }
}
