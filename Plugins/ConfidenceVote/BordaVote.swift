import Glibc

/// Weights of votes by rank.
enum BordaVote {
    /// (N − r + 1)^p for the rank r of each score among N, 1 for the highest; of equal scores the earlier one ranks
    /// higher. With p = 0 all weights are 1 (Kang et al. 2025, Borda voting).
    static func weights(_ scores: [Double], power: Double) -> [Double] {
        let order = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        var weights = scores
        for (place, index) in order.enumerated() { weights[index] = pow(Double(scores.count - place), power) }
        return weights
    }
}
