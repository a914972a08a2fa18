import Glibc

/// What early stopping with a window size costs and risks, foretold from the answers' frequencies (the control scheme
/// of ESC).
struct ControlScheme: Hashable {
    let window: Int
    /// E[n], in completions, of a whole session.
    let expectedSamples: Double
    /// How likely some other answer than the most frequent one fills a window, in [0, 1].
    let risk: Double

    /// - Parameters:
    ///   - window: w, at least 1 and at most `limit`.
    ///   - limit: L, the most completions.
    ///   - shares: p, the answers' frequencies, the largest first. Their sum is less than 1 if not all completions have
    ///     an answer.
    init(window: Int, limit: Int, shares: [Double]) {
        self.window = window
        expectedSamples = Self.expectedSamples(Double(window), limit, shares)
        risk = Self.risk(Double(window), shares)
    }

    /// With q = Σ p_i^w, the probability that a window is unanimous, and K = ⌊L/w⌋ windows:
    /// E[n] = w [ Σ_{i=0}^{K−2} q (1−q)^i (i+1) + (1−q)^{K−1} K ], and the L − wK completions that fill no window if
    /// none was unanimous.
    private static func expectedSamples(_ window: Double, _ limit: Int, _ shares: [Double]) -> Double {
        let unanimous = shares.reduce(0) { $0 + pow($1, window) }
        let windows = limit / Int(window)
        var sum = 0.0
        var disagreement = 1.0
        for i in 0..<(windows - 1) {
            sum += unanimous * disagreement * Double(i + 1)
            disagreement *= 1 - unanimous
        }
        sum += disagreement * Double(windows)
        return window * sum + disagreement * (1 - unanimous) * Double(limit % Int(window))
    }

    /// Σ over the answers but the most frequent of 1 − Φ((w − w p) / √(w p (1 − p))), the normal approximation of its
    /// filling a window.
    private static func risk(_ window: Double, _ shares: [Double]) -> Double {
        shares.dropFirst().reduce(0) { sum, share in
            let z = (window - window * share) / (window * share * (1 - share)).squareRoot()
            return sum + erfc(z / 2.0.squareRoot()) / 2
        }
    }
}
