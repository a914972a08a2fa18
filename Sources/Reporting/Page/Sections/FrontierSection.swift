internal import JSON

/// The page's plots, one an axis of cost, of which radio buttons and CSS show one; no script. Beneath them their
/// numbers.
enum FrontierSection {
    static func render(_ arms: [RunSummary.Arm], _ frontiers: [RunSummary.CostFrontier] = []) -> String {
        let plots = CostAxis.allCases.compactMap { FrontierPlot(arms, $0) }
        guard let shown = plots.first(where: { $0.axis == .totalTokens }) ?? plots.first else {
            return arms.isEmpty ? "" : "<p>No graded sessions yet.</p>"
        }
        // The buttons stand before the plots, as CSS only finds what follows.
        let choices = plots.map { plot in
            let id = "axis-\(plot.axis.rawValue)"
            return "<input type=\"radio\" name=\"axis\" id=\"\(id)\"\(plot.axis == shown.axis ? " checked" : "")>"
                + "<label for=\"\(id)\">\(plot.axis.word)</label>"
        }
        let figures = plots.map { plot in
            "<figure id=\"plot-\(plot.axis.rawValue)\"><div class=\"scroll\">\(plot.svg)</div><figcaption class=\"note\">\(caption(plot, of: arms.count))</figcaption></figure>"
        }
        return
            "<fieldset class=\"axes\"><legend>Cost</legend>\(choices.joined())\(figures.joined(separator: "\n"))</fieldset>"
            + table(AccuracyCostTable(arms, frontiers))
    }

    private static func caption(_ plot: FrontierPlot, of arms: Int) -> String {
        var text =
            "Whiskers: 95 % intervals. Steps: the frontier, the best accuracy at each cost. Thin lines: an arm's levels. "
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
        return html.html + (table.numberHeads.contains("P(frontier)") ? "<p class=\"note\">\(note)</p>" : "")
    }

    /// The style sheet's part about plots of the frontier, and the colours of all plots.
    static let style =
        [rules, choice, ":root{\(variables(FrontierPlot.colours))}", dark, series].joined(separator: "\n") + "\n"

    private static let rules = """
        .axes{border:0;margin:0;padding:0;min-width:0}.axes>legend{float:left;padding:0;margin-right:.8em;color:var(--muted)}.axes label{margin:0 1em 0 .3em}
        .axes figure{display:none}.title{font-weight:600;font-size:14px}.tick{opacity:.8}.grid{stroke:var(--line)}.axis,.leader{stroke:var(--muted)}.bar{stroke-width:1.5;stroke-opacity:.75}
        .leader{stroke-width:.7}.levels{stroke-width:1;stroke-opacity:.7}.frontier{stroke:var(--muted);stroke-width:2.5;stroke-opacity:.6}
        .label{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
        """

    private static let choice =
        CostAxis.allCases.map { "#axis-\($0.rawValue):checked~#plot-\($0.rawValue)" }.joined(separator: ",")
        + "{display:block}"

    private static let dark = """
        @media(prefers-color-scheme:dark){:root:not([data-theme=light]){\(variables(darkColours))}}
        :root[data-theme=dark]{\(variables(darkColours))}
        @media print{:root,:root:not([data-theme=light]),:root[data-theme=dark]{\(variables(FrontierPlot.colours))}}
        """

    private static let series = FrontierPlot.colours.indices.map {
        "g.s\($0){fill:var(--s\($0))}.s\($0){stroke:var(--s\($0))}"
    }.joined()

    private static let darkColours = [
        "#56b4e9", "#ff8a3c", "#2fcf9f", "#e39cc4", "#e6b422", "#8fd0f5", "#c9c94a", "#c48bd4",
    ]

    private static func variables(_ colours: [String]) -> String {
        colours.enumerated().map { "--s\($0):\($1);" }.joined()
    }
}
