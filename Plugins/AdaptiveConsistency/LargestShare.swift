import Glibc

/// The probability that one share of a Dirichlet distribution is larger than all others.
enum LargestShare {
    /// P(p₁ > p_j for all j) for p ~ Dir(a₁, a₂, ...) with whole shapes a ≥ 1. Shares of a Dirichlet distribution are
    /// Gamma variables divided by their sum, so P = ∫ f(g; a₁) Π_j F(g; a_j) dg with the density f and the distribution
    /// function F of Gamma(a, 1).
    ///
    /// The integral over ln g is taken by the trapezoidal rule, which for such an integrand is exact to about 1e-12 at
    /// these steps.
    ///
    /// - Parameters:
    ///   - shape: a₁, the largest of the shapes.
    ///   - others: a₂, a₃, ...; two shapes give the Beta rule's probability of v1 = a₁ − 1, v2 = a₂ − 1.
    static func probability(of shape: Int, against others: [Int]) -> Double {
        let a = Double(shape)
        let logFactorial = logFactorial(shape - 1)
        let others = others.map { (shape: $0, logFactorial: Self.logFactorial($0 - 1)) }
        let center = log(a)
        let step = min(0.2, 0.5 / a.squareRoot())
        var sum = 0.0
        for direction in [step, -step] {
            var place = direction > 0 ? 0.0 : 1.0
            while true {
                let t = center + place * direction
                let g = exp(t)
                let density = exp(a * t - g - logFactorial)
                guard density > 1e-18 else { break }
                sum += others.reduce(density) { $0 * below(g, t, $1.shape, $1.logFactorial) }
                place += 1
            }
        }
        return max(0, min(1, sum * step))
    }

    /// F(g; a) = 1 − Σ_{i<a} e^−g g^i / i!, with t = ln g and `logFactorial` = ln (a−1)!.
    private static func below(_ g: Double, _ t: Double, _ shape: Int, _ logFactorial: Double) -> Double {
        var term = exp(Double(shape - 1) * t - g - logFactorial)
        var above = 0.0
        var i = shape - 1
        while i >= 0, term > 0, term > above * 1e-17 || Double(i) > g {
            above += term
            term *= Double(i) / g
            i -= 1
        }
        return max(0, 1 - above)
    }

    private static func logFactorial(_ n: Int) -> Double {
        n < 2 ? 0 : (2...n).reduce(0) { $0 + log(Double($1)) }
    }
}
