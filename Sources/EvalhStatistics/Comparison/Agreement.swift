/// Items that all show the same difference do not prove that all others would.
public enum Agreement {
    /// An interval around a difference that no item departs from: it reaches as far as the share of items that may still differ, by Wilson's
    /// upper bound for none among n, times how far one item can move the difference.
    /// - Parameters:
    ///   - n: Items, at least 1.
    ///   - reach: The largest change one item could show: 1 for a difference of two scores in [0, 1].
    public static func estimate(_ value: Double, n: Int, reach: Double = 1) -> Estimate {
        let half = (Wilson.interval(successes: 0, n: Double(n))?.high ?? 1) * reach
        return Estimate(
            value: value, ciLow: value - half, ciHigh: value + half, stderr: nil, n: n, method: "paired, no item differs: Wilson bound")
    }
}
