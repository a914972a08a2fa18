/// Stand-in until the resampling library is merged.
public enum Bootstrap {
    public static func meanInterval(_ values: [Double], resamples: Int, seed: UInt64) -> (low: Double, high: Double)? {
        guard values.count > 1 else { return nil }
        var random = SplitMix64(seed: seed)
        var means: [Double] = []
        for _ in 0..<resamples {
            var sum = 0.0
            for _ in values.indices { sum += values[random.index(below: values.count)] }
            means.append(sum / Double(values.count))
        }
        means.sort()
        return (means[Int(0.025 * Double(resamples))], means[min(resamples - 1, Int(0.975 * Double(resamples)))])
    }
}
