internal import Completions
internal import JSON

/// Tokens as Inspect counts them: its input tokens leave out those read from a cache.
enum InspectUsage {
    /// What Inspect has no place for.
    static let others = SessionField.counted.filter {
        !["prompt_tokens", "cached_prompt_tokens", "completion_tokens", "reasoning_tokens"].contains("\($0.name)")
    }

    static func write(_ usage: TokenUsage, _ usd: Double?, _ json: inout JSONWriter) {
        json.object {
            $0.field("input_tokens", usage.promptTokens - usage.cachedPromptTokens)
            $0.field("output_tokens", usage.completionTokens)
            $0.field("total_tokens", usage.totalTokens)
            $0.field("input_tokens_cache_read", usage.cachedPromptTokens)
            $0.field("reasoning_tokens", usage.reasoningTokens)
            $0.field("total_cost", usd)
        }
    }
}
