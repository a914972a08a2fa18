package import Completions
internal import Foundation

/// Who serves a model, as named in suites.
package enum EndpointProvider: String, Codable, Sendable, CaseIterable {
    /// OpenAI chat completions.
    case openai
    /// OpenAI completions, which take plain prompts.
    case openaiCompletions = "openai-completions"
    /// A llama.cpp server that is running already.
    case llamaCpp = "llama.cpp"
    /// A llama.cpp server that evalh starts and ends (`ManagedServer`).
    case llamaServer = "llama-server"
    /// The embedded model, by its server, which evalh starts and ends.
    case reference

    /// Whether evalh starts the server itself: where it listens then says nothing of the model.
    package var isManaged: Bool { self == .llamaServer || self == .reference }
    package var isLlama: Bool { self == .llamaCpp || self == .llamaServer }
}

/// The four deadlines of a request, in seconds.
package struct EndpointDeadlines: Hashable, Sendable {
    package var connect: Double
    /// Until the first byte of the response. Servers that queue or read long prompts are silent for minutes.
    package var firstByte: Double
    /// Between two pieces of a response.
    package var idle: Double
    package var total: Double

    package init(connect: Double = 10, firstByte: Double = 300, idle: Double = 60, total: Double = 900) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

/// One configured endpoint: where a role's model is and how to talk to it.
package struct EndpointConfiguration: Sendable {
    /// The model's role in the suite: "main", ...
    package var role: String
    package var provider: EndpointProvider
    /// "http://127.0.0.1:8080/v1", or "unix:/run/model.sock" (optionally with "#/v1").
    package var baseURL: String
    package var model: String
    package var apiKey: Secret?
    /// Ceiling of requests at a time.
    package var maxConnections: Int
    package var deadlines: EndpointDeadlines
    /// Attempts a request, the first included.
    package var maxAttempts: Int
    /// `nil`: by provider.
    package var extraSampling: WireOptions.ExtraSampling?
    /// What the suite declares; `nil` fields are measured or assumed.
    package var declared: DeclaredCapabilities
    /// For providers that take plain prompts.
    package var template: ChatFrames?
    /// llama.cpp's own `/completion` in place of chat; needs a template for more than a single user message.
    package var usesNativeCompletion: Bool
    /// vLLM's flags for prefix continuation.
    package var sendsContinueFlags: Bool
    /// Sends `max_completion_tokens`; `nil`: for OpenAI's own servers only.
    package var usesMaxCompletionTokens: Bool?
    /// More headers of each request. Their values are treated as secrets.
    package var headers: [(name: String, value: Secret)]
    /// More fields of each request's body: names and their values as JSON text, in the order they are sent.
    package var body: [WireOptions.Field]
    /// For the embedded model.
    package var inside: ModelInside?

    package init(
        role: String, provider: EndpointProvider, baseURL: String, model: String, apiKey: Secret? = nil,
        maxConnections: Int = 16,
        deadlines: EndpointDeadlines = EndpointDeadlines(), maxAttempts: Int = 6,
        extraSampling: WireOptions.ExtraSampling? = nil,
        declared: DeclaredCapabilities = DeclaredCapabilities(), template: ChatFrames? = nil,
        usesNativeCompletion: Bool = false,
        sendsContinueFlags: Bool = false, usesMaxCompletionTokens: Bool? = nil,
        headers: [(name: String, value: Secret)] = [], body: [WireOptions.Field] = [],
        inside: ModelInside? = nil
    ) {
        self.role = role
        self.provider = provider
        self.baseURL = baseURL
        self.model = model
        self.apiKey = apiKey
        self.maxConnections = maxConnections
        self.deadlines = deadlines
        self.maxAttempts = maxAttempts
        self.extraSampling = extraSampling
        self.declared = declared
        self.template = template
        self.usesNativeCompletion = usesNativeCompletion
        self.sendsContinueFlags = sendsContinueFlags
        self.usesMaxCompletionTokens = usesMaxCompletionTokens
        self.headers = headers
        self.body = body
        self.inside = inside
    }
}

/// Capabilities that a suite declares for a model (`capabilities:`).
package struct DeclaredCapabilities: Codable, Hashable, Sendable {
    package var stream: Bool?
    package var topLogprobs: Int?
    package var prefix: Bool?
    package var multipleChoices: Bool?
    package var seed: Bool?
    package var cancel: Bool?
    package var sendsReasoningApart: Bool?

    package init(
        stream: Bool? = nil, topLogprobs: Int? = nil, prefix: Bool? = nil, multipleChoices: Bool? = nil,
        seed: Bool? = nil,
        cancel: Bool? = nil, sendsReasoningApart: Bool? = nil
    ) {
        self.sendsReasoningApart = sendsReasoningApart
        self.stream = stream
        self.topLogprobs = topLogprobs
        self.prefix = prefix
        self.multipleChoices = multipleChoices
        self.seed = seed
        self.cancel = cancel
    }

    /// `measured` with what is declared here in place of it. Log-probabilities declared below 0 mean none.
    func over(_ measured: EndpointCapabilities) -> EndpointCapabilities {
        var result = measured
        result.stream = stream ?? measured.stream
        if let topLogprobs { result.topLogprobs = topLogprobs < 0 ? nil : topLogprobs }
        result.prefix = prefix ?? measured.prefix
        result.multipleChoices = multipleChoices ?? measured.multipleChoices
        result.seed = seed ?? measured.seed
        result.cancel = cancel ?? measured.cancel
        result.sendsReasoningApart = sendsReasoningApart ?? measured.sendsReasoningApart
        return result
    }

    enum CodingKeys: String, CodingKey {
        case stream
        case topLogprobs = "top_logprobs"
        case prefix
        case multipleChoices = "n"
        case seed
        case cancel
        case sendsReasoningApart = "reasoning_apart"
    }
}

extension EndpointConfiguration {
    var format: WireFormat {
        switch provider {
        case .openai, .reference: .chat
        case .openaiCompletions: .completions
        case .llamaCpp, .llamaServer: usesNativeCompletion ? .llama : .chat
        }
    }

    /// What is assumed of a provider before anything is measured.
    func assumed(_ address: EndpointAddress) -> EndpointCapabilities {
        switch provider {
        // Most servers that speak this interface continue a trailing assistant message; OpenAI's own begin a new one.
        case .openai: EndpointCapabilities(prefix: address.host != "api.openai.com")
        case .openaiCompletions: EndpointCapabilities(topLogprobs: 5, prefix: true)
        case .reference:
            EndpointCapabilities(
                stream: true, topLogprobs: 20, prefix: true, multipleChoices: true, seed: true, cancel: true)
        case .llamaCpp, .llamaServer: EndpointCapabilities(topLogprobs: 200, prefix: true, multipleChoices: nil)
        }
    }

    func wireOptions(_ address: EndpointAddress) -> WireOptions {
        let isOpenAI = address.host == "api.openai.com"
        let extra: WireOptions.ExtraSampling = provider.isLlama || provider == .reference ? .always : .ifUsed
        return WireOptions(
            model: model, extraSampling: extraSampling ?? extra, isLlama: provider.isLlama,
            usesMaxCompletionTokens: usesMaxCompletionTokens ?? isOpenAI, sendsContinueFlags: sendsContinueFlags,
            template: template, body: body,
            inside: provider == .reference ? inside ?? ModelInside() : nil)
    }
}
