internal import Completions

/// A request of a session, from asking to its last choice; afterwards kept for forks.
struct SessionRequest {
    private struct Choice {
        var isOpen = true
        /// What was received so far; `nil`: nothing.
        var text: String?
        /// Thinking that came apart from it, once it has ended.
        var reasoning: String?
        /// Pieces that the strategy was shown.
        var pieces = PieceTally()
        /// What it ended with after the request was cancelled.
        var answer: CancelAnswer?
    }

    /// What a choice of a cancelled request ended with.
    enum CancelAnswer {
        /// What is recorded of it, whole or in part.
        case record(Completion)
        case failure(ModelFailure)
    }

    let asked: SampleRequest
    /// The request's key for the record.
    let shortKey: String
    /// Logical nanoseconds at which it was asked for.
    let askedAt: Int64
    private var choices: [Choice]
    /// Choices without an end yet.
    private(set) var openChoices: Int
    var failure: ModelFailure?
    /// The session's logical time when it cancelled; `nil`: it did not.
    var cancelledAt: Int64?
    /// Open choices that have no answer to the cancel yet.
    private var unanswered = 0
    var cancelledChoices = 0
    var cancelledTokens = 0
    var isCancelEstimated = false
    /// Whether all choices of a request pay the prompt once, because the endpoint returns several choices for one
    /// request.
    private let paysPromptOnce: Bool
    private var hasPaidPrompt = false

    init(asked: SampleRequest, askedAt: Int64, paysPromptOnce: Bool) {
        self.asked = asked
        shortKey = asked.key.short
        self.askedAt = askedAt
        self.paysPromptOnce = paysPromptOnce
        choices = Array(repeating: Choice(), count: asked.samples.count)
        openChoices = choices.count
    }

    /// Its worst case in all.
    var worstCase: BudgetLedger.Amount {
        let count = asked.samples.count
        return .init(tokens: asked.worstCase.tokens * count, usd: asked.worstCase.usd * Double(count))
    }

    func isOpen(_ choice: Int) -> Bool { choices.indices.contains(choice) && choices[choice].isOpen }
    /// What came of its choices so far: texts, and thinking that came apart from them.
    var received: [(text: String, reasoning: String?)] {
        choices.compactMap { choice in choice.text.map { ($0, choice.reasoning) } }
    }

    func text(of choice: Int) -> String? { choices.indices.contains(choice) ? choices[choice].text : nil }

    var isCancelling: Bool { cancelledAt != nil }

    mutating func cancel(at now: Int64) {
        cancelledAt = now
        unanswered = openChoices
    }

    /// Keeps what a choice ended with, once.
    mutating func answerCancel(_ choice: Int, _ answer: CancelAnswer) {
        guard isOpen(choice), choices[choice].answer == nil else { return }
        choices[choice].answer = answer
        unanswered -= 1
    }

    /// The answers to a cancel by choice; `nil`: some are still to come.
    var cancelAnswers: [(choice: Int, answer: CancelAnswer)]? {
        guard isCancelling, unanswered == 0 else { return nil }
        return choices.enumerated().compactMap { choice, state in
            state.isOpen ? state.answer.map { (choice, $0) } : nil
        }
    }

    /// Pieces of a choice that the strategy was shown.
    func pieces(of choice: Int) -> PieceTally {
        choices.indices.contains(choice) ? choices[choice].pieces : PieceTally()
    }

    mutating func notePiece(of choice: Int, at seconds: Double) { choices[choice].pieces.add(seconds) }

    /// More of an open choice.
    mutating func append(_ text: String, to choice: Int) { choices[choice].text = (choices[choice].text ?? "") + text }

    /// A choice has ended.
    /// - Parameter text: all of it; `nil`: what was received until then.
    /// - Returns: false, and nothing changes, if it is not open.
    mutating func end(_ choice: Int, text: String?, reasoning: String? = nil) -> Bool {
        guard isOpen(choice) else { return false }
        choices[choice].reasoning = reasoning
        choices[choice].isOpen = false
        if let text { choices[choice].text = text }
        openChoices -= 1
        return true
    }

    /// What a choice costs this session, as if it had asked alone, whoever really paid. Which choices were paid
    /// together is an accident of scheduling and of resuming; what the endpoint can do is not.
    mutating func charge(_ completion: Completion) -> TokenUsage {
        var usage = completion.usage
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
