/// How sure the counts of a vote are of its leader.
public enum LeadProbability {
    /// The Beta posterior probability that the most frequent answer stays ahead of the second, given their counts v1 ≥
    /// v2 and a uniform prior: P = ∫_½^1 x^v1 (1−x)^v2 dx / ∫_0^1 x^v1 (1−x)^v2 dx = 1 − 2^−(v1+v2+1) · Σ_{j=0}^{v2}
    /// C(v1+v2+1, j), in [½, 1].
    ///
    /// Source: Aggarwal et al. 2023, Let's Sample Step by Step, arXiv:2305.11860, §3.
    public static func beta(_ v1: Int, _ v2: Int) -> Double { 1 - doubt(v1, v2) }

    /// 1 − `beta`, exact also where it is tiny, in [0, ½].
    ///
    /// Summed from terms that are never larger than 1, so that no count overflows; the shorter tail is summed.
    public static func doubt(_ v1: Int, _ v2: Int) -> Double {
        let n = v1 + v2 + 1
        var term = Double(sign: .plus, exponent: -n, significand: 1)
        // Beyond a thousand votes 2^−n vanishes; there the difference of the counts decides.
        guard term > 0 else { return v1 == v2 ? 0.5 : 0 }
        var tail = 0.0
        for j in 0...v2 {
            tail += term
            term *= Double(n - j) / Double(j + 1)
        }
        return min(0.5, tail)
    }
}
