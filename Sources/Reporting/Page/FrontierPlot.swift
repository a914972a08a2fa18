internal import Foundation

/// Accuracy against completion tokens a session, each arm and level a point with its 95 % intervals, as inline SVG.
enum FrontierPlot {
    private static let width = 760.0
    private static let height = 380.0
    private static let left = 56.0
    private static let right = 16.0
    private static let top = 16.0
    private static let bottom = 46.0
    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a00", "#7f3c8d"]

    private struct Point {
        var arm: String
        var label: String
        var tokens: RunSummary.Metric
        var accuracy: RunSummary.Metric
    }

    static func render(_ arms: [RunSummary.Arm]) -> String {
        let points = arms.compactMap { arm -> Point? in
            guard let tokens = arm.metrics["tokens"], let accuracy = arm.metrics["accuracy"] else { return nil }
            return Point(
                arm: arm.id, label: [arm.id, arm.level?.label ?? ""].filter { !$0.isEmpty }.joined(separator: " "), tokens: tokens,
                accuracy: accuracy)
        }
        guard !points.isEmpty else { return "<p>No graded sessions yet.</p>" }
        let most = points.map { $0.tokens.ciHigh ?? $0.tokens.value }.max() ?? 1
        let xStep = niceStep(max(most, 1))
        let xMax = max(xStep, (most / xStep).rounded(.up) * xStep)
        func x(_ value: Double) -> Double { left + (width - left - right) * min(max(value / xMax, 0), 1) }
        func y(_ value: Double) -> Double { top + (height - top - bottom) * (1 - min(max(value, 0), 1)) }

        var svg = "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" aria-labelledby=\"plot-title\">"
        svg += "<title id=\"plot-title\">Accuracy against completion tokens per session, with 95 % intervals</title>"
        for tick in stride(from: 0.0, through: 1.0, by: 0.2) {
            svg +=
                line(left, y(tick), width - right, y(tick), "grid") + text(left - 8, y(tick) + 4, "\(Int((tick * 100).rounded()))%", "end")
        }
        for tick in stride(from: 0.0, through: xMax, by: xStep) {
            svg +=
                line(x(tick), top, x(tick), height - bottom, "grid") + text(x(tick), height - bottom + 18, Numbers.tokens(tick), "middle")
        }
        svg += text((left + width - right) / 2, height - 8, "completion tokens per session", "middle")
        var order: [String] = []
        for point in points where !order.contains(point.arm) { order.append(point.arm) }
        for arm in order {
            let colour = colours[(order.firstIndex(of: arm) ?? 0) % colours.count]
            let own = points.filter { $0.arm == arm }.sorted { $0.tokens.value < $1.tokens.value }
            if own.count > 1 {
                let path = own.map { "\(number(x($0.tokens.value))),\(number(y($0.accuracy.value)))" }.joined(separator: " ")
                svg += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-opacity=\"0.6\"/>"
            }
            for point in own { svg += mark(point, colour, x, y) }
        }
        return svg + "</svg>"
    }

    private static func mark(_ point: Point, _ colour: String, _ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
        let centre = (x(point.tokens.value), y(point.accuracy.value))
        var svg = "<g stroke=\"\(colour)\" fill=\"\(colour)\">"
        if let low = point.accuracy.ciLow, let high = point.accuracy.ciHigh { svg += line(centre.0, y(low), centre.0, y(high), "bar") }
        if let low = point.tokens.ciLow, let high = point.tokens.ciHigh { svg += line(x(low), centre.1, x(high), centre.1, "bar") }
        let description = "\(point.label): \(Numbers.interval(point.accuracy)) at \(Numbers.tokens(point.tokens.value)) tokens"
        svg +=
            "<circle cx=\"\(number(centre.0))\" cy=\"\(number(centre.1))\" r=\"4.5\"><title>\(SafeText.html(description))</title></circle></g>"
        let isRight = centre.0 > width * 0.75
        return svg + text(centre.0 + (isRight ? -9 : 9), centre.1 - 7, point.label, isRight ? "end" : "start")
    }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    }

    private static func text(_ x: Double, _ y: Double, _ content: String, _ anchor: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(SafeText.html(content))</text>"
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    /// 1, 2 or 5 times a power of ten, giving four to ten ticks.
    private static func niceStep(_ most: Double) -> Double {
        let raw = most / 6
        let power = pow(10, floor(log10(raw)))
        return ([1, 2, 5, 10].first { $0 * power >= raw } ?? 10) * power
    }
}
