import EvalhPluginKit

/// When a draft stops proposing, and what speculation is worth: the formulas of SpecDec++ and of speculative decoding.
enum CandidateRule {
    /// The probability of any rejection from which stopping is better: (c2 + Δ) / (c1 + c2 + Δ), Theorem 3.1 of
    /// SpecDec++.
    ///
    /// - Parameters:
    ///   - discard: c1, the cost of a discarded token, at least 0.
    ///   - target: c2, the cost of a call of the target beyond a draft token's, at least 0.
    ///   - delta: Δ, the loss of stopping too early, at least 0.
    /// - Returns: In [0, 1]; 1 if nothing costs anything.
    static func threshold(discard: Double, target: Double, delta: Double) -> Double {
        let whole = discard + target + delta
        return whole > 0 ? (target + delta) / whole : 1
    }

    /// The tokens a round is expected to add if each of K proposed tokens is accepted with probability α on its own:
    /// (1 − α^(K+1)) / (1 − α), the target's own token included; K + 1 for α = 1.
    static func expectedTokens(acceptance alpha: Double, candidates: Int) -> Double {
        var sum = 0.0
        var power = 1.0
        for _ in 0...max(0, candidates) {
            sum += power
            power *= alpha
        }
        return sum
    }
}

/// How likely a drafted token is to be accepted, judged by the draft alone.
enum AcceptanceProxy: String, CaseIterable, ParameterValue {
    /// Its probability.
    case probability
    /// 1 − √(γ·H), as in AdaEDL, H the entropy of the draft's distribution in nats.
    case entropy

    /// In [0, 1]; `nil` if the token has no number.
    func value(_ token: Token, gamma: Double) -> Double? {
        guard !token.logprob.isNaN else { return nil }
        switch self {
        case .probability: return min(1, token.probability)
        case .entropy: return max(0, 1 - (gamma * Distribution(token).entropy).squareRoot())
        }
    }
}

/// The chance that all tokens proposed in a round are accepted, token by token.
struct AcceptanceProduct {
    private(set) var product = 1.0
    private(set) var count = 0

    /// Counts a token that is accepted with probability p. The first one counts as accepted, as in SpecDec++'s code.
    mutating func add(_ probability: Double) {
        if count > 0 { product *= probability }
        count += 1
    }

    /// Whether proposing stops: with `least` tokens or more, once 1 − Πp is above h.
    func isOver(_ threshold: Double, least: Int) -> Bool { count >= least && 1 - product > threshold }
}
