extension Region {
    /// Without single points, which the values are.
    func without(_ points: [MathValue]) throws(MathFault) -> Region {
        var result = self
        for point in points {
            guard case .quantity(let quantity) = point else { throw .notRead }
            let value = quantity.expression
            let hole = Region(
                variable: nil,
                intervals: [
                    Interval(low: Region.all.low, high: value, includesLow: false, includesHigh: false),
                    Interval(low: value, high: Region.all.high, includesLow: false, includesHigh: false),
                ])
            guard let rest = result.intersection(hole) else { throw .notRead }
            result = rest
        }
        return result
    }

    /// In order, and joined where they touch; `nil`: an end is no known number.
    var merged: Region? {
        guard let known = placed else { return nil }
        var result: [PlacedInterval] = []
        for next in known.filter({ !$0.isEmpty }).sorted(by: { $0.low < $1.low }) {
            guard let last = result.last, last.touches(next) else {
                result.append(next)
                continue
            }
            result[result.count - 1] = last.union(next)
        }
        return Region(variable: variable, intervals: result.map(\.interval))
    }

    /// `nil`: an end is no known number.
    func intersection(_ other: Region) -> Region? {
        guard let mine = placed, let others = other.placed, mine.count * others.count <= 4096 else { return nil }
        let parts = mine.flatMap { a in others.map { a.intersection($0) } }
        return Region(
            variable: variable ?? other.variable, intervals: parts.filter { !$0.isEmpty }.map(\.interval))
    }

    private var placed: [PlacedInterval]? {
        let result = intervals.compactMap { PlacedInterval($0) }
        return result.count == intervals.count ? result : nil
    }
}

/// An interval with its ends as numbers, which are good enough to put intervals in order.
private struct PlacedInterval {
    var interval: Interval
    var low: Double
    var high: Double

    init?(_ interval: Interval) {
        guard let low = Self.place(interval.low), let high = Self.place(interval.high) else { return nil }
        self.interval = interval
        self.low = low
        self.high = high
    }

    private static func place(_ end: Expression) -> Double? {
        switch end {
        case .constant(.infinity): return .infinity
        case .product([.integer(-1), .constant(.infinity)]): return -.infinity
        default:
            guard let value = try? Evaluation(values: [:], work: Work(limit: 2000)).value(end), value.isReal else {
                return nil
            }
            return value.re
        }
    }

    private static func areEqual(_ a: Double, _ b: Double) -> Bool {
        a == b || a.isFinite && b.isFinite && abs(a - b) <= 1e-12 * max(abs(a), abs(b))
    }

    var isEmpty: Bool {
        Self.areEqual(low, high) ? !(interval.includesLow && interval.includesHigh) : low > high
    }

    /// The next one begins in it or where it ends.
    func touches(_ next: PlacedInterval) -> Bool {
        Self.areEqual(next.low, high)
            ? interval.includesHigh || next.interval.includesLow : next.low < high
    }

    func union(_ next: PlacedInterval) -> PlacedInterval {
        var result = self
        if Self.areEqual(low, next.low) {
            result.interval.includesLow = interval.includesLow || next.interval.includesLow
        }
        if Self.areEqual(high, next.high) {
            result.interval.includesHigh = interval.includesHigh || next.interval.includesHigh
        } else if next.high > high {
            result.high = next.high
            result.interval.high = next.interval.high
            result.interval.includesHigh = next.interval.includesHigh
        }
        return result
    }

    func intersection(_ other: PlacedInterval) -> PlacedInterval {
        var result = self
        if Self.areEqual(low, other.low) {
            result.interval.includesLow = interval.includesLow && other.interval.includesLow
        } else if other.low > low {
            result.low = other.low
            result.interval.low = other.interval.low
            result.interval.includesLow = other.interval.includesLow
        }
        if Self.areEqual(high, other.high) {
            result.interval.includesHigh = interval.includesHigh && other.interval.includesHigh
        } else if other.high < high {
            result.high = other.high
            result.interval.high = other.interval.high
            result.interval.includesHigh = other.interval.includesHigh
        }
        return result
    }
}

extension MathValue {
    /// Several answers as one: conditions on one variable hold together, unless nothing fulfils all of them; intervals
    /// without a variable are a union; all else is a list.
    static func combined(_ elements: [MathValue]) -> MathValue {
        let regions = elements.compactMap { if case .region(let region) = $0 { region } else { nil } }
        guard regions.count == elements.count, let first = regions.first else {
            return elements.count == 1 ? elements[0] : .list(elements, isSet: false)
        }
        if regions.contains(where: { $0.variable != first.variable }) { return .list(elements, isSet: false) }
        let union = Region(variable: first.variable, intervals: regions.flatMap(\.intervals))
        guard first.variable != nil else { return .region(union) }
        var common: Region? = first
        for region in regions.dropFirst() { common = common?.intersection(region) }
        guard let common else { return .list(elements, isSet: false) }
        return .region(common.intervals.isEmpty ? union : common)
    }
}
