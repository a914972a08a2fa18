internal import EvalhStatistics
internal import Foundation

/// Moments of two arms' scores on the items both have, for paired comparisons. Memory is constant but for questions
/// that stand in several rows of the data: their rows are taken together, and count as one.
struct PairAccumulator {
    /// Questions.
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
    /// Sums with the question's rows k.
    private var sumK = 0.0
    private var sumKK = 0.0
    private var sumAK = 0.0
    private var sumBK = 0.0
    private var shared: [Int: (a: Double, b: Double, rows: Double)] = [:]

    /// The next row's scores.
    /// - Parameter question: that several rows ask.
    mutating func add(_ a: Double, _ b: Double, shared question: Int? = nil) {
        guard let question else { return count(a, b, rows: 1) }
        let before = shared[question] ?? (0, 0, 0)
        shared[question] = (before.a + a, before.b + b, before.rows + 1)
    }

    /// With the questions that several rows ask counted.
    var closed: PairAccumulator {
        var all = self
        for (_, sums) in shared.sorted(by: { $0.key < $1.key }) { all.count(sums.a, sums.b, rows: sums.rows) }
        all.shared = [:]
        return all
    }

    private mutating func count(_ a: Double, _ b: Double, rows: Double) {
        n += 1
        sumA += a
        sumB += b
        sumAA += a * a
        sumBB += b * b
        sumAB += a * b
        sumK += rows
        sumKK += rows * rows
        sumAK += a * rows
        sumBK += b * rows
        let (a, b) = (a / rows, b / rows)
        if (a != 0 && a != 1) || (b != 0 && b != 1) { isBinary = false }
        if a > 0.5, b <= 0.5 { aOnly += 1 }
        if b > 0.5, a <= 0.5 { bOnly += 1 }
    }

    /// weightA · mean(a) + weightB · mean(b) over rows, with a t interval over questions: the ratio estimator of
    /// `ClusteredMean`, which is the plain mean where every question has one row.
    func combination(_ weightA: Double, _ weightB: Double) -> Estimate? {
        guard n > 0 else { return nil }
        let count = Double(n)
        let value = (weightA * sumA + weightB * sumB) / sumK
        // Scores are within 0 and 1.
        let range = min(0, weightA) + min(0, weightB)...max(0, weightA) + max(0, weightB)
        let agreeing = Agreement.estimate(value, n: max(1, Int(sumK * sumK / sumKK)), range: range)
        guard n > 1 else { return agreeing }
        let squares = weightA * weightA * sumAA + weightB * weightB * sumBB + 2 * weightA * weightB * sumAB
        let spread =
            sumKK == count
            ? squares - count * value * value
            : squares - 2 * value * (weightA * sumAK + weightB * sumBK) + value * value * sumKK
        let stderr = (count / (count - 1) * max(0, spread)).squareRoot() / sumK
        guard stderr > 0 else { return agreeing }
        let quantile = StudentT.quantile(0.975, degreesOfFreedom: count - 1)
        return Estimate(
            value: value, ciLow: value - quantile * stderr, ciHigh: value + quantile * stderr, stderr: stderr, n: n,
            method: "paired t over items")
    }
}
