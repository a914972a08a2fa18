internal import JSON

/// The page's plots, one an axis of cost, of which radio buttons and CSS show one; no script. Beneath them their
/// numbers.
enum FrontierSection {
    static func render(_ arms: [RunSummary.Arm], _ frontiers: [RunSummary.CostFrontier] = []) -> String {
        let plots = CostAxis.allCases.compactMap { FrontierPlot(arms, $0) }
        guard let shown = plots.first(where: { $0.axis == .totalTokens }) ?? plots.first else {
            return arms.isEmpty ? "" : PageTemplate.render("plain", ["text": "No graded sessions yet."])
        }
        // The buttons stand before the plots, as CSS only finds what follows.
        let values = plots.map { plot -> [String: Any] in
            [
                "axis": plot.axis.rawValue, "word": plot.axis.word, "shown": plot.axis == shown.axis, "svg": plot.svg,
                "caption": caption(plot, of: arms.count),
            ]
        }
        return PageTemplate.render("frontier", ["plots": values]) + table(AccuracyCostTable(arms, frontiers))
    }

    private static func caption(_ plot: FrontierPlot, of arms: Int) -> String {
        var text =
            "Whiskers: 95 % intervals. Steps: the frontier, the best accuracy at each cost. Thin lines: an arm's "
            + "levels. "
        if plot.points.contains(where: \.arm.oracle) {
            text += "Hollow: an oracle, which knows targets and is never on the frontier. "
        }
        if plot.points.count < arms { text += "Not shown, for want of a number: \(arms - plot.points.count). " }
        return text + "Point at a mark for its numbers."
    }

    private static func table(_ table: AccuracyCostTable) -> String {
        var html = HTMLTable(
            caption: "Accuracy and cost", heads: ["arm", "level"] + table.numberHeads + ["on the frontier of"])
        html.rows = table.rows.map { row in
            let mark = row.isOracle ? "oracle, apart" : row.frontiers.map(\.word).joined(separator: ", ")
            return [.text(row.arm), .text(row.level)] + row.numbers.map { .number($0) } + [.text(mark)]
        }
        let note = "P(frontier): the chance of a row to be on the frontier of total tokens, by resampling the items."
        return html.html + (table.numberHeads.contains("P(frontier)") ? PageTemplate.note(note) : "")
    }
}
