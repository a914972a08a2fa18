import EvalhPluginKit
import Glibc

/// How undecided a model was at a token.
struct TokenUncertainty: Hashable {
    /// H = −Σ p ln p, in nats.
    var entropy: Double
    /// V = Σ p (ln p + H)², the variance of ln p.
    var varentropy: Double

    /// Of a token's likeliest alternatives; what they leave of the probability counts as one more token. `nil`: none
    /// are known.
    init?(_ token: Token) {
        var logprobs = token.listed.map(\.logprob)
        guard !token.alternatives.isEmpty, !logprobs.contains(where: \.isNaN) else { return nil }
        let tail = 1 - logprobs.reduce(0) { $0 + exp($1) }
        // Less than that is the rounding of single-precision log-probabilities.
        if tail > 1e-6 { logprobs.append(log(tail)) }
        logprobs.removeAll { !($0 > -.infinity) }
        let h = -logprobs.reduce(0) { $0 + exp($1) * $1 }
        entropy = max(0, h)
        varentropy = logprobs.reduce(0) { $0 + exp($1) * ($1 + h) * ($1 + h) }
    }

    private init(entropy: Double, varentropy: Double) {
        self.entropy = entropy
        self.varentropy = varentropy
    }

    /// The means over tokens; `nil`: one of them tells nothing, or there are none.
    static func mean(_ tokens: [Token]) -> TokenUncertainty? {
        let all = tokens.compactMap { TokenUncertainty($0) }
        guard !all.isEmpty, all.count == tokens.count else { return nil }
        let count = Double(all.count)
        return TokenUncertainty(
            entropy: all.reduce(0) { $0 + $1.entropy } / count, varentropy: all.reduce(0) { $0 + $1.varentropy } / count
        )
    }
}

/// What to do about it.
enum Regime: String {
    case greedy, think, branch, resample, temperature

    /// The first that applies, with the thresholds of the public entropix sampler.
    init(_ state: TokenUncertainty) {
        switch (state.entropy, state.varentropy) {
        case (..<0.3, ..<1.2): self = .greedy
        case (let h, ..<1.2) where h > 2.5: self = .think
        case (..<2.5, let v) where v > 2.5: self = .branch
        case (let h, let v) where h > 1.2 && v > 2.5: self = .resample
        default: self = .temperature
        }
    }
}
