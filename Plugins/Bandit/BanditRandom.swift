import EvalhStatistics
import Glibc

/// Random numbers that depend on a seed and a step alone, so that every session sees the same course of the bandit.
struct BanditRandom {
    private var bits: SplitMix64

    init(seed: UInt64, step: Int) {
        bits = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ (UInt64(step) &+ 1) &* 0xD1B5_4A32_D192_ED03)
        _ = bits.next()
    }

    /// In (0, 1).
    mutating func uniform() -> Double { (Double(bits.next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    private mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }

    /// A draw of Gamma(shape, 1), shape ≥ 1: Marsaglia and Tsang 2000, A Simple Method for Generating Gamma Variables,
    /// §3.
    private mutating func gamma(_ shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            if v > 0, log(uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    /// A draw of Beta(a, b), a and b ≥ 1.
    mutating func beta(_ a: Double, _ b: Double) -> Double {
        let x = gamma(a)
        return x / (x + gamma(b))
    }
}
