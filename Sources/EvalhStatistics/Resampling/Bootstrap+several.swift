extension Bootstrap {
    /// Several statistics of the same items on the same resamples, for instance a curve's points. Without the
    /// jackknife, so that its work grows with items and not with their square: intervals are percentiles, not BCa.
    /// - Parameters:
    ///   - items: At least 2; an interval of one item means nothing.
    ///   - statistics: Gets a weight for each item, how often it was drawn, and gives as many numbers each time.
    /// - Returns: For each statistic what `distribution` would give, `nil` if it is not finite on the items as they are
    ///   or on more than a tenth of the resamples.
    public static func several(
        items: Int, resamples: Int, seed: UInt64, of statistics: (_ weights: [Double]) -> [Double]
    ) -> [BootstrapDistribution?] {
        var weights = [Double](repeating: 1, count: items)
        let observed = statistics(weights)
        guard items > 1, resamples > 0 else { return observed.map { _ in nil } }
        var generator = SplitMix64(seed: seed)
        var values = observed.map { _ in [Double]() }
        for _ in 0..<resamples {
            for index in weights.indices { weights[index] = 0 }
            for _ in 0..<items { weights[generator.index(below: items)] += 1 }
            for (index, value) in statistics(weights).enumerated() where value.isFinite { values[index].append(value) }
        }
        return zip(observed, values).map { observed, values in
            guard observed.isFinite, !values.isEmpty, values.count * 10 >= resamples * 9 else { return nil }
            return BootstrapDistribution(observed: observed, resamples: values, acceleration: 0)
        }
    }

    /// Resamples that a report can wait for: 2,000, with more than 10,000 items fewer, down to 200.
    public static func affordableResamples(items: Int) -> Int { min(2000, max(200, 20_000_000 / max(1, items))) }
}

extension Estimate {
    /// A statistic with the percentiles of its resamples.
    /// - Parameter resampled: `nil`: the statistic stands without an interval.
    public init(_ value: Double, percentilesOf resampled: BootstrapDistribution?, items: Int) {
        let interval = resampled?.percentile()
        self.init(
            value: value, ciLow: interval?.low, ciHigh: interval?.high, stderr: resampled?.stderr, n: items,
            method: resampled == nil ? (items > 1 ? "no interval" : "one item") : "bootstrap over items")
    }

    /// The same of a share, such as an accuracy: where all resamples agree, as when everything is right, the
    /// percentiles would claim certainty, and Wilson's interval for so many items stands in their place.
    /// - Parameter units: Items that the share is over, at least 1 and at most `items`.
    public init(share value: Double, of units: Double, percentilesOf resampled: BootstrapDistribution?, items: Int) {
        self.init(value, percentilesOf: resampled, items: items)
        guard let resampled, resampled.resamples.first == resampled.resamples.last,
            let wilson = Wilson.interval(successes: value * units, n: units)
        else { return }
        (ciLow, ciHigh, method) = (min(value, wilson.low), max(value, wilson.high), "Wilson")
    }
}
