extension Power {
    /// z_{0.975} + z_{0.8}: an effect of this many standard errors is found by a two-sided 5 % test with 80 % power.
    private static let standardErrors = Normal.quantile(0.975) + Normal.quantile(0.8)

    /// The smallest effect that a measurement with this standard error finds with 80 % power at two-sided 5 %:
    /// (z_{0.975} + z_{0.8}) · stderr (Bloom 1995, Evaluation Review 19:547).
    /// - Returns: `nil` if the standard error is not above 0 and finite.
    public static func smallestEffect(stderr: Double) -> Double? {
        stderr > 0 && stderr.isFinite ? standardErrors * stderr : nil
    }

    /// The same, before a run, for differences of one number an item, such as tokens or mean scores over repeats.
    /// - Parameter standardDeviation: Of the differences between items.
    /// - Returns: `nil` without items, or if the deviation is not above 0 and finite.
    public static func smallestPairedEffect(items: Int, standardDeviation: Double) -> Double? {
        items > 0 ? smallestEffect(stderr: standardDeviation / Double(items).squareRoot()) : nil
    }

    /// The smallest gain in accuracy over `rate` that two arms on different items, `items` each, show with 80 % power
    /// at two-sided 5 % (Fleiss 1981, Statistical Methods for Rates and Proportions, ch. 3, without continuity
    /// correction): the smallest d with n·d² ≥ (z_{α/2}·√(2p̄q̄) + z_β·√(p₁q₁ + p₂q₂))², p₂ = p₁ + d.
    /// - Parameters:
    ///   - items: Of each arm.
    ///   - rate: p₁, in [0, 1). For a loss, give the other arm's rate of wrong answers.
    /// - Returns: `nil` if no gain is found, or for a rate out of range.
    public static func smallestUnpairedEffect(items: Int, rate: Double) -> Double? {
        guard items > 0, rate >= 0, rate < 1 else { return nil }
        let alpha = Normal.quantile(0.975)
        let beta = Normal.quantile(0.8)
        func isFound(_ d: Double) -> Bool {
            let second = rate + d
            let mean = rate + d / 2
            let need =
                alpha * (2 * mean * (1 - mean)).squareRoot()
                + beta * max(0, rate * (1 - rate) + second * (1 - second)).squareRoot()
            return Double(items) * d * d >= need * need
        }
        guard isFound(1 - rate) else { return nil }
        var (low, high) = (0.0, 1 - rate)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isFound(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
