/// Tokens of one completion or the sum over many. The keys of its coded form are those of `summary.json`.
package struct TokenUsage: Hashable, Sendable {
    /// Requests sent to a server (retries that failed do not count).
    package var requests: Int
    /// All tokens of the prompts, cached ones included.
    package var promptTokens: Int
    /// Of these, taken from the server's prefix cache.
    package var cachedPromptTokens: Int
    /// Generated tokens, reasoning included.
    package var completionTokens: Int
    /// Of these, hidden reasoning.
    package var reasoningTokens: Int
    /// Of the generated tokens, those of completions cancelled midway.
    package var cancelledTokens: Int
    /// What the model told of its own work; `nil`: nothing.
    package var work: ModelWork?

    package init(
        requests: Int = 0, promptTokens: Int = 0, cachedPromptTokens: Int = 0, completionTokens: Int = 0,
        reasoningTokens: Int = 0,
        cancelledTokens: Int = 0, work: ModelWork? = nil
    ) {
        self.requests = requests
        self.promptTokens = promptTokens
        self.cachedPromptTokens = cachedPromptTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
        self.cancelledTokens = cancelledTokens
        self.work = work
    }

    /// Prompt and completion tokens: what budgets count.
    package var totalTokens: Int { promptTokens + completionTokens }

    package static func += (sum: inout TokenUsage, more: TokenUsage) {
        sum.requests += more.requests
        sum.promptTokens += more.promptTokens
        sum.cachedPromptTokens += more.cachedPromptTokens
        sum.completionTokens += more.completionTokens
        sum.reasoningTokens += more.reasoningTokens
        sum.cancelledTokens += more.cancelledTokens
        if let work = more.work {
            if sum.work == nil { sum.work = work } else { sum.work? += work }
        }
    }
}

extension TokenUsage: Codable {
    enum CodingKeys: String, CodingKey {
        case requests
        case promptTokens = "prompt_tokens"
        case cachedPromptTokens = "cached_prompt_tokens"
        case completionTokens = "completion_tokens"
        case reasoningTokens = "reasoning_tokens"
        case cancelledTokens = "cancelled_tokens"
        case work
    }
}

/// What a provider charges, in US dollars per million tokens.
package struct TokenPrice: Codable, Hashable, Sendable {
    package var prompt: Double
    package var cachedPrompt: Double
    package var completion: Double

    package init(prompt: Double, cachedPrompt: Double? = nil, completion: Double) {
        self.prompt = prompt
        self.cachedPrompt = cachedPrompt ?? prompt
        self.completion = completion
    }

    /// The price of a usage in US dollars.
    package func cost(of usage: TokenUsage) -> Double {
        let uncached = Double(usage.promptTokens - usage.cachedPromptTokens)
        let cached = Double(usage.cachedPromptTokens)
        return (uncached * prompt + cached * cachedPrompt + Double(usage.completionTokens) * completion) / 1_000_000
    }
}
