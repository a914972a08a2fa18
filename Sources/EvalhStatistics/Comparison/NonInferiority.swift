/// Is something at most a margin worse than what it is held against? Differences are "new minus old, larger is better".
public enum NonInferiority {
    /// Three-valued: noise is neither a pass nor a failure.
    public enum Verdict: String, Codable, Hashable, Sendable {
        /// The whole interval is at or above −margin.
        case pass
        /// The whole interval is below −margin.
        case fail
        /// The interval holds −margin, or there is none.
        case inconclusive
    }

    /// - Parameters:
    ///   - low: The interval's lower end; `nil`, or not a number: not known.
    ///   - high: The interval's upper end; likewise.
    ///   - margin: At least 0, in the units of the difference.
    public static func verdict(low: Double?, high: Double?, margin: Double) -> Verdict {
        guard let low, let high, low <= high, margin >= 0 else { return .inconclusive }
        if low >= -margin { return .pass }
        return high < -margin ? .fail : .inconclusive
    }

    /// The one-sided p-value of "the truth is −margin or worse": small, if it is shown not to be inferior. By Student's
    /// t, the normal distribution without degrees of freedom. One minus it is the p-value of "the truth is −margin or
    /// better".
    /// - Returns: `nil` if a number is not finite, the standard error is not above 0, or the margin is negative.
    public static func pValue(difference: Double, stderr: Double, margin: Double, degreesOfFreedom: Double? = nil)
        -> Double?
    {
        guard difference.isFinite, stderr.isFinite, stderr > 0, margin.isFinite, margin >= 0 else { return nil }
        let distance = (difference + margin) / stderr
        guard let degreesOfFreedom, degreesOfFreedom > 0 else { return Normal.cdf(-distance) }
        return StudentT.cdf(-distance, degreesOfFreedom: degreesOfFreedom)
    }
}
