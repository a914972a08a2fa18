package import Completions
package import EvalhStatistics

/// An endpoint under its role.
package struct ModelSpec: Hashable, Sendable {
    package enum Provider: String, CaseIterable, Hashable, Sendable {
        /// OpenAI-compatible chat completions.
        case openai
        /// OpenAI-compatible text completions.
        case openaiCompletions = "openai-completions"
        /// A llama.cpp server that evalh starts and ends.
        case llamaServer = "llama-server"
        /// A running llama.cpp server: its extra fields and services are used.
        case llamaCpp = "llama.cpp"
        /// A program that is run once a sample.
        case command
        /// The embedded model.
        case reference
        /// Recorded samples only: nothing is ever asked.
        case pool
    }

    package var role: String
    package var provider: Provider
    /// Without a slash at its end; `nil` where the provider needs none.
    package var baseURL: String?
    /// Absolute path.
    package var unixSocket: String?
    /// The model's name as the server knows it; of a program, its name in reports.
    package var model: String
    /// The environment variable with the key.
    package var apiKeyEnv: String?
    /// Program and arguments of a server to start, or of a program to run; empty: none.
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
    /// `nil`: equivalent operations are not known.
    package var shape: ModelShape?
    package var capabilities: CapabilityOverrides
    /// How its thinking is told from its answers.
    package var reasoning: ReasoningFormat
    /// How a program is run; means nothing to other providers.
    package var run: RunSpec
    /// How the embedded model uses its inside; means nothing to other providers.
    package var inside: ModelInside
    package var wire: WireSpec
    package var position: SourceSpan

    package init(
        role: String, provider: Provider, baseURL: String? = nil, unixSocket: String? = nil, model: String = "default",
        apiKeyEnv: String? = nil, command: [String] = [], environment: [String: String] = [:],
        workingDirectory: String = "/",
        startupTimeout: Double = 120, connections: Int? = nil, deadlines: DeadlineSpec = DeadlineSpec(),
        price: TokenPrice? = nil,
        shape: ModelShape? = nil,
        capabilities: CapabilityOverrides = CapabilityOverrides(), reasoning: ReasoningFormat = .auto,
        run: RunSpec = RunSpec(),
        inside: ModelInside = ModelInside(), wire: WireSpec = WireSpec(), position: SourceSpan = .file("")
    ) {
        self.role = role
        self.provider = provider
        self.baseURL = baseURL
        self.unixSocket = unixSocket
        self.model = model
        self.apiKeyEnv = apiKeyEnv
        self.command = command
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.startupTimeout = startupTimeout
        self.connections = connections
        self.deadlines = deadlines
        self.price = price
        self.shape = shape
        self.capabilities = capabilities
        self.reasoning = reasoning
        self.run = run
        self.inside = inside
        self.wire = wire
        self.position = position
    }
}

extension ModelSpec {
    /// Whether it runs on this machine: a server of our own, a socket, or a loopback address.
    package var isLocal: Bool {
        guard unixSocket == nil, let baseURL, let start = baseURL.range(of: "://")?.upperBound else { return true }
        let host = baseURL[start...].prefix { $0 != "/" && $0 != "?" }.lowercased()
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "localhost" || name == "[::1]"
            || (name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." })
    }
}

/// How a program of the provider `command` is run, and what its cost counts as.
package struct RunSpec: Hashable, Sendable {
    /// Seconds of wall time, above 0.
    package var timeout: Double
    /// Bytes of address space of each process; `nil`: no limit.
    package var memory: UInt64?
    /// What costs are counted in; `nil`: whatever the program says.
    package var unit: String?
    /// The cost that counts as one token, above 0.
    package var costPerToken: Double

    package init(timeout: Double = 60, memory: UInt64? = nil, unit: String? = nil, costPerToken: Double = 1) {
        self.timeout = timeout
        self.memory = memory
        self.unit = unit
        self.costPerToken = costPerToken
    }
}

/// Four separate limits of a request, in seconds, all above 0.
package struct DeadlineSpec: Hashable, Sendable {
    package var connect: Double
    package var firstByte: Double
    package var idle: Double
    package var total: Double

    package init(connect: Double = 10, firstByte: Double = 300, idle: Double = 90, total: Double = 1800) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
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
    package var sendsReasoningApart: Bool?

    package init(
        stream: Bool? = nil, topLogprobs: Int? = nil, logprobs: Bool? = nil, prefix: Bool? = nil,
        multipleChoices: Bool? = nil,
        seed: Bool? = nil, cancel: Bool? = nil, sendsReasoningApart: Bool? = nil
    ) {
        self.sendsReasoningApart = sendsReasoningApart
        self.stream = stream
        self.topLogprobs = topLogprobs
        self.logprobs = logprobs
        self.prefix = prefix
        self.multipleChoices = multipleChoices
        self.seed = seed
        self.cancel = cancel
    }
}
