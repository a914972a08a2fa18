internal import Completions

/// A request of a session, from asking to its last choice; afterwards kept for forks.
struct SessionRequest {
    let ask: Ask
    /// The request's key for the record.
    let shortKey: String
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
    /// Whether all choices of a request pay the prompt once, because the endpoint returns several choices for one
    /// request.
    let paysPromptOnce: Bool
    private var hasPaidPrompt = false

    init(ask: Ask, askedAt: Int64, paysPromptOnce: Bool) {
        self.ask = ask
        shortKey = ask.key.short
        self.askedAt = askedAt
        self.paysPromptOnce = paysPromptOnce
        open = Set(ask.samples.indices)
    }

    /// What a choice costs this session, as if it had asked alone, whoever really paid. Which choices were paid
    /// together is an accident of scheduling and of resuming; what the endpoint can do is not.
    mutating func charge(_ completion: Completion) -> TokenUsage {
        var usage = completion.usage
        // Cancelled before it was sent: nothing was asked of anybody.
        guard usage.totalTokens > 0 || completion.finish != .cancelled else { return TokenUsage() }
        let isShared = paysPromptOnce && hasPaidPrompt
        hasPaidPrompt = true
        usage.requests = isShared ? 0 : 1
        if isShared {
            usage.promptTokens = 0
            usage.cachedPromptTokens = 0
        }
        return usage
    }
}
