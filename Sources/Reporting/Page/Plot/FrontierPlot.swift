/// Accuracy against one cost, each arm and level a mark with its 95 % intervals, as inline SVG.
struct FrontierPlot {
    static let width = 760.0
    static let height = 420.0
    private static let (left, right, top, bottom) = (56.0, 742.0, 36.0, 368.0)
    /// Of more marks than this only some get a label.
    private static let crowd = 24
    private static let maxLabelLength = 32
    /// Told apart by colour-blind people too. The page's style has others for a dark page.
    static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07a00", "#3a9bd1", "#7a7a00", "#7f3c8d"]

    struct Point {
        var arm: RunSummary.Arm
        var accuracy: RunSummary.Metric
        var cost: CostAxis.Cost
        /// Its arm's place among the arms drawn.
        var series: Int
        var isOnFrontier: Bool
    }

    let axis: CostAxis
    let points: [Point]
    /// Places in `points`, from the cheapest.
    private let frontier: [Int]
    private let x: PlotScale
    private let y: PlotScale

    /// `nil`: nothing to draw.
    init?(_ arms: [RunSummary.Arm], _ axis: CostAxis) {
        self.axis = axis
        let places = axis.frontier(arms)
        var series: [String: Int] = [:]
        for arm in arms where series[arm.id] == nil { series[arm.id] = series.count }
        var pointOfPlace: [Int: Int] = [:]
        var points: [Point] = []
        for (place, arm) in arms.enumerated() {
            guard let accuracy = arm.metrics["accuracy"], accuracy.value.isFinite, let cost = axis.cost(of: arm) else {
                continue
            }
            pointOfPlace[place] = points.count
            points.append(
                Point(
                    arm: arm, accuracy: accuracy, cost: cost, series: series[arm.id] ?? 0,
                    isOnFrontier: places.contains(place)))
        }
        guard !points.isEmpty else { return nil }
        self.points = points
        frontier = places.compactMap { pointOfPlace[$0] }
        x = PlotScale(
            costs: points.map { .init(value: $0.cost.value, low: $0.cost.low, high: $0.cost.high) }, from: Self.left,
            to: Self.right)
        y = PlotScale(
            shares: points.map { .init(value: $0.accuracy.value, low: $0.accuracy.ciLow, high: $0.accuracy.ciHigh) },
            from: Self.bottom,
            to: Self.top)
    }

    var svg: String {
        "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
            + "aria-label=\"\(SafeText.html(alternative))\">\n"
            + axes + frontierLine + levelLines + points.map(mark).joined() + labels + "</svg>"
    }

    /// What somebody hears who does not see the plot.
    private var alternative: String {
        let named = frontier.prefix(12).map { place in
            let point = points[place]
            return
                "\(point.arm.fullTitle) with \(Numbers.percent(point.accuracy.value)) at "
                + "\(axis.format(point.cost.value))"
        }
        let more = frontier.count > named.count ? " and \(frontier.count - named.count) more" : ""
        return "Plot of accuracy against \(axis.title), \(points.count) marks. "
            + (named.isEmpty
                ? "Nothing is on the frontier."
                : "On the frontier, from the cheapest: \(named.joined(separator: "; "))\(more).")
            + " All numbers are in the table below."
    }

    private func at(_ point: Point) -> (x: Double, y: Double) { (x(point.cost.value), y(point.accuracy.value)) }

    private var axes: String {
        var svg = SVG.text(Self.left, 18, "Accuracy against \(axis.title)", anchor: "start", style: "title")
        for tick in y.ticks {
            svg += SVG.line(Self.left, y(tick), Self.right, y(tick), "grid")
            svg += SVG.text(Self.left - 8, y(tick) + 4, "\(Int((tick * 100).rounded()))%", anchor: "end", style: "tick")
        }
        for tick in x.ticks {
            svg += SVG.line(x(tick), Self.top, x(tick), Self.bottom, "grid")
            svg += SVG.text(x(tick), Self.bottom + 18, axis.tick(tick), anchor: "middle", style: "tick")
        }
        svg +=
            SVG.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
            + SVG.line(Self.left, Self.top, Self.left, Self.bottom, "axis")
        let title = axis.title + (x.isLog ? ", logarithmic" : "")
        svg += SVG.text((Self.left + Self.right) / 2, Self.height - 10, title, anchor: "middle", style: "tick")
        return svg
    }

    /// What the best accuracy at each cost is: level until the next mark on the frontier, then up.
    private var frontierLine: String {
        guard let first = frontier.first else { return "" }
        var corners = [at(points[first])]
        for place in frontier.dropFirst() {
            let next = at(points[place])
            corners += [(next.x, corners[corners.count - 1].y), next]
        }
        corners.append((Self.right, corners[corners.count - 1].y))
        return SVG.polyline(corners, "class=\"frontier\" stroke=\"#888\"")
    }

    /// Levels of an arm, in the suite's order.
    private var levelLines: String {
        Dictionary(grouping: points, by: \.series).sorted { $0.key < $1.key }.filter { $0.value.count > 1 }
            .map { series, own in
                let colour = series % Self.colours.count
                return SVG.polyline(own.map(at), "class=\"s\(colour) levels\" stroke=\"\(Self.colours[colour])\"")
            }.joined()
    }

    private func mark(_ point: Point) -> String {
        let centre = at(point)
        let colour = point.series % Self.colours.count
        var svg = "<g class=\"s\(colour)\" fill=\"\(Self.colours[colour])\" stroke=\"\(Self.colours[colour])\">"
        svg += "<title>\(SafeText.html(description(point)))</title>\n"
        if let low = point.accuracy.ciLow, let high = point.accuracy.ciHigh {
            svg += SVG.line(centre.x, y(low), centre.x, y(high), "bar")
        }
        if let low = point.cost.low, let high = point.cost.high {
            svg += SVG.line(x(low), centre.y, x(high), centre.y, "bar")
        }
        return svg
            + SVG.mark(
                centre.x, centre.y, radius: point.isOnFrontier ? 5.5 : 4, shape: point.series / Self.colours.count,
                isHollow: point.arm.oracle) + "</g>\n"
    }

    private func description(_ point: Point) -> String {
        var text = "\(point.arm.fullTitle): \(Numbers.interval(point.accuracy)) at \(axis.format(point.cost.value))"
        if let low = point.cost.low, let high = point.cost.high {
            text += " [\(axis.format(low)), \(axis.format(high))]"
        }
        return text + " \(axis == .tokens || axis == .totalTokens ? axis.word : "a session")"
            + (point.isOnFrontier ? ", on the frontier" : "")
    }

    /// The marks to be labelled: those on the frontier first, then oracles, then the rest; in a crowd, of each arm the
    /// last.
    private var labelled: [Point] {
        let isLast = points.indices.map { place in
            !points[(place + 1)...].contains { $0.series == points[place].series }
        }
        let wanted = points.indices.filter { points.count <= Self.crowd || points[$0].isOnFrontier || isLast[$0] }.map {
            points[$0]
        }
        let others = wanted.filter { !$0.isOnFrontier }
        return wanted.filter(\.isOnFrontier) + others.filter(\.arm.oracle) + others.filter { !$0.arm.oracle }
    }

    private var labels: String {
        var layout = PlotLabels(
            area: .init(left: Self.left + 2, top: Self.top - 6, right: Self.right + 14, bottom: Self.bottom - 2))
        for point in points {
            let centre = at(point)
            layout.avoid(.init(left: centre.x - 6, top: centre.y - 6, right: centre.x + 6, bottom: centre.y + 6))
            if let low = point.accuracy.ciLow, let high = point.accuracy.ciHigh {
                layout.avoid(.init(left: centre.x - 1, top: y(high), right: centre.x + 1, bottom: y(low)))
            }
            if let low = point.cost.low, let high = point.cost.high {
                layout.avoid(.init(left: x(low), top: centre.y - 1, right: x(high), bottom: centre.y + 1))
            }
        }
        for own in Dictionary(grouping: points, by: \.series).values {
            for (from, to) in zip(own, own.dropFirst()) { layout.avoid(line: at(from), at(to)) }
        }
        return labelled.prefix(2 * Self.crowd).compactMap { point in
            let centre = at(point)
            let text = SafeText.short(
                [point.arm.title, point.arm.level?.label ?? ""].filter { !$0.isEmpty }.joined(separator: " "),
                Self.maxLabelLength)
            guard let place = layout.place(text, at: centre.x, centre.y) else { return nil }
            let leader = place.isFar ? SVG.line(centre.x, centre.y, place.x, place.y - 4, "leader") : ""
            return leader + SVG.text(place.x, place.y, text, anchor: place.anchor, style: "label")
        }.joined()
    }
}
