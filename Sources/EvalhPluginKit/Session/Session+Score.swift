import CEvalhPlugin

extension Session {
    /// The log-probabilities of a given continuation after messages and prefix.
    ///
    /// - Parameters:
    ///   - continuation: The text to score.
    ///   - prefix: Assistant text before it.
    ///   - messages: `nil`: the item's prompt.
    ///   - model: A role of the suite; empty: the arm's own.
    ///   - scorer: "evalh.logprob/1", or one that the host announces.
    /// - Throws: As `generate`; `Rejected` (unsupported) if the host or endpoint cannot score.
    public func score(
        _ continuation: String, prefix: String = "", messages: [Message]? = nil, model: String = "",
        scorer: String = "evalh.logprob/1"
    ) async throws -> Score {
        let request = try submitScore(continuation, prefix: prefix, messages: messages, model: model, scorer: scorer)
        await completion(of: request)
        if case .scored(let score) = request.ending { return score }
        throw request.interruption ?? RequestFailed(.server, message: "the request ended without a score")
    }

    private func submitScore(
        _ continuation: String, prefix: String, messages: [Message]?, model: String, scorer: String
    ) throws
        -> PendingRequest
    {
        var arena = Arena()
        return try open(isStream: false) { id in
            var action = evalh_action_ask_score()
            action.header = header(EVALH_ACTION_ASK_SCORE, of: evalh_action_ask_score.self)
            action.request = id
            action.scorer = arena.text(scorer)
            action.model = arena.text(model)
            if let messages {
                action.messages = Self.wire(messages, in: &arena)
                action.message_count = UInt64(messages.count)
            }
            action.prefix = arena.text(prefix)
            action.continuation = arena.text(continuation)
            return (action.header.seq, push(action))
        }
    }
}

/// How a scorer values a continuation.
public struct Score: Hashable, Sendable {
    /// For "evalh.logprob/1": sum of the continuation's token log-probabilities.
    public var value: Double
    /// The continuation's tokens, if the scorer has them.
    public var tokens: [Token]
    /// What the scoring cost.
    public var usage: Usage

    init(_ event: evalh_event_score) {
        value = event.value
        tokens = .copying(event.tokens, count: event.logprob_count, alternatives: nil, total: 0)
        usage = Usage(event.usage)
    }
}
