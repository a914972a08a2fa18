/// What an endpoint can do, declared in the suite, measured by a probe, or assumed.
package struct EndpointCapabilities: Codable, Hashable, Sendable {
    package var stream: Bool
    /// Most alternatives a token it reports; `nil`: no log-probabilities at all.
    package var topLogprobs: Int?
    /// Continues a given assistant text.
    package var prefix: Bool
    /// Really returns n choices for `n`; `nil`: not known yet.
    package var multipleChoices: Bool?
    /// Same seed, same text, one request at a time; `nil`: not known.
    package var seed: Bool?
    /// Closing a stream frees the generation.
    package var cancel: Bool
    /// Sends a model's thinking apart from its text, which then cannot be continued; `nil`: not known.
    package var sendsReasoningApart: Bool?
    /// How it gives the log-probabilities of a given text; `nil`: not measured.
    package var score: ScoreCapability?

    package init(
        stream: Bool = true, topLogprobs: Int? = 20, prefix: Bool = true, multipleChoices: Bool? = nil,
        seed: Bool? = nil,
        cancel: Bool = true, sendsReasoningApart: Bool? = nil, score: ScoreCapability? = nil
    ) {
        self.score = score
        self.stream = stream
        self.topLogprobs = topLogprobs
        self.prefix = prefix
        self.multipleChoices = multipleChoices
        self.seed = seed
        self.cancel = cancel
        self.sendsReasoningApart = sendsReasoningApart
    }

    enum CodingKeys: String, CodingKey {
        case stream
        case topLogprobs = "top_logprobs"
        case prefix
        case multipleChoices = "n"
        case seed
        case cancel
        case sendsReasoningApart = "reasoning_apart"
        case score
    }
}
