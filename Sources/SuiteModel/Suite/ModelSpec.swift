package import Completions

/// An endpoint under its role.
package struct ModelSpec: Hashable, Sendable {
    package enum Provider: String, CaseIterable, Hashable, Sendable {
        /// OpenAI-compatible chat completions.
        case openai
        /// OpenAI-compatible text completions.
        case openaiCompletions = "openai-completions"
        /// A llama.cpp server that evalh starts and ends.
        case llamaServer = "llama-server"
        /// A running llama.cpp server by its native interface.
        case llamaCpp = "llama.cpp"
        /// The embedded model.
        case reference
    }

    package var role: String
    package var provider: Provider
    /// Without a slash at its end; `nil` where the provider needs none.
    package var baseURL: String?
    /// Absolute path.
    package var unixSocket: String?
    /// The model's name as the server knows it.
    package var model: String
    /// The environment variable with the key.
    package var apiKeyEnv: String?
    /// Program and arguments of a server to start; empty: none.
    package var command: [String]
    package var environment: [String: String]
    /// Absolute.
    package var workingDirectory: String
    /// Seconds.
    package var startupTimeout: Double
    /// Requests in flight at most; `nil`: adaptive.
    package var connections: Int?
    package var deadlines: DeadlineSpec
    package var price: TokenPrice?
    package var capabilities: CapabilityOverrides
    package var position: SourceSpan
}

extension ModelSpec {
    /// Whether it runs on this machine: a server of our own, a socket, or a loopback address.
    package var isLocal: Bool {
        guard unixSocket == nil, let baseURL, let start = baseURL.range(of: "://")?.upperBound else { return true }
        let host = baseURL[start...].prefix { $0 != "/" && $0 != "?" }.lowercased()
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "localhost" || name == "[::1]" || (name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." })
    }
}

/// Four separate limits of a request, in seconds, all above 0.
package struct DeadlineSpec: Hashable, Sendable {
    package var connect: Double
    package var firstByte: Double
    package var idle: Double
    package var total: Double
}

/// What the suite says an endpoint can do; `nil`: ask the endpoint.
package struct CapabilityOverrides: Hashable, Sendable {
    package var stream: Bool?
    package var topLogprobs: Int?
    /// `false`: no log-probabilities at all.
    package var logprobs: Bool?
    package var prefix: Bool?
    package var multipleChoices: Bool?
    package var seed: Bool?
    package var cancel: Bool?

    /// What was probed or assumed, with what the suite says on top.
    package func applied(to capabilities: EndpointCapabilities) -> EndpointCapabilities {
        var result = capabilities
        result.stream = stream ?? result.stream
        result.topLogprobs = topLogprobs ?? result.topLogprobs
        if logprobs == false { result.topLogprobs = nil }
        if logprobs == true { result.topLogprobs = result.topLogprobs ?? 0 }
        result.prefix = prefix ?? result.prefix
        result.multipleChoices = multipleChoices ?? result.multipleChoices
        result.seed = seed ?? result.seed
        result.cancel = cancel ?? result.cancel
        return result
    }
}
