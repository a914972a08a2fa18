package import CEvalhPlugin

/// How to sample; `nil`: as the suite says for the model.
public struct Sampling: Hashable, Sendable {
    /// 0: greedy.
    public var temperature: Double?
    /// In (0, 1].
    public var topP: Double?
    /// In [0, 1].
    public var minP: Double?
    /// 0: no limit.
    public var topK: Int?
    /// 1 or more.
    public var maxTokens: Int?
    /// 0: log-probabilities of the sampled tokens; k: and of k alternatives a token.
    public var topLogprobs: Int?
    /// Texts that end a completion, beside the suite's.
    public var stop: [String]
    /// Sample k of the request is drawn with this seed plus k, 0 or more; `nil`: with the run's own seeds.
    public var seed: Int?
    /// A JSON Schema that the completion keeps, where the endpoint can hold it to one; `nil`: free text.
    public var jsonSchema: String?

    /// Settings; what is left out is as the suite says.
    public init(
        temperature: Double? = nil, topP: Double? = nil, minP: Double? = nil, topK: Int? = nil, maxTokens: Int? = nil,
        topLogprobs: Int? = nil, stop: [String] = [], seed: Int? = nil, jsonSchema: String? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.minP = minP
        self.topK = topK
        self.maxTokens = maxTokens
        self.topLogprobs = topLogprobs
        self.stop = stop
        self.seed = seed
        self.jsonSchema = jsonSchema
    }

    /// Temperature 0.
    public static let greedy = Sampling(temperature: 0)

    package init(_ sampling: evalh_sampling) {
        self.init(
            temperature: sampling.temperature.present, topP: sampling.top_p.present, minP: sampling.min_p.present,
            topK: sampling.top_k < 0 ? nil : Int(sampling.top_k),
            maxTokens: sampling.max_tokens < 0 ? nil : Int(sampling.max_tokens),
            topLogprobs: sampling.top_logprobs < 0 ? nil : Int(sampling.top_logprobs))
        if let texts = sampling.stop, let count = Int(exactly: sampling.stop_count) {
            stop = (0..<count).map { String(texts[$0]) }
        }
        seed = sampling.seed < 0 ? nil : Int(sampling.seed)
        jsonSchema = sampling.json_schema.len == 0 ? nil : String(sampling.json_schema)
    }

    /// The ABI's form. Numbers that do not fit are passed as the nearest that does; the host then refuses them by
    /// range.
    package func wire(in arena: inout Arena) -> evalh_sampling {
        var texts: [evalh_str] = []
        for text in stop { texts.append(arena.text(text)) }
        var result = evalh_sampling()
        result.struct_size = UInt32(MemoryLayout<evalh_sampling>.size)
        result.max_tokens = maxTokens.map { Int32(clamping: $0) } ?? -1
        result.temperature = temperature.orNaN
        result.top_p = topP.orNaN
        result.min_p = minP.orNaN
        result.top_k = topK.map { Int32(clamping: $0) } ?? -1
        result.top_logprobs = topLogprobs.map { Int32(clamping: $0) } ?? -1
        result.stop = arena.array(texts)
        result.stop_count = UInt64(texts.count)
        result.seed = seed.map { Int64($0) } ?? -1
        result.json_schema = arena.text(jsonSchema ?? "")
        return result
    }
}
