/// Wilson's score interval for a proportion (Wilson 1927, JASA 22:209): never of zero width, right near 0 and 1.
public enum Wilson {
    /// `nil` for n = 0. `successes` may be a sum of scores in [0, 1]; the interval is then conservative.
    public static func interval(successes: Double, n: Double, confidence: Double = 0.95) -> (low: Double, high: Double)?
    {
        guard n > 0, successes.isFinite else { return nil }
        let z = Normal.quantile(0.5 + confidence / 2)
        let p = min(max(successes / n, 0), 1)
        let denominator = 1 + z * z / n
        let centre = (p + z * z / (2 * n)) / denominator
        let half = z / denominator * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        // At the ends rounding must not push the point itself out of its interval.
        return (p == 0 ? 0 : max(0, centre - half), p == 1 ? 1 : min(1, centre + half))
    }
}

/// A mean of sessions that come in clusters (items), whose interval counts clusters and not sessions. Constant memory:
/// the clusters' sessions must follow each other, but for those of questions that stand in several rows of the data,
/// which are kept one by one.
///
/// Ratio estimator m = Σs/Σk over clusters with score sums s and sizes k; linearised variance n/(n−1) · Σ(s − m·k)² /
/// (Σk)², the cluster-robust variance with the small-sample factor n/(n−1); interval by Student's t with n − 1 degrees
/// of freedom.
public struct ClusteredMean: Sendable {
    public private(set) var clusters = 0
    public private(set) var count = 0
    private var currentCluster: Int?
    private var currentSum = 0.0
    private var currentCount = 0.0
    private var sumS = 0.0
    private var sumK = 0.0
    private var sumSS = 0.0
    private var sumSK = 0.0
    private var sumKK = 0.0
    private var isBinary = true
    private var hasRepeats = false
    /// Over clusters, the sum of sessions times rows.
    private var sumKR = 0.0

    /// A question that stands in several rows.
    private struct Shared {
        var sum = 0.0
        var count = 0.0
        var rows = 0.0
        var lastRow: Int?
    }
    private var shared: [Int: Shared] = [:]

    public init() {}

    public mutating func add(_ value: Double, cluster: Int) {
        if currentCluster != cluster {
            close()
            currentCluster = cluster
        }
        if value != 0, value != 1 { isBinary = false }
        currentSum += value
        currentCount += 1
        count += 1
        if currentCount > 1 { hasRepeats = true }
    }

    /// A session of a question that several rows of the data ask. The sessions of a row must follow each other; those
    /// of a question need not.
    public mutating func add(_ value: Double, cluster: Int, row: Int) {
        if value != 0, value != 1 { isBinary = false }
        count += 1
        hasRepeats = true
        shared[cluster, default: Shared()].sum += value
        shared[cluster, default: Shared()].count += 1
        if shared[cluster]?.lastRow != row {
            shared[cluster, default: Shared()].rows += 1
            shared[cluster, default: Shared()].lastRow = row
        }
    }

    private mutating func close() {
        close(currentSum, currentCount, rows: 1)
        currentSum = 0
        currentCount = 0
    }

    private mutating func close(_ sum: Double, _ count: Double, rows: Double) {
        guard count > 0 else { return }
        clusters += 1
        sumS += sum
        sumK += count
        sumSS += sum * sum
        sumSK += sum * count
        sumKK += count * count
        sumKR += count * rows
    }

    /// With all clusters closed.
    private var closed: ClusteredMean {
        var all = self
        all.close()
        // In a fixed order, so that sums are the same each time.
        for (_, question) in shared.sorted(by: { $0.key < $1.key }) {
            all.close(question.sum, question.count, rows: question.rows)
        }
        all.shared = [:]
        return all
    }

    /// The mean of any numbers; `nil` without any.
    public func mean() -> Estimate? {
        let all = closed
        guard all.sumK > 0 else { return nil }
        let value = all.sumS / all.sumK
        let n = Double(all.clusters)
        guard n > 1 else {
            return Estimate(value: value, ciLow: nil, ciHigh: nil, stderr: nil, n: all.clusters, method: "one item")
        }
        let squares = max(0, all.sumSS - 2 * value * all.sumSK + value * value * all.sumKK)
        let stderr = (n / (n - 1) * squares).squareRoot() / all.sumK
        let half = StudentT.quantile(0.975, degreesOfFreedom: n - 1) * stderr
        return Estimate(
            value: value, ciLow: value - half, ciHigh: value + half, stderr: stderr, n: all.clusters,
            method: hasRepeats ? "t, clustered by item" : "t over items")
    }

    /// The mean of scores in [0, 1]: Wilson's interval for one right-or-wrong session an item. With repeats it is
    /// Wilson's with the effective number of sessions that the clustering leaves (design effect, Kish 1965), so that it
    /// stays within [0, 1] and is not empty where all items agree.
    ///
    /// Rows that ask one question share their samples: of the k sessions of a question in r rows only k/r are samples
    /// of their own. The effective number of sessions is at most that of a mean with such weights, (Σk)² / Σ(k·r) (Kish
    /// 1965): for a hundred equal rows it is 1.
    public func proportion() -> Estimate? {
        guard let plain = mean() else { return nil }
        let all = closed
        var effective = Double(all.clusters)
        var method = "Wilson"
        if !isBinary || hasRepeats {
            method = "Wilson, clustered by item"
            let variance = plain.value * (1 - plain.value)
            if let stderr = plain.stderr, stderr > 0, variance > 0 {
                effective = min(Double(count), max(1, variance / (stderr * stderr)))
            }
        }
        effective = min(effective, all.sumK * all.sumK / all.sumKR)
        guard let interval = Wilson.interval(successes: plain.value * effective, n: effective) else { return nil }
        return Estimate(
            value: plain.value, ciLow: min(interval.low, plain.value), ciHigh: max(interval.high, plain.value),
            stderr: plain.stderr,
            n: all.clusters, method: method)
    }
}
