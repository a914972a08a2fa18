/// Which tokens of a session are its cost.
public enum TokenCost: String, CaseIterable, ParameterValue {
    /// Generated tokens, reasoning included.
    case completion
    /// Generated tokens and prompts.
    case total

    /// The cost in tokens.
    public func tokens(_ usage: Usage) -> Double {
        Double(self == .total ? usage.totalTokens : usage.completionTokens)
    }
}

extension Usage {
    /// Prompt and generated tokens.
    public var totalTokens: Int { promptTokens + completionTokens }
}
