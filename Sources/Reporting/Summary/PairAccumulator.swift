internal import EvalhStatistics
internal import Foundation

/// Moments of two arms' scores on the items both have, for paired comparisons. Constant memory.
struct PairAccumulator {
    private(set) var n = 0
    private(set) var aOnly = 0
    private(set) var bOnly = 0
    /// All scores were 0 or 1, one session an item: McNemar's test applies.
    private(set) var isBinary = true
    private var sumA = 0.0
    private var sumB = 0.0
    private var sumAA = 0.0
    private var sumBB = 0.0
    private var sumAB = 0.0

    mutating func add(_ a: Double, _ b: Double) {
        n += 1
        sumA += a
        sumB += b
        sumAA += a * a
        sumBB += b * b
        sumAB += a * b
        if (a != 0 && a != 1) || (b != 0 && b != 1) { isBinary = false }
        if a > 0.5, b <= 0.5 { aOnly += 1 }
        if b > 0.5, a <= 0.5 { bOnly += 1 }
    }

    /// weightA · mean(a) + weightB · mean(b), with a t interval over items.
    func combination(_ weightA: Double, _ weightB: Double) -> Estimate? {
        guard n > 0 else { return nil }
        let count = Double(n)
        let value = (weightA * sumA + weightB * sumB) / count
        let agreeing = Agreement.estimate(value, n: n, reach: max(abs(weightA), abs(weightB)))
        guard n > 1 else { return agreeing }
        let squares = weightA * weightA * sumAA + weightB * weightB * sumBB + 2 * weightA * weightB * sumAB
        let variance = max(0, (squares - count * value * value) / (count - 1))
        let stderr = (variance / count).squareRoot()
        guard stderr > 0 else { return agreeing }
        let quantile = StudentT.quantile(0.975, degreesOfFreedom: count - 1)
        return Estimate(
            value: value, ciLow: value - quantile * stderr, ciHigh: value + quantile * stderr, stderr: stderr, n: n,
            method: "paired t over items")
    }
}
