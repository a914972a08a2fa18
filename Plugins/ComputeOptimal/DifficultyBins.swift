/// Quantile bins of difficulty, learnt from some items, for any item.
struct DifficultyBins {
    private let sorted: [Double]
    let count: Int

    /// - Parameters:
    ///   - difficulties: of the items that are learnt from; at least one.
    ///   - count: bins, at least one.
    init(_ difficulties: [Double], count: Int) {
        sorted = difficulties.sorted()
        self.count = count
    }

    /// The bin of a difficulty, 0 the easiest: by its mid-rank among those learnt from, so that equal difficulties
    /// share a bin and bins of distinct ones differ in size by at most one.
    func bin(_ difficulty: Double) -> Int {
        let below = sorted.count { $0 < difficulty }
        let equal = sorted.count { $0 == difficulty }
        let rank = Double(below) + Double(max(equal - 1, 0)) / 2
        return min(count - 1, Int(rank * Double(count) / Double(max(1, sorted.count))))
    }
}
