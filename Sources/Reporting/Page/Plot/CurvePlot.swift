/// Lines and marks over two axes, as inline SVG with its numbers in a table beside it.
struct CurvePlot {
    struct Point {
        var x: Double
        var y: Double
        var low: Double?
        var high: Double?
    }

    struct Series {
        var name: String
        /// Its place among the colours.
        var colour: Int
        /// Marks with whiskers, joined by a thin line.
        var points: [Point] = []
        /// A curve without marks.
        var curve: [(x: Double, y: Double)] = []
        var isDashed = false
    }

    enum Axis {
        /// From 0 to 1, at most.
        case share
        /// Costs, from 0 or logarithmic.
        case cost
    }

    static let width = 620.0
    static let height = 340.0
    private static let (left, right, top, bottom) = (58.0, 602.0, 34.0, 288.0)
    /// Of more series than this only the first are drawn.
    static let maxSeries = 24

    var title: String
    var xTitle: String
    var yTitle: String
    var xAxis = Axis.cost
    var yAxis = Axis.share
    var series: [Series]
    /// Where both axes are the same, for instance what confidence ought to be.
    var showsDiagonal = false
    var caption = ""

    /// Empty where there is nothing to draw.
    var html: String {
        let series = series.prefix(Self.maxSeries).map(Self.finite).filter { !$0.points.isEmpty || !$0.curve.isEmpty }
        guard !series.isEmpty else { return "" }
        let spans = series.flatMap(\.points)
        let curves = series.flatMap(\.curve)
        let x = Self.scale(
            xAxis,
            spans.map { .init(value: $0.x, low: nil, high: nil) }
                + curves.map { .init(value: $0.x, low: nil, high: nil) },
            from: Self.left, to: Self.right)
        let y = Self.scale(
            yAxis,
            spans.map { .init(value: $0.y, low: $0.low, high: $0.high) }
                + curves.map { .init(value: $0.y, low: nil, high: nil) },
            from: Self.bottom, to: Self.top)
        let diagonal = showsDiagonal ? SVG.line(x(x.low), y(x.low), x(x.high), y(x.high), "diagonal") : ""
        let content = axes(x, y) + diagonal + series.map { draw($0, x, y) }.joined()
        return SVG.figure(
            width: Self.width, height: Self.height, title: title, words: words(series), content: content,
            caption: caption)
            + legend(series) + table(series)
    }

    private static func finite(_ series: Series) -> Series {
        var copy = series
        copy.points.removeAll { !$0.x.isFinite || !$0.y.isFinite }
        copy.curve.removeAll { !$0.x.isFinite || !$0.y.isFinite }
        return copy
    }

    private static func scale(_ axis: Axis, _ spans: [PlotScale.Span], from start: Double, to end: Double) -> PlotScale
    {
        axis == .share ? PlotScale(shares: spans, from: start, to: end) : PlotScale(costs: spans, from: start, to: end)
    }

    private func words(_ series: [Series]) -> String {
        "\(yTitle) against \(xTitle); \(series.count) series: \(series.prefix(8).map(\.name).joined(separator: ", ")). "
            + "Numbers are in the table beside it."
    }

    private static func tick(_ axis: Axis, _ value: Double) -> String {
        axis == .share ? "\(Int((value * 100).rounded()))%" : Numbers.short(value)
    }

    private func axes(_ x: PlotScale, _ y: PlotScale) -> String {
        var svg = SVG.text(Self.left, 18, title, anchor: "start", style: "title")
        for tick in y.ticks {
            svg += SVG.line(Self.left, y(tick), Self.right, y(tick), "grid")
            svg += SVG.text(Self.left - 8, y(tick) + 4, Self.tick(yAxis, tick), anchor: "end", style: "tick")
        }
        for tick in x.ticks {
            svg += SVG.text(x(tick), Self.bottom + 18, Self.tick(xAxis, tick), anchor: "middle", style: "tick")
        }
        svg += SVG.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
        let along = xTitle + (x.isLog ? ", logarithmic" : "")
        return svg + SVG.text((Self.left + Self.right) / 2, Self.height - 10, along, anchor: "middle", style: "tick")
    }

    private func draw(_ series: Series, _ x: PlotScale, _ y: PlotScale) -> String {
        let colour = series.colour % FrontierPlot.colours.count
        let dashes = series.isDashed ? " stroke-dasharray=\"5 4\"" : ""
        func stroke(_ kind: String) -> String {
            "class=\"s\(colour) \(kind)\" stroke=\"\(FrontierPlot.colours[colour])\"\(dashes)"
        }
        var svg = ""
        if !series.curve.isEmpty {
            svg += SVG.polyline(series.curve.map { (x($0.x), y($0.y)) }, stroke("curve"))
        } else if series.points.count > 1 {
            svg += SVG.polyline(series.points.map { (x($0.x), y($0.y)) }, stroke("levels"))
        }
        guard !series.points.isEmpty else { return svg }
        svg +=
            "<g class=\"s\(colour)\" fill=\"\(FrontierPlot.colours[colour])\" "
            + "stroke=\"\(FrontierPlot.colours[colour])\">\n"
        for point in series.points {
            if let low = point.low, let high = point.high {
                svg += SVG.line(x(point.x), y(low), x(point.x), y(high), "bar")
            }
            svg += SVG.mark(
                x(point.x), y(point.y), radius: 4, shape: series.colour / FrontierPlot.colours.count, isHollow: false)
        }
        return svg + "</g>\n"
    }

    private func legend(_ series: [Series]) -> String {
        let entries = series.map { series -> [String: Any] in
            [
                "colour": series.colour % FrontierPlot.colours.count, "dashed": series.isDashed, "name": series.name,
            ]
        }
        return PageTemplate.render("legend", ["series": entries])
    }

    private func format(_ axis: Axis, _ value: Double?) -> String {
        axis == .share ? Numbers.percent(value) : value.map { Numbers.short($0) } ?? "–"
    }

    private func table(_ series: [Series]) -> String {
        var table = HTMLTable(caption: title, heads: ["series", xTitle, yTitle, "95 % low", "95 % high"])
        for one in series {
            let points = one.points.isEmpty ? one.curve.map { Point(x: $0.x, y: $0.y) } : one.points
            table.rows += points.map { point in
                [
                    .text(one.name), .number(format(xAxis, point.x)), .number(format(yAxis, point.y)),
                    .number(format(yAxis, point.low)), .number(format(yAxis, point.high)),
                ]
            }
        }
        return table.folded()
    }
}
