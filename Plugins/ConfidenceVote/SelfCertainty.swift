import EvalhPluginKit
import Glibc

/// How far a model's distributions over its vocabulary are from uniform (Kang et al. 2025).
struct SelfCertainty: Hashable {
    /// V.
    let vocabulary: Int

    /// The probability that is at least left to the tokens not listed: log-probabilities are single-precision numbers,
    /// so that a listed sum of 1 means no more than that.
    private static let leastTail = 1e-7

    /// −(1/nV) Σ_i Σ_j ln(V p_ij) over n tokens, approximately; `nil` if there are none, or one has no number or no
    /// alternatives.
    func value(_ tokens: [Token]) -> Double? {
        guard !tokens.isEmpty else { return nil }
        var sum = 0.0
        for token in tokens {
            guard let value = value(token) else { return nil }
            sum += value
        }
        return sum / Double(tokens.count)
    }

    /// −(1/V) Σ_j ln(V p_j) of one distribution, of which the likeliest tokens and the sampled one are known. What they
    /// leave is spread evenly over the rest of the vocabulary. No other spread gives less, so this is a lower bound.
    private func value(_ token: Token) -> Double? {
        guard !token.logprob.isNaN, !token.alternatives.isEmpty else { return nil }
        var known = token.listed.map(\.logprob)
        known.removeAll { !(exp($0) > 0) }
        let size = Double(vocabulary)
        let rest = size - Double(known.count)
        let tail = max(Self.leastTail, 1 - known.reduce(0) { $0 + exp($1) })
        var sum = known.reduce(0) { $0 + log(size) + $1 }
        if rest > 0 { sum += rest * log(size * tail / rest) }
        return -sum / size
    }
}
