/// A division of [0, 1] into bins, each without its lower end and with its upper one; the first has both.
public struct ConfidenceBins: Hashable, Sendable {
    /// The bins' upper ends, ascending; the last is 1.
    public let upperEnds: [Double]

    /// Bins of equal width (Guo et al. 2017, arXiv:1706.04599, eq. 3).
    /// - Parameter count: At least 1.
    public init(equalWidth count: Int) {
        upperEnds = (1...max(1, count)).map { Double($0) / Double(max(1, count)) }
    }

    /// Bins of as equally many sessions as equal confidences, which stay together, allow (Nguyen and O'Connor 2015).
    /// With many ties there are fewer bins than asked for.
    /// - Parameter count: At least 1.
    public init(equalCount count: Int, of groups: [GradedConfidence]) {
        let sorted = groups.sorted { $0.confidence < $1.confidence }
        let total = sorted.reduce(0) { $0 + $1.count }
        var ends: [Double] = []
        var seen = 0
        // The next bin ends where this many sessions times `count` are reached.
        var target = total
        for (index, group) in sorted.enumerated() {
            seen += group.count
            let isLastOfTie = index + 1 == sorted.count || sorted[index + 1].confidence != group.confidence
            guard isLastOfTie, seen * count >= target else { continue }
            ends.append(group.confidence)
            target = (seen * count / max(1, total) + 1) * total
        }
        if ends.isEmpty { ends = [1] }
        ends[ends.count - 1] = 1
        upperEnds = ends
    }

    /// The bin of a confidence in [0, 1].
    public func index(of confidence: Double) -> Int {
        var (low, high) = (0, upperEnds.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if confidence <= upperEnds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
