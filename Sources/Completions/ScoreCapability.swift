/// How an endpoint gives the log-probabilities of a text that it did not write itself.
package enum ScoreRoute: String, Codable, Hashable, Sendable {
    /// vLLM's `prompt_logprobs` with chat completions: the server's own chat template makes the text.
    case chat = "chat"
    /// OpenAI's `echo` with log-probabilities, of plain prompts.
    case echo
    /// vLLM's `prompt_logprobs` with completions, of plain prompts.
    case completions
    /// SGLang's `/generate`, of plain prompts.
    case generate
}

/// What a probe found, or what is known of a provider.
package struct ScoreCapability: Codable, Hashable, Sendable {
    /// For texts after messages, by the server's chat template; `nil`: there is no way.
    package var messages: ScoreRoute?
    /// For plain text; `nil`: there is no way.
    package var text: ScoreRoute?
    /// Tokens that a request of plain text generates: 0 where the server allows it, else 1.
    package var generated: Int
    /// Why there is no way, where there is none.
    package var reason: String?

    package init(
        messages: ScoreRoute? = nil, text: ScoreRoute? = nil, generated: Int = 0, reason: String? = nil
    ) {
        self.messages = messages
        self.text = text
        self.generated = generated
        self.reason = reason
    }
}
