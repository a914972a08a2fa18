/// Why a completion ended.
package enum FinishReason: String, Codable, Hashable, Sendable {
    /// The model ended it, or a stop text did.
    case stop
    /// Cut off at `max_tokens` or at the end of the context: unfinished.
    case length
    /// The strategy cancelled it: unfinished.
    case cancelled
    /// The provider withheld it.
    case filter
    case other

    /// Whether an answer in such a text can be taken as the model's answer.
    package var isUnfinished: Bool { self == .length || self == .cancelled }
}

/// A token and the natural logarithm of its probability in the model's raw distribution.
package struct TokenAlternative: Codable, Hashable, Sendable {
    package var token: String
    package var logprob: Double

    package init(token: String, logprob: Double) {
        self.token = token
        self.logprob = logprob
    }
}

/// A sampled token with its log-probability and the likeliest alternatives.
package struct TokenLogprob: Codable, Hashable, Sendable {
    package var token: String
    package var logprob: Double
    /// Likeliest first; may contain the sampled token itself.
    package var alternatives: [TokenAlternative]

    package init(token: String, logprob: Double, alternatives: [TokenAlternative] = []) {
        self.token = token
        self.logprob = logprob
        self.alternatives = alternatives
    }
}

/// A piece of a streamed completion as it arrived, so that a replay shows the same pieces.
package struct CompletionChunk: Codable, Hashable, Sendable {
    /// Bytes of UTF-8 text up to and including this piece.
    package var endOffset: Int
    /// Tokens up to and including this piece.
    package var endToken: Int
    /// The same for reasoning that came apart from the text; `nil`: none had come.
    package var endReasoning: Int?
    /// Seconds since the request was sent.
    package var seconds: Double

    package init(endOffset: Int, endToken: Int, endReasoning: Int? = nil, seconds: Double) {
        self.endOffset = endOffset
        self.endToken = endToken
        self.endReasoning = endReasoning
        self.seconds = seconds
    }
}

/// One recorded completion: one choice of one request.
package struct Completion: Codable, Hashable, Sendable {
    /// The generated text, without the prefix it continues and without the stop text.
    package var text: String
    /// What the server sent apart from the text as the model's thinking; `nil`: nothing. A thought that stands in the
    /// text stays there, see `ReasoningFormat`.
    package var reasoning: String?
    package var finish: FinishReason
    /// Tokens of this choice. `promptTokens` is the prompt's full length with EVERY choice, `requests` is 1.
    package var usage: TokenUsage
    /// Whether the prompt was paid with another choice of the same request (every choice of a server-side `n` but the
    /// first): sums then count neither its prompt tokens nor its request again.
    package var sharesPrompt: Bool
    /// Whether `usage` is (partly) the host's estimate, because the server did not tell.
    package var isUsageEstimated: Bool
    /// Seconds from sending to the last byte.
    package var seconds: Double
    /// Seconds from sending to the first generated text; `nil` if not streamed.
    package var firstTokenSeconds: Double?
    /// Empty unless log-probabilities were asked for.
    package var tokens: [TokenLogprob]
    /// Empty unless streamed.
    package var chunks: [CompletionChunk]
    /// The model the server says it used.
    package var servedModel: String?

    package init(
        text: String, reasoning: String? = nil, finish: FinishReason, usage: TokenUsage, sharesPrompt: Bool = false,
        isUsageEstimated: Bool = false,
        seconds: Double = 0, firstTokenSeconds: Double? = nil, tokens: [TokenLogprob] = [],
        chunks: [CompletionChunk] = [],
        servedModel: String? = nil
    ) {
        self.text = text
        self.reasoning = reasoning
        self.finish = finish
        self.usage = usage
        self.sharesPrompt = sharesPrompt
        self.isUsageEstimated = isUsageEstimated
        self.seconds = seconds
        self.firstTokenSeconds = firstTokenSeconds
        self.tokens = tokens
        self.chunks = chunks
        self.servedModel = servedModel
    }
}

extension CompletionChunk {
    /// How many of a piece's tokens are of its reasoning, where it has text too: in proportion to bytes.
    package static func reasoningTokens(of count: Int, reasoningBytes: Int, textBytes: Int) -> Int {
        guard reasoningBytes > 0 else { return 0 }
        guard textBytes > 0, count > 1 else { return textBytes > 0 ? 0 : count }
        let share = Double(count) * Double(reasoningBytes) / (Double(reasoningBytes) + Double(textBytes))
        return min(max(1, Int(share.rounded())), count - 1)
    }
}

extension Completion {
    /// It was given up midway: a part of what the model would have said.
    package var isPart: Bool { finish == .cancelled }

    /// What this choice added to the bill: its usage without a prompt that another choice of the same request has paid.
    package var paidUsage: TokenUsage {
        guard sharesPrompt else { return usage }
        var paid = usage
        paid.requests = 0
        paid.promptTokens = 0
        paid.cachedPromptTokens = 0
        return paid
    }
}
