/// The Beta stopping rule of Adaptive-Consistency.
enum BetaRule {
    /// The probability that the most frequent answer stays ahead of the second, given their counts v1 ≥ v2 and a uniform prior:
    /// P = ∫_½^1 x^v1 (1−x)^v2 dx / ∫_0^1 x^v1 (1−x)^v2 dx = 2^−(v1+v2+1) · Σ_{j=0}^{v1} C(v1+v2+1, j).
    ///
    /// Summed from terms that are never larger than 1, so that no count overflows.
    static func probability(_ v1: Int, _ v2: Int) -> Double {
        let n = v1 + v2 + 1
        // The shorter tail is summed: Σ_{j=0}^{v1} = 1 − Σ_{j=0}^{v2} by symmetry of the binomial coefficients.
        var term = 1.0
        for _ in 0..<n { term /= 2 }
        guard term > 0 else { return limit(v1, v2) }
        var tail = 0.0
        for j in 0...v2 {
            tail += term
            term *= Double(n - j) / Double(j + 1)
        }
        return max(0, min(1, 1 - tail))
    }

    /// Beyond a thousand votes 2^−n vanishes; there the count difference decides.
    private static func limit(_ v1: Int, _ v2: Int) -> Double { v1 == v2 ? 0.5 : v1 > v2 ? 1 : 0 }
}
