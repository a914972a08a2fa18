/// Finds room for labels: beside their marks where they cover nothing, farther away with a leader where they must, else
/// nowhere, as the table and the marks' titles have all names.
struct PlotLabels {
    struct Box {
        var left: Double
        var top: Double
        var right: Double
        var bottom: Double

        var area: Double { (right - left) * (bottom - top) }

        func overlap(_ other: Box) -> Double {
            max(0, min(right, other.right) - max(left, other.left))
                * max(0, min(bottom, other.bottom) - max(top, other.top))
        }
    }

    struct Place {
        var x: Double
        var y: Double
        var anchor: String
        /// Too far from its mark to be read without a line to it.
        var isFar: Bool
    }

    /// From the mark to the text's baseline, best first.
    private static let offsets: [(x: Double, y: Double, anchor: String)] = [
        (9, -6, "start"), (9, 4, "start"), (-9, -6, "end"), (-9, 4, "end"), (9, 15, "start"), (-9, 15, "end"),
        (0, -11, "middle"),
        (0, 20, "middle"), (16, -22, "start"), (-16, -22, "end"), (16, 30, "start"), (-16, 30, "end"),
        (24, -40, "start"),
        (-24, -40, "end"), (24, 48, "start"), (-24, 48, "end"), (32, -60, "start"), (-32, -60, "end"),
        (32, 68, "start"),
        (-32, 68, "end"),
    ]
    /// A label may cover this share of its own area.
    private static let tolerance = 0.08

    private let area: Box
    private var taken: [Box] = []

    init(area: Box) { self.area = area }

    mutating func avoid(_ box: Box) { taken.append(box) }

    /// A thin line, as a row of small boxes.
    mutating func avoid(line from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
        let pieces = Int(min(200, max(abs(to.x - from.x), abs(to.y - from.y)) / 6)) + 1
        for piece in 0...pieces {
            let share = Double(piece) / Double(pieces)
            let (x, y) = (from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
            taken.append(Box(left: x - 3, top: y - 0.75, right: x + 3, bottom: y + 0.75))
        }
    }

    /// - Returns: `nil` where there is no room.
    mutating func place(_ text: String, at x: Double, _ y: Double) -> Place? {
        let width = Self.width(text)
        var best: (cost: Double, place: Place, box: Box)?
        for (index, offset) in Self.offsets.enumerated() {
            let place = Place(x: x + offset.x, y: y + offset.y, anchor: offset.anchor, isFar: index >= 8)
            let left =
                offset.anchor == "start" ? place.x : offset.anchor == "end" ? place.x - width : place.x - width / 2
            let box = Box(left: left, top: place.y - 10, right: left + width, bottom: place.y + 3)
            guard box.left >= area.left, box.right <= area.right, box.top >= area.top, box.bottom <= area.bottom else {
                continue
            }
            let covered = taken.reduce(0) { $0 + $1.overlap(box) } / box.area
            // A thread of something else is better than a place far away.
            let detour = Double(index) * 0.003 + (place.isFar ? 0.04 : 0)
            if covered <= Self.tolerance, covered + detour < (best?.cost ?? .infinity) {
                best = (covered + detour, place, box)
            }
            if let best, best.cost <= detour { break }
        }
        guard let best else { return nil }
        taken.append(best.box)
        return best.place
    }

    /// What 12 pixel sans-serif takes at most, about.
    private static func width(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 7.1 : 12) }
    }
}
