internal import Glibc

/// An interval for the mean of bounded observations that holds at all times at once: it may be looked at after every
/// observation, and one may stop whenever one likes. The hedged capital process of Waudby-Smith and Ramdas 2024 (JRSS B
/// 86:1, "Estimating means of bounded random variables by betting", theorem 3) with predictable plug-in bets, over a
/// grid of means; intersected over time.
///
/// Observations must be independent given the past, or drawn without replacement in random order (conservative then).
public struct ConfidenceSequence: Sendable {
    public let range: ClosedRange<Double>
    /// The chance that it ever leaves out the mean, at most.
    public let alpha: Double
    public private(set) var count = 0

    private let bound: Double
    /// Capital of the bets that the mean is above, and below, each point of the grid; excluded points are not bet on
    /// any more.
    private var above: [Double]
    private var below: [Double]
    private var first = 0
    private var last: Int
    private var sum = 0.0
    private var squares = 0.0

    /// - Parameters:
    ///   - range: Where observations lie; its length must be above 0.
    ///   - alpha: In (0, 1).
    ///   - cells: Intervals end on this many cells of the range, rounded outwards.
    public init(range: ClosedRange<Double>, alpha: Double = 0.05, cells: Int = 1000) {
        self.range = range
        self.alpha = alpha
        bound = 1 / alpha
        above = Array(repeating: 1, count: cells + 1)
        below = above
        last = cells
    }

    /// - Parameter value: In `range`; what lies outside is moved to its end, what is no number is passed over.
    public mutating func add(_ value: Double) {
        guard !value.isNaN else { return }
        let x = min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
        count += 1
        let time = Double(count)
        // Mean and variance of what came before, shrunk towards ½ and ¼.
        let variance = (0.25 + squares) / time
        let bet = (2 * log(2 / alpha) / (variance * time * log(1 + time))).squareRoot()
        let cells = above.count - 1
        if first <= last {
            for place in first...last {
                let mean = Double(place) / Double(cells)
                above[place] *= 1 + min(bet, mean > 0 ? 0.5 / mean : .infinity) * (x - mean)
                below[place] *= 1 - min(bet, mean < 1 ? 0.5 / (1 - mean) : .infinity) * (x - mean)
            }
            while first <= last, isExcluded(first) { first += 1 }
            while first <= last, isExcluded(last) { last -= 1 }
        }
        sum += x
        let mean = (0.5 + sum) / (time + 1)
        squares += (x - mean) * (x - mean)
    }

    /// Half of the capital is on either side.
    private func isExcluded(_ place: Int) -> Bool { max(above[place], below[place]) / 2 >= bound }

    /// The mean of all observations; `nil` before the first.
    public var mean: Double? {
        count > 0 ? range.lowerBound + sum / Double(count) * (range.upperBound - range.lowerBound) : nil
    }

    /// Rounded outwards to the grid. Where every mean was excluded, which happens with chance alpha at most, it is the
    /// point where that happened.
    public var interval: (low: Double, high: Double) {
        let cells = Double(above.count - 1)
        let length = range.upperBound - range.lowerBound
        let (low, high) =
            first <= last
            ? (Double(max(0, first - 1)), Double(min(above.count - 1, last + 1))) : (Double(first), Double(first))
        return (range.lowerBound + low / cells * length, range.lowerBound + high / cells * length)
    }
}
