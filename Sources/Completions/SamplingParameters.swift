/// How a completion is sampled. Every value is always sent: servers' defaults differ, and a silent default is not a
/// reproducible one.
package struct SamplingParameters: Codable, Hashable, Sendable {
    /// 0 is greedy decoding.
    package var temperature: Double
    /// Nucleus mass in (0, 1]; 1 switches it off.
    package var topP: Double
    /// Number of most likely tokens kept; 0 switches it off.
    package var topK: Int
    /// Smallest probability relative to the likeliest token's, in [0, 1]; 0 switches it off.
    package var minP: Double
    /// The most tokens generated, 1 or more.
    package var maxTokens: Int
    /// Texts that end the completion and are not part of it.
    package var stop: [String]
    /// Alternatives a token whose log-probabilities are wanted; 0: of the sampled token only; `nil`: none at all.
    package var topLogprobs: Int?
    /// A JSON Schema that the text must keep; `nil`: the text is free. Endpoints that cannot hold a text to it refuse.
    package var jsonSchema: String?
    /// Sample k is drawn with this plus k; `nil`: with the run's own seeds.
    package var seed: Int?

    package init(
        temperature: Double = 1, topP: Double = 1, topK: Int = 0, minP: Double = 0, maxTokens: Int = 512,
        stop: [String] = [],
        topLogprobs: Int? = nil, jsonSchema: String? = nil, seed: Int? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
        self.maxTokens = maxTokens
        self.stop = stop
        self.topLogprobs = topLogprobs
        self.jsonSchema = jsonSchema
        self.seed = seed
    }

    enum CodingKeys: String, CodingKey {
        case temperature
        case topP = "top_p"
        case topK = "top_k"
        case minP = "min_p"
        case maxTokens = "max_tokens"
        case stop
        case topLogprobs = "top_logprobs"
        case jsonSchema = "json_schema"
        case seed
    }
}
