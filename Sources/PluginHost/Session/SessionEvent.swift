package import Completions

/// What a strategy may still spend; `nil`: no limit.
package struct RemainingBudget: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var seconds: Double?

    package init(tokens: Int? = nil, usd: Double? = nil, seconds: Double? = nil) {
        self.tokens = tokens
        self.usd = usd
        self.seconds = seconds
    }
}

/// A model as a strategy sees it.
package struct SessionModel: Hashable, Sendable {
    package var role: String
    package var name: String
    package var capabilities: EndpointCapabilities
    /// The suite's sampling for it.
    package var sampling: SamplingParameters

    package init(role: String, name: String, capabilities: EndpointCapabilities, sampling: SamplingParameters) {
        self.role = role
        self.name = name
        self.capabilities = capabilities
        self.sampling = sampling
    }
}

/// A service as a strategy sees it.
package struct SessionService: Hashable, Sendable {
    package var name: String
    package var kind: String
    /// A JSON object.
    package var descriptionJSON: String

    package init(name: String, kind: String, descriptionJSON: String = "{}") {
        self.name = name
        self.kind = kind
        self.descriptionJSON = descriptionJSON
    }
}

/// What a session starts with.
package struct SessionStart: Hashable, Sendable {
    package var itemID: String
    package var input: String
    /// All of the item's fields but the target's, as a JSON object.
    package var fieldsJSON: String
    /// The rendered prompt.
    package var messages: [ChatMessage]
    /// The arm's parameters with defaults filled in, as a JSON object.
    package var parametersJSON: String
    package var seed: UInt64
    /// The arm's own model first.
    package var models: [SessionModel]
    package var services: [SessionService]
    package var repeatIndex: Int
    /// Its arm's id, for messages: strategies are not told.
    package var arm: String

    package init(
        itemID: String, input: String, fieldsJSON: String, messages: [ChatMessage], parametersJSON: String,
        seed: UInt64,
        models: [SessionModel], services: [SessionService] = [], repeatIndex: Int, arm: String = ""
    ) {
        self.itemID = itemID
        self.input = input
        self.fieldsJSON = fieldsJSON
        self.messages = messages
        self.parametersJSON = parametersJSON
        self.seed = seed
        self.models = models
        self.services = services
        self.repeatIndex = repeatIndex
        self.arm = arm
    }
}

/// Why the host did not carry out an action.
package enum RejectionReason: UInt32, Sendable {
    case budget = 1
    case unsupported = 2
    case invalid = 3
    case limit = 4
}

/// What the host tells a strategy; the Swift form of the header's EVALH_EVENT_*.
package struct SessionEvent: Sendable {
    /// Strictly increasing within a session, from 1.
    package var seq: UInt64
    /// Logical nanoseconds since the session's start.
    package var timeNanoseconds: Int64
    package var body: Body

    package enum Body: Sendable {
        case start(SessionStart)
        case delta(request: UInt64, choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int)
        /// Thinking that the endpoint sends apart from the text.
        case reasoning(request: UInt64, choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int)
        case done(request: UInt64, choice: Int, completion: Completion, isLast: Bool)
        /// A service's answer: its text is the result.
        case result(request: UInt64, Completion)
        case failed(request: UInt64, ModelFailure)
        case cancelled(request: UInt64, tokensReceived: Int, isEstimated: Bool)
        case timer(UInt64)
        case budget(RemainingBudget)
        case rejected(actionSeq: UInt64, request: UInt64, reason: RejectionReason, message: String)
        case stop(reason: String)
    }

    package init(seq: UInt64, timeNanoseconds: Int64, body: Body) {
        self.seq = seq
        self.timeNanoseconds = timeNanoseconds
        self.body = body
    }
}
