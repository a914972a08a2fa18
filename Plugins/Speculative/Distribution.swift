import EvalhPluginKit
import Glibc

/// What is known of a model's distribution over the next token: the alternatives an endpoint lists, with the sampled
/// token.
struct Distribution {
    /// Token texts with their probabilities, in the endpoint's order.
    let entries: [(text: String, probability: Double)]

    init(_ token: Token) {
        entries = token.listed.map { (text: $0.text, probability: $0.probability) }
    }

    var listed: Double { entries.reduce(0) { $0 + $1.probability } }

    /// The mass of all tokens that are not listed.
    var tail: Double { max(0, 1 - listed) }

    /// Whether the listed tokens are the whole vocabulary: they sum to 1 within 1e-6.
    var isComplete: Bool { abs(1 - listed) <= 1e-6 }

    /// A token's probability; one that is not listed has at most the tail's.
    func probability(of text: String) -> Double {
        entries.first { $0.text == text }?.probability ?? (isComplete ? 0 : tail)
    }

    /// In nats, with the tail counted as one token: a lower bound, exact if the list is complete.
    var entropy: Double {
        let mass = entries.map(\.probability) + (isComplete ? [] : [tail])
        return max(0, mass.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 })
    }

    /// A token drawn from norm([p − q]₊), p this one; `nil` if p is nowhere above q.
    ///
    /// - Parameter uniform: In [0, 1).
    func residual(over draft: Distribution, uniform: Double) -> String? {
        let weights = entries.map { (text: $0.text, weight: max(0, $0.probability - draft.probability(of: $0.text))) }
        var rest = uniform * weights.reduce(0) { $0 + $1.weight }
        for (text, weight) in weights where weight > 0 {
            if rest < weight { return text }
            rest -= weight
        }
        return weights.last { $0.weight > 0 }?.text
    }
}

/// Which of a draft's tokens are kept where the target samples.
struct Acceptance {
    /// ε of typical acceptance.
    let epsilon: Double
    /// δ of typical acceptance.
    let delta: Double

    /// min(ε, δ·e^(−H)) for the target's entropy H in nats; ε if it is not known.
    func least(entropy: Double?) -> Double {
        entropy.map { min(epsilon, delta * exp(-$0)) } ?? epsilon
    }

    /// Exact speculative sampling: accepted with probability min(1, p / q).
    static func isAccepted(_ p: Double, _ q: Double, uniform: Double) -> Bool { uniform * q < p }
}
