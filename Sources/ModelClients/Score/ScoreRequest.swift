package import Completions

/// A text whose log-probabilities are asked for.
package struct ScoreRequest: Hashable, Sendable {
    /// What comes before by the chat template; empty: nothing, and all of it is plain text.
    package var messages: [ChatMessage]
    /// Text before the scored one: the beginning of the assistant's message, or of the plain text.
    package var prefix: String
    /// The scored text, or the whole of a text where nothing stands before it.
    package var continuation: String

    package init(messages: [ChatMessage] = [], prefix: String = "", continuation: String) {
        self.messages = messages
        self.prefix = prefix
        self.continuation = continuation
    }

    /// Whether something stands before the scored text.
    package var hasContext: Bool { !messages.isEmpty || !prefix.isEmpty }

    /// The most tokens that it can be: a byte is at most a token, plus what a chat template adds a message.
    package var tokenBound: Int {
        messages.reduce(prefix.utf8.count + continuation.utf8.count) { $0 + $1.content.utf8.count }
            + 16 * (messages.count + 1)
    }
}

/// The log-probabilities of a text, token by token.
package struct TextScore: Hashable, Sendable {
    package struct Token: Hashable, Sendable {
        package var text: String
        /// Natural logarithm; `nil`: nothing stands before the token, so that nothing predicts it.
        package var logprob: Double?

        package init(text: String, logprob: Double?) {
            self.text = text
            self.logprob = logprob
        }
    }

    /// The tokens that hold the scored text, all of it and in order.
    package var tokens: [Token]
    /// The end of the context that the first token has in it too; empty: the context ends where a token ends.
    package var overlap: String
    package var usage: TokenUsage

    package init(tokens: [Token], overlap: String = "", usage: TokenUsage = TokenUsage()) {
        self.tokens = tokens
        self.overlap = overlap
        self.usage = usage
    }

    /// The sum over all tokens that something predicts.
    package var logprob: Double { tokens.reduce(0) { $0 + ($1.logprob ?? 0) } }
}
