internal import JSON

/// What confidences are worth: reliability, risk at each coverage, and regret at each budget.
enum CalibrationSection {
    static func render(_ summary: RunSummary) -> String {
        PageTemplate.pair([reliability(summary), risk(summary), regret(summary)])
    }

    /// A metric's details wherever it stands: beside an arm's row, or about a whole arm.
    private static func details(_ summary: RunSummary, _ metric: String) -> [(
        name: String, value: Double?, detail: JSONValue
    )] {
        let titles = ReportPage.titles(summary)
        return summary.arms.compactMap { arm in arm.metrics[metric].map { (arm.fullTitle, $0.value, $0.detail) } }
            + summary.scaling.filter { $0.metric == metric }.map { entry in
                let value: Double? = entry.value
                return (titles[entry.arm] ?? entry.arm, value, entry.detail)
            }
    }

    private static func named(_ name: String, _ word: String, _ value: Double?) -> String {
        "\(name), \(word) \(ScalingSection.short(value))"
    }

    private static func reliability(_ summary: RunSummary) -> String {
        let series = details(summary, "ece").enumerated().map { place, entry in
            CurvePlot.Series(
                name: named(entry.name, "ECE", entry.value), colour: place,
                points: entry.detail["bins"].elements.compactMap { bin in
                    guard (bin["count"].number ?? 0) > 0, let x = bin["confidence"].number,
                        let y = bin["accuracy"].number
                    else {
                        return nil
                    }
                    return .init(x: x, y: y)
                })
        }
        return CurvePlot(
            title: "Reliability", xTitle: "confidence", yTitle: "accuracy", xAxis: .share, series: series,
            showsDiagonal: true,
            caption: "On the dashed line, confidence is what accuracy turns out to be; below it, too high."
        ).html
    }

    private static func risk(_ summary: RunSummary) -> String {
        let series = details(summary, "aurc").enumerated().map { place, entry in
            CurvePlot.Series(
                name: named(entry.name, "AURC", entry.value), colour: place, curve: entry.detail["curve"].pairs)
        }
        return CurvePlot(
            title: "Accuracy at each coverage", xTitle: "coverage, the most confident first",
            yTitle: "accuracy of what is covered",
            xAxis: .share, series: series, caption: "Risk is what is missing to 100 %. A useful confidence starts high."
        ).html
    }

    private static func regret(_ summary: RunSummary) -> String {
        let series = details(summary, "regret").enumerated().map { place, entry in
            let (budgets, regrets) = (entry.detail["budgets"].elements, entry.detail["regret"].elements)
            let (lows, highs) = (entry.detail["ci_low"].elements, entry.detail["ci_high"].elements)
            let points = zip(budgets, regrets).enumerated().compactMap { index, pair -> CurvePlot.Point? in
                guard let x = pair.0.number, let y = pair.1.number else { return nil }
                return .init(
                    x: x, y: y, low: index < lows.count ? lows[index].number : nil,
                    high: index < highs.count ? highs[index].number : nil)
            }
            return CurvePlot.Series(name: entry.name, colour: place, points: points)
        }
        return CurvePlot(
            title: "Regret at each budget", xTitle: "budget, tokens", yTitle: "regret", yAxis: .cost, series: series,
            caption: "How far accuracy stays below the best that the budget could buy."
        ).html
    }
}
