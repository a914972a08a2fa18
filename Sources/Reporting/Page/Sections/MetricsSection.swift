internal import Foundation
internal import JSON

/// What metrics and allocators gave beside the numbers that every arm has.
enum MetricsSection {
    static func render(_ summary: RunSummary) -> String {
        var table = HTMLTable(
            caption: "Further metrics", heads: ["arm", "level", "metric", "value [95 %]", "items", "interval"])
        for arm in summary.arms {
            for (name, metric) in arm.metrics.sorted(by: { $0.key < $1.key }) where !FurtherMetrics.own.contains(name) {
                table.rows.append(row(arm.title, arm.level?.label ?? "", name, metric))
            }
        }
        for (name, metric) in summary.metrics.sorted(by: { $0.key < $1.key }) {
            table.rows.append(row("the run", "", name, metric))
        }
        return table.html
    }

    private static func row(_ arm: String, _ level: String, _ name: String, _ metric: RunSummary.Metric) -> [HTMLTable
        .Cell]
    {
        var value = text(metric.value)
        if let low = metric.ciLow, let high = metric.ciHigh { value += " [\(text(low)), \(text(high))]" }
        return [.text(arm), .text(level), .text(name), .number(value), .number("\(metric.n)"), .text(metric.method)]
    }

    private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}
