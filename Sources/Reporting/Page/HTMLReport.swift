/// `report.html`: one file without scripts or outside references, so that it opens from disk and nothing a model said can act.
enum HTMLReport {
    /// Sessions shown; the rest is in samples.jsonl.
    static let maxExamples = 60

    /// A session worth looking at.
    struct Example {
        var item: String
        var arm: String
        var why: String
        var input: String
        var target: String
        var answer: String
    }

    static func render(_ summary: RunSummary, examples: [Example]) -> String {
        let names = OracleNames(summary.arms)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(SafeText.html(summary.suite)) · evalh</title><style>\(style)\(FrontierSection.style)</style></head><body><main>
            <h1>\(SafeText.html(summary.suite)) <small>\(summary.status.rawValue)</small></h1>
            <p>\(summary.dataset.items) items of \(SafeText.html(summary.dataset.name)) · run <code>\(SafeText.html(summary.runID))</code> · paid
            \(summary.paid.tokens.totalTokens) tokens in \(summary.paid.tokens.requests) requests\(summary.paid.usd.map { ", " + Numbers.usd($0) } ?? "")</p>
            \(gates(summary, names))
            \(FrontierSection.render(summary.arms))
            <h2>Arms</h2>\(arms(summary))
            \(comparisons(summary, names))
            \(extraction(summary))
            \(exampleList(examples))
            <h2>Provenance</h2><table><tbody>\(summary.provenance.sorted { $0.key < $1.key }
            .map { "<tr><th scope=\"row\">\(SafeText.html($0.key))</th><td><code>\(SafeText.html($0.value))</code></td></tr>" }.joined())</tbody></table>
            </main></body></html>

            """
    }

    private static func gates(_ summary: RunSummary, _ names: OracleNames) -> String {
        guard !summary.gates.isEmpty else { return "" }
        let rows = summary.gates.map { gate in
            "<li class=\"\(SafeText.html(gate.verdict))\"><strong>\(SafeText.html(gate.verdict))</strong> "
                + "<code>\(SafeText.html(names.gate(gate.text)))</code> \(SafeText.html(names.gate(gate.detail)))</li>"
        }
        return "<h2>Gates</h2><ul class=\"gates\">\(rows.joined())</ul>"
    }

    private static func arms(_ summary: RunSummary) -> String {
        let rows = summary.arms.map { arm in
            let cells = [
                Numbers.interval(arm.metrics["accuracy"]), Numbers.percent(arm.metrics["accuracy_strict"]?.value),
                Numbers.percent(arm.metrics["accuracy_completed"]?.value), Numbers.tokens(arm.metrics["tokens"]?.value),
                String(arm.usage.tokens.promptTokens), String(arm.usage.tokens.cancelledTokens), Numbers.usd(arm.usage.usd),
                Numbers.percent(arm.truncatedRate), "\(arm.errors)/\(arm.sessions)", Numbers.seconds(arm.latency.criticalPath?.p50),
                Numbers.seconds(arm.latency.criticalPath?.p99),
            ]
            return "<tr><th scope=\"row\">\(SafeText.html(arm.title))</th><td>\(SafeText.html(arm.level?.label ?? ""))</td>"
                + "<td>\(SafeText.html(arm.strategy))</td><td>\(SafeText.html(arm.model))</td>"
                + cells.map { "<td class=\"n\">\($0)</td>" }.joined() + "</tr>"
        }
        let heads = [
            "arm", "level", "strategy", "model", "accuracy [95 %]", "strict", "on completed", "tokens/session", "prompt tokens",
            "cancelled tokens", "cost", "cut off", "errors", "p50", "p99",
        ]
        return
            "<table><thead><tr>\(heads.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead><tbody>\(rows.joined())</tbody></table>"
            + "<p class=\"note\">Accuracy counts every graded session; cut-off answers count as wrong. Its interval is Wilson's for one session an "
            + "item, clustered by item otherwise. Tokens are what the arm would have paid alone; samples are shared between arms.</p>"
    }

    private static func comparisons(_ summary: RunSummary, _ names: OracleNames) -> String {
        guard !summary.comparisons.isEmpty else { return "" }
        let rows = summary.comparisons.map { comparison in
            let interval = [comparison.ciLow, comparison.ciHigh].map { $0.map(Numbers.signedPoints) ?? "–" }.joined(separator: ", ")
            return
                "<tr><th scope=\"row\">\(SafeText.html(names.title(comparison.a)))</th><td>\(SafeText.html(names.title(comparison.b)))</td>"
                + "<td class=\"n\">\(Numbers.signedPoints(comparison.difference)) [\(interval)]</td>"
                + "<td class=\"n\">\(SafeText.html(Numbers.probability(comparison.pValue)))</td><td>\(SafeText.html(comparison.test))</td>"
                + "<td class=\"n\">\(comparison.n)</td><td class=\"n\">\(comparison.flips.aOnly)</td><td class=\"n\">\(comparison.flips.bOnly)</td></tr>"
        }
        let heads = ["a", "b", "a − b, points [95 %]", "p", "test", "items", "only a right", "only b right"]
        return "<h2>Paired comparisons</h2><table><thead><tr>\(heads.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>"
            + "<tbody>\(rows.joined())</tbody></table>"
    }

    private static func extraction(_ summary: RunSummary) -> String {
        let stages = Set(summary.arms.flatMap { $0.extraction.keys }).sorted()
        guard !stages.isEmpty else { return "" }
        let rows = summary.arms.map { arm in
            "<tr><th scope=\"row\">\(SafeText.html(arm.title)) \(SafeText.html(arm.level?.label ?? ""))</th>"
                + stages.map { "<td class=\"n\">\(arm.extraction[$0] ?? 0)</td>" }.joined() + "</tr>"
        }
        return "<h2>How answers were found</h2><table><thead><tr><th scope=\"col\">arm</th>"
            + stages.map { "<th scope=\"col\">\(SafeText.html($0))</th>" }.joined() + "</tr></thead><tbody>\(rows.joined())</tbody></table>"
    }

    private static func exampleList(_ examples: [Example]) -> String {
        guard !examples.isEmpty else { return "" }
        let blocks = examples.prefix(maxExamples).map { example in
            "<details><summary>\(SafeText.html(example.arm)) · \(SafeText.html(example.item)) · \(SafeText.html(example.why))</summary>"
                + "<h4>Input</h4><pre>\(SafeText.html(SafeText.short(example.input, 2000)))</pre>"
                + "<h4>Target</h4><pre>\(SafeText.html(SafeText.short(example.target, 500)))</pre>"
                + "<h4>Answer</h4><pre>\(SafeText.html(SafeText.short(example.answer, 4000)))</pre></details>"
        }
        return "<h2>Sessions to look at</h2>\(blocks.joined())<p class=\"note\">All sessions are in <code>samples.jsonl</code>.</p>"
    }

    private static let style = """
        :root{color-scheme:light dark;--line:#8884;--muted:#777}body{font:15px/1.5 system-ui,sans-serif;margin:0}
        main{max-width:1100px;margin:0 auto;padding:1.5rem}h1 small{font-size:.55em;color:var(--muted)}
        table{border-collapse:collapse;width:100%;font-size:.9em;display:block;overflow-x:auto}th,td{padding:.3em .6em;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
        td.n{text-align:right;font-variant-numeric:tabular-nums}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;padding:.6em;max-height:24em;overflow:auto}
        .gates{list-style:none;padding:0}.gates li{padding:.3em .6em;border-left:4px solid;margin:.3em 0}.gates .pass{border-color:#2a9d4e}.gates .fail{border-color:#d33}.gates .inconclusive{border-color:#e6a700}
        .note{color:var(--muted);font-size:.9em}details{border-bottom:1px solid var(--line);padding:.3em 0}
        """
}
