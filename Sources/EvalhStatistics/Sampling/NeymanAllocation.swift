/// How many of a number of draws each stratum gets, so that a stratified mean varies least: in proportion to size times
/// deviation (Neyman 1934, JRSS 97:558).
public enum NeymanAllocation {
    /// - Parameters:
    ///   - sizes: Items of each stratum.
    ///   - deviations: Of one item's value in each stratum; at least 0. All 0: in proportion to size.
    ///   - draws: In all; more than there are items take them all.
    /// - Returns: draws of each stratum: at most its size, and at least one of each that has items, as far as the draws
    ///   reach.
    public static func allocate(sizes: [Int], deviations: [Double], draws: Int) -> [Int] {
        var left = min(draws, sizes.reduce(0, +))
        var result = sizes.map { $0 > 0 ? 1 : 0 }
        left -= result.reduce(0, +)
        guard left >= 0 else {
            // Too few for one each: the largest strata first.
            let first = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(draws)
            return sizes.indices.map { first.contains($0) && sizes[$0] > 0 ? 1 : 0 }
        }
        let isFlat = deviations.allSatisfy { !($0 > 0) }
        let worth = zip(sizes, deviations).map { Double($0) * (isFlat ? 1 : max(0, $1)) }
        // One draw after another to where the next lowers the variance most: worth² · (1/n − 1/(n+1)).
        for _ in 0..<max(0, left) {
            let open = sizes.indices.filter { result[$0] < sizes[$0] }
            func gain(_ stratum: Int) -> Double {
                let n = Double(result[stratum])
                return worth[stratum] * worth[stratum] / (n * (n + 1))
            }
            guard let best = open.max(by: { (gain($0), $1) < (gain($1), $0) }) else { break }
            result[best] += 1
        }
        return result
    }
}
