/// Items that all show the same difference do not prove that all others would.
public enum Agreement {
    /// An interval around a difference that no item departs from. The share of items that may still depart is at most
    /// Wilson's upper bound w for none among n; were all of those at an end of the range, the mean would be (1 −
    /// w)·value + w·end.
    /// - Parameters:
    ///   - value: Within `range`.
    ///   - n: Items, at least 1.
    ///   - range: What one item could show: -1...1 for a difference of two scores in [0, 1].
    public static func estimate(_ value: Double, n: Int, range: ClosedRange<Double>) -> Estimate {
        let share = Wilson.interval(successes: 0, n: Double(n))?.high ?? 1
        return Estimate(
            value: value, ciLow: value + share * (range.lowerBound - value),
            ciHigh: value + share * (range.upperBound - value),
            stderr: nil,
            n: n, method: "paired, no item differs: Wilson bound")
    }
}
