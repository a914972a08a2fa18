/// What a statistic would have been on other draws of as many items, and what follows from that.
public struct BootstrapDistribution: Sendable {
    /// The statistic on the items as they are.
    public let observed: Double
    /// Its values on the resamples, ascending; never empty.
    public let resamples: [Double]
    /// How fast the statistic's standard error changes with its value (Efron 1987, JASA 82:171), by the jackknife
    /// (Efron and Tibshirani 1993, eq. 14.15).
    public let acceleration: Double

    /// - Parameter resamples: In any order, finite, at least one.
    init(observed: Double, resamples: [Double], acceleration: Double) {
        self.observed = observed
        self.resamples = resamples.sorted()
        self.acceleration = acceleration.isFinite ? acceleration : 0
    }

    /// z₀: how far the observed value is from the median of the resamples, in normal quantiles (Efron and Tibshirani
    /// 1993, eq. 14.14). Resamples equal to it count half, as the statistic may take few values.
    public var biasCorrection: Double { Normal.quantile(shareBelow(observed)) }

    /// The standard deviation of the resamples; 0 for one.
    public var stderr: Double {
        let n = Double(resamples.count)
        guard n > 1 else { return 0 }
        let mean = resamples.reduce(0, +) / n
        return (resamples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    }

    /// The plain quantiles of the resamples.
    /// - Parameter confidence: In (0, 1).
    public func percentile(confidence: Double = 0.95) -> (low: Double, high: Double) {
        (quantile(0.5 - confidence / 2), quantile(0.5 + confidence / 2))
    }

    /// The bias-corrected and accelerated interval (Efron 1987; Efron and Tibshirani 1993, eq. 14.10): the quantiles
    /// Φ(z₀ + (z₀ + z_α) / (1 − a(z₀ + z_α))).
    /// - Parameter confidence: In (0, 1).
    public func bca(confidence: Double = 0.95) -> (low: Double, high: Double) {
        let z0 = biasCorrection
        func end(_ p: Double) -> Double {
            let shifted = z0 + Normal.quantile(p)
            let stretch = 1 - acceleration * shifted
            // Beyond the pole the correction has no meaning; the outermost resample is what is left.
            guard stretch > 0 else { return shifted > 0 ? quantile(1) : quantile(0) }
            return quantile(Normal.cdf(z0 + shifted / stretch))
        }
        let (low, high) = (end(0.5 - confidence / 2), end(0.5 + confidence / 2))
        return (min(low, high), max(low, high))
    }

    /// The one-sided p-value of "the truth is at most `value`", by turning the BCa interval round: the α whose lower
    /// end is `value`. The p-value of "the truth is at least `value`" is one minus it.
    /// - Returns: Within (0, 1); no smaller than half a resample's share can tell.
    public func pValue(atMost value: Double) -> Double {
        let z0 = biasCorrection
        let shifted = Normal.quantile(shareBelow(value)) - z0
        let stretch = 1 + acceleration * shifted
        guard stretch > 0 else { return shifted < 0 ? half : 1 - half }
        return min(1 - half, max(half, Normal.cdf(shifted / stretch - z0)))
    }

    private var half: Double { 0.5 / Double(resamples.count) }

    /// The share of resamples below a value, those equal to it counted half; never 0 or 1.
    private func shareBelow(_ value: Double) -> Double {
        let below = firstIndex { $0 >= value }
        let notAbove = firstIndex { $0 > value }
        return min(1 - half, max(half, Double(below + notAbove) * half))
    }

    /// The first resample that holds, by halving.
    private func firstIndex(_ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, resamples.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(resamples[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The p·(B + 1)-th smallest resample, on straight lines between neighbours.
    private func quantile(_ p: Double) -> Double {
        let last = Double(resamples.count - 1)
        let place = min(last, max(0, p * Double(resamples.count + 1) - 1))
        let index = Int(place)
        guard index + 1 < resamples.count else { return resamples[resamples.count - 1] }
        return resamples[index] + (place - Double(index)) * (resamples[index + 1] - resamples[index])
    }
}
