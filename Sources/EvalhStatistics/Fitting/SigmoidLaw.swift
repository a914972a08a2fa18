internal import Glibc

/// Performance against compute: R(C) = R₀ + (A − R₀) / (1 + (C_mid/C)^B) (Khatri et al. 2025, "The Art of Scaling
/// Reinforcement Learning Compute for LLMs", ScaleRL, eq. 1).
public struct SigmoidLaw: Hashable, Sendable {
    /// R₀: without compute.
    public var start: Double
    /// A: what it tends to, in (R₀, 1].
    public var asymptote: Double
    /// B: how steep, in [0.1, 10].
    public var exponent: Double
    /// C_mid: where half of A − R₀ is reached.
    public var middle: Double

    public init(start: Double, asymptote: Double, exponent: Double, middle: Double) {
        self.start = start
        self.asymptote = asymptote
        self.exponent = exponent
        self.middle = middle
    }

    public func value(_ compute: Double) -> Double {
        compute > 0 ? start + (asymptote - start) / (1 + pow(middle / compute, exponent)) : start
    }

    /// Weighted least squares for A, B and C_mid in [min C, 10·max C].
    /// - Parameter near: where to begin, for points much like those of an earlier fit; `nil`: from a grid.
    /// - Returns: `nil` for fewer than four different budgets above 0, or where nothing is above R₀.
    public static func fit(
        compute: [Double], performance: [Double], weights: [Double], start: Double, near: SigmoidLaw? = nil
    ) -> (law: SigmoidLaw, onBound: [String])? {
        let positive = compute.filter { $0 > 0 }
        guard Set(positive).count >= 4, let least = positive.min(), let most = positive.max(), start < 1,
            performance.contains(where: { $0 > start })
        else { return nil }
        let roots = weights.map { $0.squareRoot() }
        // C_mid by its logarithm, B likewise: both are scales.
        let squares = LeastSquares(
            bounds: [.init(start + 1e-9, 1), .init(log(0.1), log(10)), .init(log(least), log(10 * most))],
            iterations: 1000)
        let top = max(performance.max() ?? 1, start + 1e-6)
        var starts: [[Double]] = []
        if let near { starts = [[near.asymptote, log(near.exponent), log(near.middle)]] }
        for asymptote in near != nil ? [] : [top, min(1, top * 1.15), (top + 1) / 2] {
            for exponent in [0.5, 1, 2, 4] {
                for share in [0.1, 0.4, 0.7] {
                    starts.append([asymptote, log(exponent), log(least) + share * log(most / least)])
                }
            }
        }
        guard
            let solution = squares.fit(
                starts: starts,
                residuals: { x in
                    let law = SigmoidLaw(start: start, asymptote: x[0], exponent: exp(x[1]), middle: exp(x[2]))
                    return compute.indices.map { roots[$0] * (law.value(compute[$0]) - performance[$0]) }
                })
        else { return nil }
        let x = solution.parameters
        let names = ["asymptote", "exponent", "middle"]
        return (
            SigmoidLaw(start: start, asymptote: x[0], exponent: exp(x[1]), middle: exp(x[2])),
            solution.onBound.map { names[$0] }
        )
    }
}
