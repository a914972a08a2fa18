/// What each step adds to a sum, bar by bar, as inline SVG.
struct WaterfallPlot {
    struct Step {
        var name: String
        var contribution: Double
        /// Words for who points at the bar.
        var detail: String
    }

    private static let (left, right, top, bottom) = (58.0, 602.0, 34.0, 252.0)

    var title: String
    var steps: [Step]
    var total: Double
    var caption: String

    /// Empty where there is no step.
    var html: String {
        let steps = steps.filter(\.contribution.isFinite)
        guard !steps.isEmpty, total.isFinite else { return "" }
        var sums = [0.0]
        for step in steps { sums.append(sums[sums.count - 1] + step.contribution) }
        let y = PlotScale(signed: sums + [total], from: Self.bottom, to: Self.top)
        let slot = (Self.right - Self.left) / Double(steps.count + 1)
        let half = min(28, slot * 0.34)
        func centre(_ place: Int) -> Double { Self.left + slot * (Double(place) + 0.5) }
        var svg = SVG.text(Self.left, 18, title, anchor: "start", style: "title")
        for tick in y.ticks {
            svg += SVG.line(Self.left, y(tick), Self.right, y(tick), "grid")
            svg += SVG.text(Self.left - 8, y(tick) + 4, Self.signed(tick), anchor: "end", style: "tick")
        }
        for (place, step) in steps.enumerated() {
            let (from, to) = (y(sums[place]), y(sums[place + 1]))
            let style = step.contribution < 0 ? "loss" : "gain"
            svg += "<g><title>\(SafeText.html("\(step.name): \(step.detail)"))</title>"
            svg += SVG.rectangle(
                centre(place) - half, min(from, to), centre(place) + half, max(max(from, to), min(from, to) + 1), style)
            svg += "</g>" + SVG.line(centre(place) + half, to, centre(place + 1) - half, to, "leader")
            svg += SVG.text(
                centre(place), min(from, to) - 6, Self.signed(step.contribution), anchor: "middle", style: "label")
            svg += SVG.text(
                centre(place), Self.bottom + 18, SafeText.short(step.name, max(4, Int(slot / 7))), anchor: "middle",
                style: "tick")
        }
        let (from, to) = (y(0), y(total))
        svg += SVG.rectangle(
            centre(steps.count) - half, min(from, to), centre(steps.count) + half, max(from, to), "sum")
        svg += SVG.text(centre(steps.count), min(from, to) - 6, Self.signed(total), anchor: "middle", style: "label")
        svg += SVG.text(centre(steps.count), Self.bottom + 18, "sum", anchor: "middle", style: "tick")
        svg += SVG.line(Self.left, y(0), Self.right, y(0), "axis")
        let words =
            steps.map { "\($0.name): \(Self.signed($0.contribution))" }.joined(separator: "; ")
            + "; sum \(Self.signed(total))"
        return SVG.figure(width: 620, height: 284, title: title, words: words, content: svg, caption: caption)
    }

    static func signed(_ value: Double) -> String {
        let size = abs(value)
        return (value < 0 ? "−" : value > 0 ? "+" : "")
            + (size < 0.000_05 ? "0" : Numbers.short((size * 1e4).rounded() / 1e4))
    }
}
