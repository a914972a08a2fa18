package import EvalhStatistics

/// One difference an item, and what it shows: interval, test and one-sided p-values.
package struct PairedDifferences: Sendable {
    /// Above this many items the mean is normal for all purposes, and drawing thousands of resamples shows nothing but patience.
    static let maxResampledItems = 100_000
    private static let seed: UInt64 = 1

    /// In the order of items.
    package let values: [Double]
    package let mean: Double
    /// Of the mean; 0 where all values are equal.
    private let stderr: Double
    private let bootstrap: BootstrapDistribution?
    /// The largest change of one item where it is bounded: 1 for scores.
    private let reach: Double?

    /// - Parameters:
    ///   - values: Finite, at least one.
    ///   - reach: How far an item not seen could be from those seen; `nil`: not known.
    package init(_ values: [Double], reach: Double?) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.values = values
        self.mean = mean
        self.reach = reach
        let isConstant = values.allSatisfy { $0 == values[0] }
        stderr = isConstant ? 0 : (squares / max(1, n - 1) / n).squareRoot()
        bootstrap =
            isConstant || values.count > Self.maxResampledItems
            ? nil : Bootstrap.mean(of: values, resamples: Self.resamples(values.count), seed: Self.seed)
    }

    /// 10,000, and fewer where many items leave little to gain.
    private static func resamples(_ items: Int) -> Int { max(2000, min(10_000, 20_000_000 / max(1, items))) }

    /// The mean with its 95 % interval: BCa bootstrap over items; Student's t for very many; without any variation as far as items not seen
    /// may reach.
    package var estimate: Estimate {
        let n = values.count
        guard stderr > 0 else {
            if let reach { return bounded(Agreement.estimate(mean, n: n, reach: reach), reach) }
            return n > 1
                ? Estimate(value: mean, ciLow: mean, ciHigh: mean, stderr: 0, n: n, method: "all items alike")
                : Estimate(value: mean, ciLow: nil, ciHigh: nil, stderr: nil, n: n, method: "one item")
        }
        if let interval = bootstrap?.bca() {
            return Estimate(
                value: mean, ciLow: interval.low, ciHigh: interval.high, stderr: stderr, n: n, method: "BCa bootstrap over items")
        }
        let half = StudentT.quantile(0.975, degreesOfFreedom: Double(n - 1)) * stderr
        return Estimate(value: mean, ciLow: mean - half, ciHigh: mean + half, stderr: stderr, n: n, method: "paired t over items")
    }

    private func bounded(_ estimate: Estimate, _ reach: Double) -> Estimate {
        var estimate = estimate
        estimate.ciLow = estimate.ciLow.map { max(-reach, $0) }
        estimate.ciHigh = estimate.ciHigh.map { min(reach, $0) }
        return estimate
    }

    /// One-sided p-value of "the true mean difference is at most `value`".
    package func pValue(atMost value: Double) -> Double? {
        if let bootstrap { return bootstrap.pValue(atMost: value) }
        var error = stderr
        var degrees: Double? = Double(values.count - 1)
        if error == 0 {
            guard let reach else { return nil }
            // As if the bound for items not seen were a normal interval's half width.
            error = ((Agreement.estimate(0, n: values.count, reach: reach).ciHigh ?? 0)) / Normal.quantile(0.975)
            degrees = nil
        }
        return NonInferiority.pValue(difference: mean - value, stderr: error, margin: 0, degreesOfFreedom: degrees)
    }

    /// The two-sided test of "no difference on average", and its name.
    /// - Parameter isBinary: All items have one session a row, right or wrong.
    package func test(isBinary: Bool) -> (pValue: Double?, name: String) {
        if isBinary {
            return (
                McNemar.exact(aOnly: values.count { $0 > 0 }, bOnly: values.count { $0 < 0 }), "exact McNemar"
            )
        }
        guard values.count <= Self.maxResampledItems else {
            let tail = StudentT.cdf(-abs(mean) / stderr, degreesOfFreedom: Double(values.count - 1))
            return (stderr > 0 ? 2 * tail : nil, "paired t over items")
        }
        let draws = Self.resamples(values.count)
        guard let result = PairedPermutation.test(values, draws: draws, seed: Self.seed) else { return (nil, "none") }
        return (result.pValue, result.isExact ? "exact sign-flip permutation" : "sign-flip permutation, \(draws) draws")
    }

    /// The smallest effect found with 80 % power at this precision.
    package var detectable: Double? { Power.smallestEffect(stderr: stderr) }
}
