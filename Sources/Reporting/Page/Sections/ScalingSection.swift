internal import JSON

/// Accuracy against the tokens of an arm's levels, and the curves that were fitted to them.
enum ScalingSection {
    static func render(_ summary: RunSummary) -> String {
        let blocks = [levels(summary)] + fits(summary)
        let pair = PageTemplate.pair(blocks)
        return pair.isEmpty ? "" : pair + values(summary)
    }

    /// Arms with levels, in the suite's order, each with its rows.
    static func arms(_ summary: RunSummary) -> [(title: String, rows: [RunSummary.Arm])] {
        var order: [String] = []
        for arm in summary.arms where arm.level != nil && !order.contains(arm.id) { order.append(arm.id) }
        return order.map { id in
            let rows = summary.arms.filter { $0.id == id }
            return (rows[0].title, rows)
        }
    }

    private static func levels(_ summary: RunSummary) -> String {
        let series = arms(summary).enumerated().compactMap { place, arm -> CurvePlot.Series? in
            let points = arm.rows.compactMap { row -> CurvePlot.Point? in
                guard let accuracy = row.metrics["accuracy"], let tokens = row.metrics["total_tokens"]?.value else {
                    return nil
                }
                return .init(x: tokens, y: accuracy.value, low: accuracy.ciLow, high: accuracy.ciHigh)
            }
            return points.count > 1 ? .init(name: arm.title, colour: place, points: points) : nil
        }
        return CurvePlot(
            title: "Accuracy by level", xTitle: "total tokens per session", yTitle: "accuracy", series: series,
            caption: "Each mark is a level, with its 95 % interval."
        ).html
    }

    private static func fits(_ summary: RunSummary) -> [String] {
        let titles = ReportPage.titles(summary)
        return summary.scaling.filter { !$0.detail["curve"].pairs.isEmpty && $0.metric != "aurc" }.map { fit in
            let x = fit.detail["x"].text ?? "compute"
            let points = fit.detail["points"].elements.compactMap { point -> CurvePlot.Point? in
                guard let x = point["x"].number, let y = point["y"].number else { return nil }
                return .init(x: x, y: y, low: point["ci_low"].number, high: point["ci_high"].number)
            }
            var caption = fit.detail["formula"].text.map { $0 + ". " } ?? ""
            caption += fit.detail["parameters"].fields.prefix(8).map { parameter($0.key, $0.value) }.joined(
                separator: ", ")
            for name in ["r2", "rmse"] {
                if let value = fit.detail[name].number {
                    caption += "; \(name == "r2" ? "R²" : "RMSE") \(short(value))"
                }
            }
            let arm = titles[fit.arm] ?? fit.arm
            return CurvePlot(
                title: "\(fit.metric) of \(SafeText.short(arm, 40))", xTitle: x, yTitle: "accuracy",
                series: [
                    .init(name: "measured", colour: 0, points: points),
                    .init(
                        name: "fitted", colour: 1, curve: fit.detail["curve"].pairs.prefix(200).map { $0 },
                        isDashed: true),
                ], caption: caption
            ).html
        }
    }

    private static func parameter(_ name: String, _ value: JSONValue) -> String {
        let text = "\(name) \(short(value["value"].number))"
        guard let low = value["ci_low"].number, let high = value["ci_high"].number else { return text }
        return text + " [\(short(low)), \(short(high))]"
    }

    static func short(_ value: Double?) -> String {
        guard let value else { return "–" }
        return (value < 0 ? "−" : "") + Numbers.short(abs(value))
    }

    /// Every value about a whole arm, those that could not be computed with the reason.
    private static func values(_ summary: RunSummary) -> String {
        let titles = ReportPage.titles(summary)
        var table = HTMLTable(
            caption: "Values about whole arms",
            heads: ["arm", "metric", "value", "95 % low", "95 % high", "items", "note"])
        table.rows = summary.scaling.map { entry in
            let refused = entry.detail["refused"].text
            let value: Double? = entry.value
            return [
                .text(titles[entry.arm] ?? entry.arm), .text(entry.metric),
                .number(refused == nil ? short(value) : "–"),
                .number(short(entry.ciLow)), .number(short(entry.ciHigh)), .number("\(entry.items)"),
                .text(refused ?? ""),
            ]
        }
        return table.html
    }
}

extension ReportPage {
    /// Titles of arms by id.
    static func titles(_ summary: RunSummary) -> [String: String] {
        Dictionary(summary.arms.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    }
}
