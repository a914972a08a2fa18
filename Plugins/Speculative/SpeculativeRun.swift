import EvalhPluginKit

/// What a round of drafting and verifying came to.
struct SpeculativeRound {
    /// What the answer grows by.
    var text = ""
    /// Tokens in it.
    var tokens = 0
    /// Of the proposed tokens.
    var accepted = 0
    /// Whether a proposed token was rejected.
    var isRejected = false
    /// Whether the target came to its own end.
    var hasEnded = false
    /// Positions decided by exact speculative sampling, and by typical acceptance.
    var exact = 0
    var typical = 0
}

/// The text of a session and what it took.
struct SpeculativeRun {
    private(set) var text = ""
    private(set) var tokens = 0
    private(set) var rounds = 0
    private(set) var drafted = 0
    private(set) var accepted = 0
    private(set) var rejected = 0
    private(set) var exact = 0
    private(set) var typical = 0
    var targetCalls = 0
    var targetPromptTokens = 0

    mutating func add(_ round: SpeculativeRound, proposed: Int) {
        text += round.text
        tokens += round.tokens
        rounds += 1
        drafted += proposed
        accepted += round.accepted
        rejected += round.isRejected ? 1 : 0
        exact += round.exact
        typical += round.typical
    }

    mutating func count(_ choice: Choice) {
        targetCalls += 1
        targetPromptTokens += max(0, choice.usage.promptTokens)
    }

    /// Accepted tokens over those that were judged: tokens behind a rejected one were not.
    var acceptanceRate: Double { Self.share(accepted, of: accepted + rejected) }

    func note(in session: Session) {
        guard rounds > 0 else { return }
        session.note("acceptance_rate", "\(acceptanceRate)")
        session.note("discard_rate", "\(Self.share(drafted - accepted, of: tokens))")
        session.note("verification_rate", "\(Self.share(rounds, of: tokens))")
        session.note("rounds", "\(rounds)")
        session.note("tokens", "\(tokens)")
        session.note("draft_tokens", "\(drafted)")
        session.note("target_calls", "\(targetCalls)")
        session.note("target_prompt_tokens", "\(targetPromptTokens)")
        guard exact + typical > 0 else { return }
        session.note(
            "sampling",
            typical == 0 ? "exact" : "lossy: \(typical) of \(exact + typical) decisions by typical acceptance")
    }

    private static func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
