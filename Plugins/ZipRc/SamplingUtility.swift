/// What a set of samples is worth: E[best reward] − β·(α·E[compute]/c₀ + (1 − α)·E[latency]/l₀).
struct SamplingUtility {
    /// α in [0, 1]: 1 counts compute only, 0 latency only.
    let alpha: Double
    /// β, at least 0: the weight of the cost.
    let beta: Double
    /// c₀ and l₀, above 0: compute and latency of one plain sample.
    let unit: Double

    /// The parts, in rewards and tokens.
    struct Value: Hashable {
        let best: Double
        let compute: Double
        let latency: Double
        let utility: Double
    }

    func value(of prospects: [Prospect]) -> Value {
        let best = Self.expectedMaximum(prospects.flatMap { $0.outcomes.map(\.reward) } + [0]) { reward in
            prospects.reduce(1) { $0 * $1.rewardCDF(reward) }
        }
        let latency = Self.expectedMaximum(
            prospects.flatMap { one in one.outcomes.map { min($0.length, one.horizon) } }
        ) { time in
            prospects.reduce(1) { $0 * $1.lengthCDF(time) }
        }
        let compute = prospects.reduce(0) { $0 + $1.compute }
        let cost = alpha * compute / unit + (1 - alpha) * latency / unit
        return Value(best: best, compute: compute, latency: latency, utility: best - beta * cost)
    }

    /// Σ_v v·[F(v) − F(v⁻)] over the values a maximum may have, F its distribution function.
    private static func expectedMaximum(_ values: [Double], _ cdf: (Double) -> Double) -> Double {
        var below = 0.0
        var sum = 0.0
        var last: Double?
        for value in values.sorted() where value != last {
            let upTo = cdf(value)
            sum += value * (upTo - below)
            below = upTo
            last = value
        }
        return sum
    }
}
