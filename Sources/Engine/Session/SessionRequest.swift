internal import Completions

/// A request of a session, from asking to its last choice; afterwards kept for forks.
struct SessionRequest {
    let ask: Ask
    /// Logical nanoseconds at which it was asked for.
    let askedAt: Int64
    /// Choices without an end yet.
    var open: Set<Int>
    /// The text of each choice so far.
    var texts: [Int: String] = [:]
    var failure: ModelFailure?
    var isCancelling = false
    var cancelledChoices = 0
    var cancelledTokens = 0
    var isCancelEstimated = false
    private var promptCharges = PromptCharges()

    init(ask: Ask, askedAt: Int64) {
        self.ask = ask
        self.askedAt = askedAt
        open = Set(ask.samples.indices)
    }

    /// What a choice costs this session, as if it had asked alone: the prompt once a request that really re-sends it.
    mutating func charge(_ completion: Completion) -> TokenUsage {
        var usage = completion.usage
        // Cancelled before it was sent: nothing was asked of anybody.
        guard usage.totalTokens > 0 || completion.finish != .cancelled else { return TokenUsage() }
        usage.requests = 1
        if !promptCharges.mustPay(sharesPrompt: completion.sharesPrompt) {
            usage.requests = 0
            usage.promptTokens = 0
            usage.cachedPromptTokens = 0
        }
        return usage
    }
}

/// Counts how often the choices of one request pay the prompt. Samples from the pool were perhaps recorded as later choices of
/// somebody else's request, so the first choice pays in any case, and each that was a request of its own pays.
struct PromptCharges {
    private var hasPaid = false
    private var paidBySharing = false

    mutating func mustPay(sharesPrompt: Bool) -> Bool {
        if sharesPrompt {
            guard !hasPaid else { return false }
            hasPaid = true
            paidBySharing = true
            return true
        }
        defer { hasPaid = true }
        if paidBySharing {
            paidBySharing = false
            return false
        }
        return true
    }
}
