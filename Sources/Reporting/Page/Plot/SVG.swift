internal import Foundation

/// Pieces of inline SVG. All text in it is escaped here.
enum SVG {
    static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
            + "y2=\"\(number(y2))\"/>\n"
    }

    static func text(_ x: Double, _ y: Double, _ content: String, anchor: String, style: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" "
            + "text-anchor=\"\(anchor)\">\(SafeText.html(content))</text>\n"
    }

    static func polyline(_ points: [(x: Double, y: Double)], _ attributes: String) -> String {
        let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline points=\"\(path)\" fill=\"none\" \(attributes)/>\n"
    }

    /// A small bar for a cell of a table, whose number stands beside it.
    static func meter(_ share: Double) -> String {
        let width = number(100 * min(max(share.isFinite ? share : 0, 0), 1))
        return
            "<svg class=\"meter\" viewBox=\"0 0 100 8\" aria-hidden=\"true\"><rect class=\"track\" width=\"100\" "
            + "height=\"8\" rx=\"2\"/>"
            + "<rect class=\"fill\" width=\"\(width)\" height=\"8\" rx=\"2\"/></svg>"
    }

    static func rectangle(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ style: String) -> String {
        "<rect class=\"\(style)\" x=\"\(number(left))\" y=\"\(number(top))\" width=\"\(number(max(0, right - left)))\" "
            + "height=\"\(number(max(0, bottom - top)))\"/>\n"
    }

    /// A drawing with a name and words for who does not see it. A page that is not wide enough lets it be scrolled.
    static func figure(
        width: Double, height: Double, title: String, words: String, content: String, caption: String = ""
    ) -> String {
        PageTemplate.render(
            "figure",
            [
                "width": Int(width), "height": Int(height), "title": title, "words": words, "content": content,
                "hasCaption": !caption.isEmpty, "caption": caption,
            ])
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
