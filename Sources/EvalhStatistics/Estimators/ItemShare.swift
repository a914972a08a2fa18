extension Estimate {
    /// The mean of one share in [0, 1] an item, such as pass@k, with Wilson's interval for the effective number of
    /// sessions that the spread between items leaves (design effect, Kish 1965): for shares right among an item's
    /// sessions the interval of `ClusteredMean.proportion` over those sessions.
    /// - Parameters:
    ///   - shares: One number an item.
    ///   - sessions: That the shares were made of; the effective number is never more.
    /// - Returns: `nil` without items.
    public init?(shares: ClusteredMean, sessions: Int) {
        guard let plain = shares.mean() else { return nil }
        var effective = Double(plain.n)
        let variance = plain.value * (1 - plain.value)
        if let stderr = plain.stderr, stderr > 0, variance > 0 {
            effective = min(Double(sessions), max(1, variance / (stderr * stderr)))
        }
        guard let interval = Wilson.interval(successes: plain.value * effective, n: effective) else { return nil }
        self.init(
            value: plain.value, ciLow: min(interval.low, plain.value), ciHigh: max(interval.high, plain.value),
            stderr: plain.stderr,
            n: plain.n, method: "Wilson, clustered by item")
    }
}
