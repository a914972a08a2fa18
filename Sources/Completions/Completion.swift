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
    /// Seconds since the request was sent.
    package var seconds: Double

    package init(endOffset: Int, endToken: Int, seconds: Double) {
        self.endOffset = endOffset
        self.endToken = endToken
        self.seconds = seconds
    }
}

/// One recorded completion: one choice of one request.
package struct Completion: Codable, Hashable, Sendable {
    /// The generated text, without the prefix it continues and without the stop text.
    package var text: String
    package var finish: FinishReason
    /// Tokens of this choice. The prompt's tokens are counted with the first choice of a request, with 0 for the others.
    package var usage: TokenUsage
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
        text: String, finish: FinishReason, usage: TokenUsage, isUsageEstimated: Bool = false, seconds: Double = 0,
        firstTokenSeconds: Double? = nil, tokens: [TokenLogprob] = [], chunks: [CompletionChunk] = [], servedModel: String? = nil
    ) {
        self.text = text
        self.finish = finish
        self.usage = usage
        self.isUsageEstimated = isUsageEstimated
        self.seconds = seconds
        self.firstTokenSeconds = firstTokenSeconds
        self.tokens = tokens
        self.chunks = chunks
        self.servedModel = servedModel
    }
}
