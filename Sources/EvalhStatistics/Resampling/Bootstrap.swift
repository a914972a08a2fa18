internal import Glibc

/// The bootstrap over items (Efron 1979; Efron and Tibshirani 1993): items are drawn with replacement, and with an item
/// all its repeats and all arms' sessions on it. Intervals are therefore clustered by item and paired by construction.
public enum Bootstrap {
    /// The mean of one number an item, such as the difference of two arms' scores on it.
    /// - Parameters:
    ///   - values: One an item.
    ///   - resamples: At least 1; 2,000 and more for intervals, 10,000 where p-values are compared.
    ///   - seed: The same seed gives the same resamples everywhere.
    /// - Returns: `nil` without items, or if a value is infinite or not a number.
    public static func mean(of values: [Double], resamples: Int = 10_000, seed: UInt64) -> BootstrapDistribution? {
        let n = values.count
        let observed = values.reduce(0, +) / Double(n)
        guard n > 0, resamples > 0, observed.isFinite, values.allSatisfy(\.isFinite) else { return nil }
        var generator = SplitMix64(seed: seed)
        var means = [Double](repeating: 0, count: resamples)
        values.withUnsafeBufferPointer { values in
            for index in means.indices {
                var sum = 0.0
                var left = n
                while left > 0 {
                    sum += values[generator.index(below: n)]
                    left -= 1
                }
                means[index] = sum / Double(n)
            }
        }
        var (squares, cubes) = (0.0, 0.0)
        for value in values {
            let distance = value - observed
            squares += distance * distance
            cubes += distance * distance * distance
        }
        return BootstrapDistribution(
            observed: observed, resamples: means, acceleration: acceleration(squares: squares, cubes: cubes))
    }

    /// Any statistic of items.
    /// - Parameters:
    ///   - items: How many there are.
    ///   - resamples: As above. The statistic is also computed once for each item left out.
    ///   - statistic: Gets a weight for each item: how often it was drawn. On all weights 1 it is the statistic itself.
    /// - Returns: `nil` without items, or if the statistic is not finite on the items as they are, or on more than a
    ///   tenth of the resamples; fewer are left out.
    public static func distribution(
        items: Int, resamples: Int = 10_000, seed: UInt64, of statistic: (_ weights: [Double]) -> Double
    ) -> BootstrapDistribution? {
        guard items > 0, resamples > 0 else { return nil }
        var weights = [Double](repeating: 1, count: items)
        let observed = statistic(weights)
        guard observed.isFinite else { return nil }
        var leftOut: [Double] = []
        if items > 1 {
            for index in weights.indices {
                weights[index] = 0
                leftOut.append(statistic(weights))
                weights[index] = 1
            }
        }
        var generator = SplitMix64(seed: seed)
        var values: [Double] = []
        values.reserveCapacity(resamples)
        for _ in 0..<resamples {
            for index in weights.indices { weights[index] = 0 }
            for _ in 0..<items { weights[generator.index(below: items)] += 1 }
            let value = statistic(weights)
            if value.isFinite { values.append(value) }
        }
        guard values.count * 10 >= resamples * 9, !values.isEmpty else { return nil }
        return BootstrapDistribution(observed: observed, resamples: values, acceleration: jackknife(leftOut))
    }

    /// a = Σd³ / (6·(Σd²)^{3/2}) with d the mean of the leave-one-out values minus each of them; 0 where they do not
    /// differ.
    private static func jackknife(_ leftOut: [Double]) -> Double {
        guard !leftOut.isEmpty, leftOut.allSatisfy(\.isFinite) else { return 0 }
        let mean = leftOut.reduce(0, +) / Double(leftOut.count)
        var (squares, cubes) = (0.0, 0.0)
        for value in leftOut {
            let distance = mean - value
            squares += distance * distance
            cubes += distance * distance * distance
        }
        return acceleration(squares: squares, cubes: cubes)
    }

    private static func acceleration(squares: Double, cubes: Double) -> Double {
        squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
    }
}
