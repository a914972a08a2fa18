/// How far confidences are from what comes true, by bins of confidence (Naeini et al. 2015; Guo et al. 2017,
/// arXiv:1706.04599).
public struct CalibrationError: Hashable, Sendable {
    /// One bin that has sessions.
    public struct Bin: Hashable, Sendable {
        public var low: Double
        public var high: Double
        public var count: Int
        /// Mean confidence of its sessions.
        public var confidence: Double
        /// Mean score of its sessions.
        public var accuracy: Double
    }

    /// Bins with sessions, ascending.
    public let bins: [Bin]

    /// - Parameter groups: At least one.
    public init(_ groups: [GradedConfidence], bins division: ConfidenceBins) {
        var sums = division.upperEnds.map { _ in (count: 0, confidence: 0.0, score: 0.0) }
        for group in groups {
            let bin = division.index(of: group.confidence)
            sums[bin].count += group.count
            sums[bin].confidence += Double(group.count) * group.confidence
            sums[bin].score += Double(group.count) * group.score
        }
        bins = sums.indices.filter { sums[$0].count > 0 }.map { index in
            let sum = sums[index]
            return Bin(
                low: index == 0 ? 0 : division.upperEnds[index - 1], high: division.upperEnds[index], count: sum.count,
                confidence: sum.confidence / Double(sum.count), accuracy: sum.score / Double(sum.count))
        }
    }

    /// ECE = Σ n_b/n · |accuracy_b − confidence_b|. Biased upwards: chance alone keeps bins from agreeing, the more the
    /// fewer sessions a bin has; see `expectedIfCalibrated`.
    public var expected: Double {
        let total = bins.reduce(0) { $0 + $1.count }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) } / Double(total)
    }

    /// MCE = max |accuracy_b − confidence_b| over bins with sessions.
    public var maximum: Double { bins.reduce(0) { max($0, abs($1.accuracy - $1.confidence)) } }

    /// ECE and MCE where each item counts as often as its weight says; not a number where no session counts.
    public static func weighted(
        _ groups: [GradedConfidence], bins division: ConfidenceBins, weights: [Double]
    ) -> (expected: Double, maximum: Double) {
        var counts = [Double](repeating: 0, count: division.upperEnds.count)
        var gaps = counts
        for group in groups {
            let bin = division.index(of: group.confidence)
            let count = weights[group.item] * Double(group.count)
            counts[bin] += count
            gaps[bin] += count * (group.score - group.confidence)
        }
        let largest = zip(gaps, counts).reduce(0) { $1.1 > 0 ? max($0, abs($1.0) / $1.1) : $0 }
        return (gaps.reduce(0) { $0 + abs($1) } / counts.reduce(0, +), largest)
    }

    /// The ECE that perfectly calibrated confidences would show by chance: its mean if each session were right with the
    /// chance it claims, independently of the others (the idea of Bröcker and Smith's consistency bars, 2007). Sessions
    /// of one item are in truth alike, which makes it larger still. A bin's mean absolute deviation is exact, by its
    /// Poisson binomial distribution, up to 256 sessions and normal, σ·√(2/π), beyond.
    public static func expectedIfCalibrated(_ groups: [GradedConfidence], bins division: ConfidenceBins) -> Double {
        var members = [[GradedConfidence]](repeating: [], count: division.upperEnds.count)
        for group in groups { members[division.index(of: group.confidence)].append(group) }
        let total = groups.reduce(0) { $0 + $1.count }
        return members.reduce(0) { $0 + absoluteDeviation($1) } / Double(total)
    }

    /// E|S − E S| for the sum S of independent right-or-wrong sessions.
    private static func absoluteDeviation(_ members: [GradedConfidence]) -> Double {
        let count = members.reduce(0) { $0 + $1.count }
        guard count <= 256 else {
            let variance = members.reduce(0) { $0 + Double($1.count) * $1.confidence * (1 - $1.confidence) }
            return (variance * 2 / .pi).squareRoot()
        }
        // chances[s]: that s of the sessions so far are right.
        var chances = [1.0]
        for member in members {
            for _ in 0..<member.count {
                chances.append(0)
                for s in stride(from: chances.count - 1, through: 1, by: -1) {
                    chances[s] = chances[s] * (1 - member.confidence) + chances[s - 1] * member.confidence
                }
                chances[0] *= 1 - member.confidence
            }
        }
        let mean = members.reduce(0) { $0 + Double($1.count) * $1.confidence }
        return chances.enumerated().reduce(0) { $0 + $1.element * abs(Double($1.offset) - mean) }
    }
}
