internal import JSON

/// ARISE: what each step from level to level brought, how single items fared, and those that more compute made worse.
enum AriseSection {
    private static let (worst, best) = (20, 10)

    static func render(_ summary: RunSummary) -> String {
        let titles = ReportPage.titles(summary)
        let entries = summary.scaling.filter { $0.metric == "arise" && !$0.detail["steps"].elements.isEmpty }
        return entries.isEmpty
            ? ""
            : PageTemplate.render("arise", ["entries": entries.map { values($0, title: titles[$0.arm] ?? $0.arm) }])
    }

    private static func values(_ entry: RunSummary.Scaling, title: String) -> [String: Any] {
        let labels = entry.levels.map(\.label)
        let items = Items(entry.detail)
        return [
            "title": title, "waterfall": waterfall(entry, labels), "steps": steps(entry, labels),
            "hasCounts": !counts(entry.detail).isEmpty, "counts": counts(entry.detail),
            "negative": negative(entry.detail["negative"]),
            "trajectories": table(items.negative, "Items that more compute made worse, \(title)", labels, open: true)
                + table(items.positive, "Items that gained most, \(title)", labels, open: false),
            "shown": items.negative.count + items.positive.count, "total": items.total,
        ]
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
                    "\(ScalingSection.short(step["improved"].number)) items improved, "
                    + "\(ScalingSection.short(step["degraded"].number)) degraded"
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

    private static func counts(_ detail: JSONValue) -> [[String: String]] {
        [
            ("improved", "items_improved"), ("degraded", "items_degraded"), ("always right", "items_always_right"),
            ("always wrong", "items_always_wrong"), ("mixed", "items_mixed"),
        ].compactMap { word, key in
            detail[key].number.map { ["name": word, "value": ScalingSection.short($0)] }
        }
    }

    private static func negative(_ drops: JSONValue?) -> String {
        guard let items = drops["items"].number else { return "" }
        func short(_ key: String) -> String { ScalingSection.short(drops[key].number) }
        return PageTemplate.note(
            "Negative scaling: \(ScalingSection.short(items)) items lost accuracy at some step, "
                + "\(short("drops")) drops in all, \(short("severe")) of them severe; "
                + "a drop cost \(short("mean_extra_tokens")) tokens more on average.")
    }

    /// The items that lost and won most.
    private struct Items {
        let negative: [JSONValue]
        let positive: [JSONValue]
        let total: Int

        init(_ detail: JSONValue) {
            let items = detail["items"].elements.filter { $0["item"].number != nil }
            negative = Array(items.filter { ($0["value"].number ?? 0) < 0 }.prefix(worst))
            positive = Array(
                items.filter { ($0["value"].number ?? 0) > 0 }
                    .sorted { ($0["value"].number ?? 0) > ($1["value"].number ?? 0) }.prefix(best))
            total = items.count + Int(min(1e9, detail["items_omitted"].number ?? 0))
        }
    }

    /// Items' accuracy at each level as a row of shaded cells.
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
                return .html(PageTemplate.render("heat", ["quarter": share / 25, "text": Numbers.percent(value)]))
            }
            return [
                .html(PageTemplate.render("item", ["ordinal": ordinal])),
                .number(item["value"].number.map(WaterfallPlot.signed) ?? "–"),
            ]
                + cells + [.number(ends)]
        }
        return table.folded("\(caption) (\(items.count))", open: open)
    }
}
