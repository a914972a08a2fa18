internal import JSON

/// ARISE: what each step from level to level brought, how single items fared, and those that more compute made worse.
enum AriseSection {
    private static let (worst, best) = (20, 10)

    static func render(_ summary: RunSummary) -> String {
        let titles = ReportPage.titles(summary)
        return summary.scaling.filter { $0.metric == "arise" && !$0.detail["steps"].elements.isEmpty }.map { entry in
            let title = titles[entry.arm] ?? entry.arm
            let labels = entry.levels.map(\.label)
            return "<h3>\(SafeText.html(title))</h3>\n<div class=\"pair\"><div>\(waterfall(entry, labels))</div>"
                + "<div>\(steps(entry, labels))\(negative(entry.detail))</div></div>"
                + trajectories(entry, title, labels)
        }.joined(separator: "\n")
    }

    private static func name(_ step: JSONValue, _ labels: [String]) -> String {
        // A level is named by what changes: `samples=4` becomes 4 where all say samples.
        [step["from"], step["to"]].map { level in
            guard let index = level.number.flatMap({ Int(exactly: $0) }) else { return level.label }
            guard labels.indices.contains(index) else { return "\(index)" }
            return String(labels[index].split(separator: "=").last ?? "\(index)")
        }.joined(separator: " → ")
    }

    private static func waterfall(_ entry: RunSummary.Scaling, _ labels: [String]) -> String {
        let steps = entry.detail["steps"].elements.map { step in
            WaterfallPlot.Step(
                name: name(step, labels), contribution: step["contribution"].number ?? .nan,
                detail:
                    "\(ScalingSection.short(step["improved"].number)) items improved, \(ScalingSection.short(step["degraded"].number)) degraded"
            )
        }
        let value: Double? = entry.value
        let interval = [entry.ciLow, entry.ciHigh].compactMap { $0 }.map { WaterfallPlot.signed($0) }
        return WaterfallPlot(
            title: "Contribution of each step", steps: steps, total: value ?? .nan,
            caption: "Means over \(entry.items) items; the steps sum to ARISE"
                + (interval.count == 2 ? ", 95 % interval \(interval[0]) to \(interval[1])." : ".")
        ).html
    }

    private static func steps(_ entry: RunSummary.Scaling, _ labels: [String]) -> String {
        var table = HTMLTable(
            caption: "Gains and losses by step", heads: ["step", "contribution", "improved", "degraded", "unchanged"],
            isSortable: false)
        table.rows = entry.detail["steps"].elements.map { step in
            [.text(name(step, labels)), .number(step["contribution"].number.map(WaterfallPlot.signed) ?? "–")]
                + ["improved", "degraded", "unchanged"].map { .number(step[$0].label) }
        }
        return table.html
    }

    private static func negative(_ detail: JSONValue) -> String {
        let counts = [
            ("improved", "items_improved"), ("degraded", "items_degraded"), ("always right", "items_always_right"),
            ("always wrong", "items_always_wrong"), ("mixed", "items_mixed"),
        ].compactMap { word, key in
            detail[key].number.map { "<div><dt>\(word)</dt><dd>\(ScalingSection.short($0))</dd></div>" }
        }
        let drops = detail["negative"]
        var text = counts.isEmpty ? "" : "<dl class=\"facts small\">\(counts.joined())</dl>"
        if let items = drops["items"].number {
            text +=
                "<p class=\"note\">Negative scaling: \(ScalingSection.short(items)) items lost accuracy at some step, "
                + "\(ScalingSection.short(drops["drops"].number)) drops in all, \(ScalingSection.short(drops["severe"].number)) of them severe; "
                + "a drop cost \(ScalingSection.short(drops["mean_extra_tokens"].number)) tokens more on average.</p>"
        }
        return text
    }

    /// The items that lost and won most, their accuracy at each level as a row of shaded cells.
    private static func trajectories(_ entry: RunSummary.Scaling, _ title: String, _ labels: [String]) -> String {
        let items = entry.detail["items"].elements.filter { $0["item"].number != nil }
        let negative = items.filter { ($0["value"].number ?? 0) < 0 }.prefix(worst)
        let positive = items.filter { ($0["value"].number ?? 0) > 0 }
            .sorted { ($0["value"].number ?? 0) > ($1["value"].number ?? 0) }.prefix(best)
        let total = items.count + Int(min(1e9, entry.detail["items_omitted"].number ?? 0))
        return table(Array(negative), "Items that more compute made worse, \(title)", labels, open: true)
            + table(Array(positive), "Items that gained most, \(title)", labels, open: false)
            + "<p class=\"note\">\(negative.count + positive.count) of \(total) items are shown; <code>summary.json</code> has up to 400.</p>"
    }

    private static func table(_ items: [JSONValue], _ caption: String, _ labels: [String], open: Bool) -> String {
        guard let first = items.first else { return "" }
        let levels = first["accuracy"].elements.indices.map { labels.indices.contains($0) ? labels[$0] : "level \($0)" }
        var table = HTMLTable(caption: caption, heads: ["item", "value"] + levels + ["tokens, first to last"])
        table.rows = items.map { item in
            let ordinal = Int(max(0, min(1e9, item["item"].number ?? 0)))
            let tokens = item["tokens"].numbers
            let ends = [tokens.first, tokens.last].map { Numbers.tokens($0) }.joined(separator: " → ")
            let cells: [HTMLTable.Cell] = levels.indices.map { level in
                let accuracies = item["accuracy"].elements
                guard level < accuracies.count, let value = accuracies[level].number else { return .text("–") }
                let share = Int((min(max(value, 0), 1) * 100).rounded())
                return .html("<span class=\"heat h\(share / 25)\">\(Numbers.percent(value))</span>")
            }
            return [
                .html("<span data-item=\"\(ordinal)\">#\(ordinal)</span>"),
                .number(item["value"].number.map(WaterfallPlot.signed) ?? "–"),
            ]
                + cells + [.number(ends)]
        }
        return
            "<details class=\"numbers\"\(open ? " open" : "")><summary>\(SafeText.html(caption)) (\(items.count))</summary>\(table.html)</details>"
    }
}
