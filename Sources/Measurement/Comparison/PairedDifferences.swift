package import EvalhStatistics

/// One difference an item, and what it shows: interval, test and one-sided p-values.
package struct PairedDifferences: Sendable {
    /// Above this many items the mean is normal for all purposes, and drawing thousands of resamples shows nothing but
    /// patience.
    static let maxResampledItems = 100_000
    private static let seed: UInt64 = 1

    /// In the order of items.
    package let values: [Double]
    package let mean: Double
    /// Of the mean; 0 where all values are equal.
    private let stderr: Double
    private let bootstrap: BootstrapDistribution?
    /// What an item could show, where that is bounded.
    private let range: ClosedRange<Double>?
    /// Items that only a, or only b, got right, where every item has one session a row, right or wrong.
    private let flips: (aOnly: Int, bOnly: Int)?

    /// - Parameters:
    ///   - values: Finite, at least one.
    ///   - range: What an item could show: -1...1 for scores; `nil`: not known.
    ///   - isBinary: Every item has one session a row, right or wrong.
    package init(_ values: [Double], range: ClosedRange<Double>?, isBinary: Bool = false) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.values = values
        self.mean = mean
        self.range = range
        flips = isBinary ? (values.count { $0 > 0 }, values.count { $0 < 0 }) : nil
        let isConstant = values.allSatisfy { $0 == values[0] }
        stderr = isConstant ? 0 : (squares / max(1, n - 1) / n).squareRoot()
        bootstrap =
            isConstant || values.count > Self.maxResampledItems
            ? nil : Bootstrap.mean(of: values, resamples: Self.resamples(values.count), seed: Self.seed)
    }

    /// 10,000, and fewer where many items leave little to gain.
    private static func resamples(_ items: Int) -> Int { max(2000, min(10_000, 20_000_000 / max(1, items))) }

    /// The mean with its 95 % interval: BCa bootstrap over items, and of right-or-wrong sessions as far as Tango's
    /// score interval where that is wider; Student's t for very many; without any variation as far as items not seen
    /// may reach.
    ///
    /// Where few items flip, the bootstrap's interval is too short on the side of the flips that were not seen and the
    /// score interval on the other; taken together neither end is passed more often than it says.
    package var estimate: Estimate {
        let n = values.count
        guard stderr > 0 else {
            if let range { return Agreement.estimate(mean, n: n, range: range) }
            return n > 1
                ? Estimate(value: mean, ciLow: mean, ciHigh: mean, stderr: 0, n: n, method: "all items alike")
                : Estimate(value: mean, ciLow: nil, ciHigh: nil, stderr: nil, n: n, method: "one item")
        }
        if let interval = bootstrap?.bca() {
            if let flips, let score = PairedScore.interval(aOnly: flips.aOnly, bOnly: flips.bOnly, n: n) {
                return Estimate(
                    value: mean, ciLow: min(interval.low, score.low), ciHigh: max(interval.high, score.high),
                    stderr: stderr, n: n,
                    method: "BCa bootstrap or score interval, the wider")
            }
            return Estimate(
                value: mean, ciLow: interval.low, ciHigh: interval.high, stderr: stderr, n: n,
                method: "BCa bootstrap over items")
        }
        let half = StudentT.quantile(0.975, degreesOfFreedom: Double(n - 1)) * stderr
        return Estimate(
            value: mean, ciLow: mean - half, ciHigh: mean + half, stderr: stderr, n: n, method: "paired t over items")
    }

    /// One-sided p-values of "the true mean difference is at most `value`" and "… at least `value`": the larger ones
    /// where two methods are asked.
    package func pValues(at value: Double) -> (atMost: Double, atLeast: Double)? {
        guard let one = bootstrap?.pValue(atMost: value) ?? normalPValue(atMost: value) else { return nil }
        guard let flips, abs(value) <= 1 else { return (one, 1 - one) }
        let other = Normal.cdf(
            -PairedScore.deviate(aOnly: flips.aOnly, bOnly: flips.bOnly, n: values.count, difference: value))
        return (max(one, other), max(1 - one, 1 - other))
    }

    private func normalPValue(atMost value: Double) -> Double? {
        var error = stderr
        var degrees: Double? = Double(values.count - 1)
        if error == 0 {
            guard let range else { return nil }
            // As if the bound for items not seen were a normal interval's end.
            let bound = Agreement.estimate(mean, n: values.count, range: range)
            error = abs((value > mean ? bound.ciHigh ?? mean : bound.ciLow ?? mean) - mean) / Normal.quantile(0.975)
            degrees = nil
        }
        return NonInferiority.pValue(difference: mean - value, stderr: error, margin: 0, degreesOfFreedom: degrees)
    }

    /// The two-sided test of "no difference on average", and its name.
    package var test: (pValue: Double?, name: String) {
        if let flips { return (McNemar.exact(aOnly: flips.aOnly, bOnly: flips.bOnly), "exact McNemar") }
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
