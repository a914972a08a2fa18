/// When a process halts that halts at step i with probability λ_i if it has come that far.
struct ExitDistribution: Hashable {
    /// ∏ (1 − λ_k): the probability of not having halted.
    private var survival = 1.0

    /// CDF_i = Σ_{k≤i} p_k = 1 − ∏_{k≤i} (1 − λ_k), with p_i = λ_i ∏_{k<i} (1 − λ_k).
    var cumulative: Double { 1 - survival }

    /// - Parameter halting: λ of the next step, in [0, 1].
    mutating func step(halting: Double) {
        survival *= 1 - halting
    }
}
