internal import Glibc

/// How often a session that may use k of an item's n samples gets not only one but most of them right (Liu et al. 2024,
/// "Are Your LLMs Capable of Stable Reasoning?", arXiv:2412.13147). Exact means over all C(n, k) subsets, as
/// `SubsetEstimators`.
public enum Stability {
    /// G-Pass@k_τ: the chance that at least ⌈τ·k⌉ of k samples are right, Σ C(c, j)·C(n−c, k−j) / C(n, k) over j =
    /// ⌈τ·k⌉…k. With τ → 0 at least one sample must be right, which is pass@k; with τ = 1 all of them, which is C(c, k)
    /// / C(n, k).
    /// - Parameters:
    ///   - k: 1...n; `nil` comes of any other.
    ///   - correct: c, how many of the n samples are right.
    ///   - tau: In [0, 1].
    public static func gPass(_ k: Int, of n: Int, correct: Int, tau: Double) -> Double? {
        guard (0...1).contains(tau) else { return nil }
        // 0.55 · 20 is 11 and a rounding error: that must not become 12.
        return atLeast(Int((tau * Double(k) - 1e-9).rounded(.up)), among: k, of: n, correct: correct)
    }

    /// mG-Pass@k: the mean of G-Pass@k_τ over τ from ½ to 1, as (2/k)·Σ G-Pass@k_{i/k} over i = ⌈k/2⌉+1…k.
    /// - Parameter k: 2...n; `nil` comes of any other. For k = 1 the sum is empty.
    public static func meanGPass(_ k: Int, of n: Int, correct: Int) -> Double? {
        guard k >= 2, k <= n, (0...n).contains(correct) else { return nil }
        let first = (k + 1) / 2 + 1
        return (first...k).reduce(0) { $0 + (atLeast($1, among: k, of: n, correct: correct) ?? 0) } * 2 / Double(k)
    }

    /// The chance that at least `wanted` of k samples, and at least one, are right.
    private static func atLeast(_ wanted: Int, among k: Int, of n: Int, correct: Int) -> Double? {
        guard n > 0, (1...n).contains(k), (0...n).contains(correct) else { return nil }
        let least = max(1, wanted)
        let most = min(k, correct)
        guard least <= most else { return 0 }
        // As few terms as possible: the tail itself, or what is missing to 1.
        let fewest = max(0, k - (n - correct))
        if least <= fewest { return 1 }
        func sum(_ range: ClosedRange<Int>) -> Double {
            range.reduce(0) { $0 + SubsetEstimators.hypergeometric($1, of: k, marked: correct, total: n) }
        }
        return min(1, most - least < least - fewest ? sum(least...most) : 1 - sum(fewest...(least - 1)))
    }
}
