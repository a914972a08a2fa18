internal import Foundation

/// From values to places along one axis of a plot, with ticks.
struct PlotScale {
    /// A value with the ends of its interval.
    struct Span {
        var value: Double
        var low: Double?
        var high: Double?
    }

    let isLog: Bool
    let low: Double
    let high: Double
    let ticks: [Double]
    /// Where `low` and `high` are drawn.
    private let start: Double
    private let end: Double

    /// Costs: from 0, or by powers of ten where the largest is at least ten times the smallest.
    init(costs: [Span], from start: Double, to end: Double) {
        let values = costs.map(\.value)
        let (least, most) = (values.min() ?? 0, values.max() ?? 0)
        // Very wide intervals are cut off rather than let them squeeze the rest.
        let right = costs.map { min($0.high ?? $0.value, $0.value * 2) }.max() ?? most
        let left = costs.map { max($0.low ?? $0.value, $0.value / 2) }.min() ?? least
        self.start = start
        self.end = end
        isLog = least > 0 && most >= 10 * least
        if isLog {
            (low, high) = (left / 1.25, right * 1.25)
            ticks = Self.logTicks(low, high)
        } else {
            let step = Self.niceStep(right > 0 ? right / 6 : 0.2)
            (low, high) = (0, max(step, (right / step - 1e-9).rounded(.up) * step))
            ticks = Self.linearTicks(low, high, step)
        }
    }

    /// Accuracies: as much of 0 to 1 as they need, in steps of 5 points, and at least 20 points.
    init(shares: [Span], from start: Double, to end: Double) {
        let least = shares.map { min($0.low ?? $0.value, $0.value) }.min() ?? 0
        let most = shares.map { max($0.high ?? $0.value, $0.value) }.max() ?? 1
        let bounds = (low: min(0, shares.map(\.value).min() ?? 0), high: max(1, shares.map(\.value).max() ?? 1))
        var low = max(bounds.low, (least * 20 + 1e-9).rounded(.down) / 20)
        var high = min(bounds.high, (most * 20 - 1e-9).rounded(.up) / 20)
        if high - low < 0.2 {
            low = max(bounds.low, min(low, high - 0.2))
            high = min(bounds.high, max(high, low + 0.2))
        }
        let step = high - low > 0.6 ? 0.2 : high - low > 0.3 ? 0.1 : 0.05
        self.start = start
        self.end = end
        isLog = false
        (self.low, self.high) = (low, high)
        ticks = Self.linearTicks(low, high, step)
    }

    /// Values of either sign, 0 always among them.
    init(signed values: [Double], from start: Double, to end: Double) {
        let (least, most) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
        let step = Self.niceStep(most > least ? (most - least) / 5 : 0.2)
        self.start = start
        self.end = end
        isLog = false
        low = (least / step + 1e-9).rounded(.down) * step
        high = max((most / step - 1e-9).rounded(.up) * step, low + step)
        ticks = Self.linearTicks(low, high, step)
    }

    /// Values beyond the ends are drawn at the ends.
    func callAsFunction(_ value: Double) -> Double {
        guard high > low else { return start }
        let inside = min(max(value, low), high)
        let share = isLog ? log(inside / low) / log(high / low) : (inside - low) / (high - low)
        return start + (end - start) * share
    }

    private static func linearTicks(_ low: Double, _ high: Double, _ step: Double) -> [Double] {
        let first = Int((low / step - 1e-6).rounded(.up))
        let last = Int((high / step + 1e-6).rounded(.down))
        return first > last ? [] : (first...last).map { Double($0) * step }
    }

    /// Powers of ten with 2 and 5 between them; over a wide range powers alone, over a very wide one not all of them.
    private static func logTicks(_ low: Double, _ high: Double) -> [Double] {
        let powers = Int(floor(log10(low)))...Int(ceil(log10(high)))
        func ticks(_ factors: [Double], every: Int) -> [Double] {
            powers.filter { $0 % every == 0 }.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
                .filter { $0 >= low && $0 <= high }
        }
        let fine = ticks([1, 2, 5], every: 1)
        return fine.count <= 10 ? fine : ticks([1], every: powers.count / 10 + 1)
    }

    /// 1, 2 or 5 times a power of ten, not below `raw`.
    private static func niceStep(_ raw: Double) -> Double {
        let power = pow(10, floor(log10(raw)))
        return ([1, 2, 5, 10].first { $0 * power >= raw * 0.999_999 } ?? 10) * power
    }
}
