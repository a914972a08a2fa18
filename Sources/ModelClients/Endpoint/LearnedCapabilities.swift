internal import Completions

/// What an endpoint was assumed, declared and found to do, and how calls for several choices are divided.
struct LearnedCapabilities {
    private(set) var capabilities: EndpointCapabilities
    /// Most choices asked for in one request.
    private var largestGroup = WireLimits.choices

    init(_ capabilities: EndpointCapabilities) {
        self.capabilities = capabilities
    }

    /// Choices 0..<count in groups that are asked for at a time. While it is not known whether the server returns n
    /// choices, the first call asks for them: what it returns is kept, and the rest asked for singly.
    func groups(_ count: Int) -> [[Int]] {
        let size = capabilities.multipleChoices == false ? 1 : max(1, largestGroup)
        return stride(from: 0, to: count, by: size).map { Array($0..<min($0 + size, count)) }
    }

    /// A server returned `returned` choices where `asked` were asked for.
    mutating func learn(asked: Int, returned: Int) {
        guard asked > 1 else { return }
        if returned >= asked {
            if capabilities.multipleChoices == nil { capabilities.multipleChoices = true }
        } else if returned > 1 {
            largestGroup = min(largestGroup, returned)
            if capabilities.multipleChoices == nil { capabilities.multipleChoices = true }
        } else {
            capabilities.multipleChoices = false
        }
    }

    /// Why a request cannot be sent to this endpoint; servers accept much of it and do something else.
    func objection(to request: CompletionRequest) -> ModelFailure? {
        let sampling = request.sampling
        func bad(_ text: String) -> ModelFailure { ModelFailure(kind: .badRequest, message: text) }
        guard sampling.temperature >= 0, sampling.temperature.isFinite else {
            return bad("temperature must be 0 or more")
        }
        guard sampling.topP > 0, sampling.topP <= 1 else { return bad("top_p must be above 0 and at most 1") }
        guard sampling.minP >= 0, sampling.minP <= 1 else { return bad("min_p must be between 0 and 1") }
        guard sampling.topK >= 0 else { return bad("top_k must be 0 or more") }
        guard sampling.maxTokens >= 1 else { return bad("max_tokens must be 1 or more") }
        guard !request.messages.isEmpty else { return bad("a request needs a message") }
        if let wanted = sampling.topLogprobs {
            guard wanted >= 0 else { return bad("top_logprobs must be 0 or more") }
            guard let most = capabilities.topLogprobs else {
                return ModelFailure(kind: .unsupported, message: "this endpoint reports no log-probabilities")
            }
            guard wanted <= most else {
                return ModelFailure(
                    kind: .unsupported, message: "this endpoint reports at most \(most) alternatives a token")
            }
        }
        guard request.prefix.isEmpty || capabilities.prefix else {
            return ModelFailure(kind: .unsupported, message: "this endpoint does not continue a given prefix")
        }
        return nil
    }
}
