internal import JSON

/// Gates with their verdicts.
enum GateSection {
    static func render(_ summary: RunSummary, _ names: OracleNames) -> String {
        guard !summary.gates.isEmpty else { return "" }
        let gates = summary.gates.map { gate in
            [
                "style": ["pass", "fail"].contains(gate.verdict) ? gate.verdict : "inconclusive",
                "verdict": gate.verdict, "text": names.gate(gate.text), "detail": names.gate(gate.detail),
            ]
        }
        return PageTemplate.render("gates", ["gates": gates])
    }
}

/// Every arm and level with its main numbers.
enum ArmsSection {
    static func render(_ summary: RunSummary) -> String {
        let heads = [
            "arm", "level", "strategy", "model", "accuracy [95 %]", "errors as wrong", "strict", "on completed",
            "tokens/session",
            "prompt tokens",
            "cancelled tokens", "cost", "cut off", "errors", "p50", "p99",
        ]
        var table = HTMLTable(caption: "Arms and levels", heads: heads)
        table.rows = summary.arms.map { arm in
            let texts: [HTMLTable.Cell] = [
                .text(arm.title), .text(arm.level?.label ?? ""), .text(arm.strategy), .text(arm.model),
            ]
            let numbers = [
                Numbers.interval(arm.metrics["accuracy"]), Numbers.interval(arm.metrics["accuracy_all"]),
                Numbers.percent(arm.metrics["accuracy_strict"]?.value),
                Numbers.percent(arm.metrics["accuracy_completed"]?.value), Numbers.tokens(arm.metrics["tokens"]?.value),
                String(arm.usage.tokens.promptTokens), String(arm.usage.tokens.cancelledTokens),
                Numbers.usd(arm.usage.usd),
                Numbers.percent(arm.truncatedRate),
                "\(arm.errors)/\(arm.sessions)" + (arm.servedInPart > 0 ? ", \(arm.servedInPart) in part" : ""),
                Numbers.seconds(arm.latency.criticalPath?.p50),
                Numbers.seconds(arm.latency.criticalPath?.p99),
            ]
            return texts + numbers.map { .number($0) }
        }
        return table.html
            + PageTemplate.note(
                "Accuracy counts every graded session; cut-off answers count as wrong, failed sessions only "
                    + "under “errors as wrong”. Its interval is Wilson's for "
                    + "one session an item, clustered by item otherwise. Tokens are what the arm would have paid "
                    + "alone; samples are shared between arms.")
    }
}

/// Every row against the first, on the items both have.
enum ComparisonSection {
    static func render(_ summary: RunSummary, _ names: OracleNames) -> String {
        var table = HTMLTable(
            caption: "Differences in accuracy on the same items",
            heads: ["a", "b", "a − b, points [95 %]", "p", "p, Holm", "test", "items", "only a right", "only b right"])
        table.rows = summary.comparisons.map { comparison in
            let interval = [comparison.ciLow, comparison.ciHigh].map { $0.map(Numbers.signedPoints) ?? "–" }.joined(
                separator: ", ")
            return [
                .text(names.title(comparison.a)), .text(names.title(comparison.b)),
                .number("\(Numbers.signedPoints(comparison.difference)) [\(interval)]"),
                .number(Numbers.probability(comparison.pValue)),
                .number(Numbers.probability(comparison.pAdjusted)),
                .text(comparison.test), .number("\(comparison.n)"), .number("\(comparison.flips.aOnly)"),
                .number("\(comparison.flips.bOnly)"),
            ]
        }
        return table.html
    }
}

/// How often answers ran into the token limit, and what that does to accuracy.
enum TruncationSection {
    static func render(_ summary: RunSummary) -> String {
        var table = HTMLTable(
            caption: "Cut-off completions by arm",
            heads: ["arm", "level", "cut off", "", "accuracy, all", "accuracy, completed", "gap, points"])
        table.rows = summary.arms.compactMap { arm in
            guard let rate = arm.truncatedRate else { return nil }
            let (all, completed) = (arm.metrics["accuracy"]?.value, arm.metrics["accuracy_completed"]?.value)
            let gap = all.flatMap { all in completed.map { Numbers.signedPoints($0 - all) } } ?? "–"
            return [
                .text(arm.title), .text(arm.level?.label ?? ""), .number(Numbers.percent(rate)), .html(SVG.meter(rate)),
                .number(Numbers.percent(all)), .number(Numbers.percent(completed)), .number(gap),
            ]
        }
        guard !table.rows.isEmpty else { return "" }
        return table.html
            + PageTemplate.note(
                "Cut off: the share of completions that ended at their token limit. A gap says how much of an arm's "
                    + "errors are unfinished answers.", filter: "cutoff", action: "List cut-off sessions")
    }
}

/// Which of the grader's rules found the answers.
enum ExtractionSection {
    static func render(_ summary: RunSummary) -> String {
        let stages = Set(summary.arms.flatMap { $0.extraction.keys }).sorted()
        guard !stages.isEmpty else { return "" }
        var table = HTMLTable(caption: "Sessions by the rule that found the answer", heads: ["arm", "level"] + stages)
        table.rows = summary.arms.map { arm in
            [.text(arm.title), .text(arm.level?.label ?? "")] + stages.map { .number("\(arm.extraction[$0] ?? 0)") }
        }
        return table.html
            + PageTemplate.note(
                "Where strict and lenient grades differ, look at the session before trusting either.",
                filter: "differ", action: "List strict/lenient disagreements")
    }
}

/// Versions, digests and settings.
enum ProvenanceSection {
    static func render(_ summary: RunSummary) -> String {
        var table = HTMLTable(caption: "What the run was made of", heads: ["what", "value"], isSortable: false)
        table.rows = summary.provenance.sorted { $0.key < $1.key }.map {
            [.text($0.key), .html(PageTemplate.render("code", ["text": $0.value]))]
        }
        return table.html
    }
}
