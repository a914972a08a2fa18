internal import Foundation

/// Pieces of inline SVG. All text in it is escaped here.
enum SVG {
    static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>\n"
    }

    static func text(_ x: Double, _ y: Double, _ content: String, anchor: String, style: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(SafeText.html(content))</text>\n"
    }

    static func polyline(_ points: [(x: Double, y: Double)], _ attributes: String) -> String {
        let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline points=\"\(path)\" fill=\"none\" \(attributes)/>\n"
    }

    /// A mark with the area of a circle of the radius. Arms beyond the eight colours are told apart by its shape.
    static func mark(_ x: Double, _ y: Double, radius: Double, shape: Int, isHollow: Bool) -> String {
        let fill = isHollow ? " fill=\"none\" stroke-width=\"2\"" : ""
        func polygon(_ corners: [(Double, Double)]) -> String {
            let points = corners.map { "\(number(x + $0.0)),\(number(y + $0.1))" }.joined(separator: " ")
            return "<polygon points=\"\(points)\"\(fill)/>"
        }
        if isHollow { return polygon([(0, -radius * 1.4), (radius * 1.4, 0), (0, radius * 1.4), (-radius * 1.4, 0)]) }
        switch shape % 3 {
        case 0: return "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\"/>"
        case 1:
            let half = radius * 0.9
            return polygon([(-half, -half), (half, -half), (half, half), (-half, half)])
        default: return polygon([(0, -radius * 1.3), (radius * 1.2, radius), (-radius * 1.2, radius)])
        }
    }
}
