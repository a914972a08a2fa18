import CEvalhPlugin

/// One completion.
public struct Choice: Hashable, Sendable {
    /// The request it answers, to fork from.
    public var request: RequestID
    /// Its place among the request's choices, from 0.
    public var index: Int
    /// The whole completion, without the prefix it continued.
    public var text: String
    /// What the endpoint sent apart from the text as the model's thinking; empty: nothing.
    public var reasoning: String
    /// Why it ended.
    public var finish: Finish
    /// The tokens with their log-probabilities; empty if none were asked for or the endpoint gave none.
    public var tokens: [Token]
    /// What it cost.
    public var usage: Usage
    /// From sending to the last byte, in seconds.
    public var seconds: Double
    /// From sending to the first token, in seconds; `nil`: unknown.
    public var firstTokenSeconds: Double?

    /// A completion; for tests, as strategies get theirs from the session.
    public init(
        request: RequestID, index: Int, text: String, finish: Finish, tokens: [Token] = [], usage: Usage = Usage(),
        seconds: Double = 0, firstTokenSeconds: Double? = nil, reasoning: String = ""
    ) {
        self.reasoning = reasoning
        self.request = request
        self.index = index
        self.text = text
        self.finish = finish
        self.tokens = tokens
        self.usage = usage
        self.seconds = seconds
        self.firstTokenSeconds = firstTokenSeconds
    }

    /// The tokens that make up the text. Some servers list the mark that ends a turn as well, spelled as in `<|end|>`:
    /// it is no part of the text. Tokens that do not spell the text are all kept.
    public var textTokens: [Token] { Self.textTokens(tokens, of: text) }

    /// The same for pieces that were put together.
    public static func textTokens(_ tokens: [Token], of text: String) -> [Token] {
        var bytes = 0
        let length = text.utf8.count
        let spelled = tokens.prefix { token in
            bytes += token.text.utf8.count
            return bytes <= length
        }
        guard spelled.count < tokens.count, spelled.map(\.text).joined().utf8.elementsEqual(text.utf8) else {
            return tokens
        }
        return Array(spelled)
    }

    /// Whether the model came to its own end: neither cut off, cancelled nor withheld. An unfinished text has no
    /// answer.
    public var isFinished: Bool { finish == .stop || finish == .other }

    init(_ event: evalh_event_done) {
        self.init(
            request: RequestID(number: event.request), index: Int(event.choice), text: String(event.text),
            finish: Finish(rawValue: event.finish) ?? .other,
            tokens: .copying(
                event.tokens, count: event.logprob_count, alternatives: event.alternatives,
                total: event.alternative_total),
            usage: Usage(event.usage, isEstimated: event.header.flags & UInt16(EVALH_DONE_ESTIMATED) != 0),
            seconds: event.seconds, firstTokenSeconds: event.first_token_seconds.present,
            reasoning: String(event.reasoning))
    }
}

/// A request of this session.
public struct RequestID: Hashable, Sendable {
    /// From 1, in the order of asking.
    public var number: UInt64

    /// The request of a number.
    public init(number: UInt64) {
        self.number = number
    }
}

/// Why a completion ended.
public enum Finish: UInt32, Hashable, Sendable {
    /// The model ended it, or a stop text did.
    case stop = 0
    /// Cut off at `maxTokens` or at the end of the context.
    case length = 1
    /// The strategy cancelled it.
    case cancelled = 2
    /// The provider withheld it.
    case filter = 3
    /// Another reason, or one that a newer host knows.
    case other = 4
}

/// Tokens that a completion cost; -1: unknown.
public struct Usage: Hashable, Sendable {
    /// The whole prompt, cached tokens included, with every choice of a request.
    public var promptTokens: Int
    /// Of these, taken from the server's prefix cache.
    public var cachedPromptTokens: Int
    /// Generated tokens, reasoning included.
    public var completionTokens: Int
    /// Of these, hidden reasoning.
    public var reasoningTokens: Int
    /// Whether the host estimated what the server did not tell.
    public var isEstimated: Bool

    /// Tokens that a completion cost.
    public init(
        promptTokens: Int = 0, cachedPromptTokens: Int = 0, completionTokens: Int = 0, reasoningTokens: Int = 0,
        isEstimated: Bool = false
    ) {
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
        self.isEstimated = isEstimated
    }

    init(_ usage: evalh_usage, isEstimated: Bool = false) {
        self.init(
            promptTokens: Int(usage.prompt_tokens), cachedPromptTokens: Int(usage.cached_prompt_tokens),
            completionTokens: Int(usage.completion_tokens), reasoningTokens: Int(usage.reasoning_tokens),
            isEstimated: isEstimated)
    }
}
