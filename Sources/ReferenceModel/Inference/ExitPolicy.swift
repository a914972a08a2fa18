/// After which layer a token's prediction is taken.
package enum ExitPolicy: Hashable, Sendable {
    /// After the last one.
    case none
    /// After this one, from 1 to the number of layers.
    case fixed(layer: Int)
    /// After the first whose likeliest token has at least this probability.
    case confidence(threshold: Double)
    /// After the first i with 1 − ∏_{k ≤ i} (1 − λ_k) > q, else the last: Q-exit of PALBERT (Balagansky & Gavrilov
    /// 2022, arXiv:2204.03276, §3).
    case lambdaQuantile(q: Double)
    /// After layer i with probability λ_i, as PonderNet does (Banino et al. 2021, arXiv:2107.05407, §2.2).
    case lambdaSample

    var readsLambda: Bool {
        switch self {
        case .lambdaQuantile, .lambdaSample: true
        case .none, .fixed, .confidence: false
        }
    }
}
