internal import Glibc

/// Accuracy against the number of samples or rethinks: F(N) = F_max·(1 − (1 − p)^N) (Wang et al. 2025, "Scaling over
/// Scaling: Exploring Test-Time Scaling Pareto in Large Reasoning Models", TTSPM). Parallel samples and sequential
/// rethinks have the same form.
public struct SaturationLaw: Hashable, Sendable {
    /// The ceiling, in (0, 1].
    public var ceiling: Double
    /// What one more sample or rethink finds of what is left, in (0, 1].
    public var rate: Double

    public init(ceiling: Double, rate: Double) {
        self.ceiling = ceiling
        self.rate = rate
    }

    public func value(_ n: Double) -> Double {
        guard rate < 1 else { return n > 0 ? ceiling : 0 }
        return ceiling * -expm1(n * log1p(-rate))
    }

    /// What the next one brings: F(N + 1) − F(N) = F_max·p·(1 − p)^N.
    public func gain(_ n: Double) -> Double { ceiling * rate * pow(1 - rate, n) }

    /// The smallest N whose next one brings at most ε: ⌈ln(ε/(F_max·p)) / ln(1 − p)⌉, at least 1.
    /// - Parameter threshold: ε, above 0.
    public func saturation(threshold: Double) -> Double {
        guard threshold < ceiling * rate, rate < 1 else { return 1 }
        let n = (log(threshold / (ceiling * rate)) / log1p(-rate))
        // A whole number that the division missed by a hair stays itself.
        return max(1, abs(n - n.rounded()) < 1e-9 ? n.rounded() : n.rounded(.up))
    }

    /// Read as two states, where a right answer may be lost again: a_{t+1} = a_t(1 − q) + (1 − a_t)p has this form with
    /// F_max = p/(p+q) and rate p + q.
    public var gainAndLoss: (gain: Double, loss: Double) { (ceiling * rate, rate * (1 - ceiling)) }

    /// Weighted least squares with both parameters in (0, 1].
    /// - Parameter near: where to begin, for points much like those of an earlier fit; `nil`: from a grid.
    /// - Returns: `nil` for fewer than three different N, or values that are all 0.
    public static func fit(
        n: [Double], accuracy: [Double], weights: [Double], near: SaturationLaw? = nil
    ) -> (law: SaturationLaw, onBound: Bool)? {
        guard Set(n).count >= 3, accuracy.contains(where: { $0 > 0 }) else { return nil }
        let roots = weights.map { $0.squareRoot() }
        let most = max(1e-6, accuracy.max() ?? 1)
        var starts: [[Double]] = []
        if let near { starts = [[near.ceiling, near.rate]] }
        for top in near != nil ? [] : [most, min(1, most * 1.2), 1] {
            for rate in [0.02, 0.1, 0.3, 0.6, 0.9] { starts.append([top, rate]) }
        }
        let squares = LeastSquares(bounds: [.init(1e-9, 1), .init(1e-9, 1)])
        let solution = squares.fit(starts: starts) { x in
            let law = SaturationLaw(ceiling: x[0], rate: x[1])
            return n.indices.map { roots[$0] * (law.value(n[$0]) - accuracy[$0]) }
        }
        return solution.map { (SaturationLaw(ceiling: $0.parameters[0], rate: $0.parameters[1]), !$0.onBound.isEmpty) }
    }
}
