import EvalhPluginKit

/// Which arm is best in each bin of difficulty, on the items it was learnt from.
struct BinPolicy {
    /// By bin; `nil`: nothing was learnt of it.
    private(set) var arms: [String?]

    /// A question that was learnt from.
    struct Example {
        var difficulty: Double
        /// Score and tokens of each arm.
        var results: [(arm: String, score: Double, tokens: Double)]
    }

    /// - Parameter costWeight: what 1,000 tokens take away from a score.
    init(_ examples: [Example], bins: DifficultyBins, arms names: [String], costWeight: Double) {
        arms = Array(repeating: nil, count: bins.count)
        for bin in 0..<bins.count {
            let members = examples.filter { bins.bin($0.difficulty) == bin }
            var best: (value: Double, tokens: Double)?
            for name in names {
                let results = members.flatMap(\.results).filter { $0.arm == name }
                guard !results.isEmpty else { continue }
                let tokens = results.reduce(0) { $0 + $1.tokens } / Double(results.count)
                let value = results.reduce(0) { $0 + $1.score } / Double(results.count) - costWeight * tokens / 1000
                if let current = best, value < current.value || (value == current.value && tokens >= current.tokens) {
                    continue
                }
                best = (value, tokens)
                arms[bin] = name
            }
        }
    }

    /// The arm for a bin: its own, else the nearest easier or harder bin's.
    func arm(_ bin: Int) -> String? {
        for distance in 0..<max(1, arms.count) {
            for place in [bin - distance, bin + distance] where arms.indices.contains(place) {
                if let arm = arms[place] { return arm }
            }
        }
        return nil
    }
}
