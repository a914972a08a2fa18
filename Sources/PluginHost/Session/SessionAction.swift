package import Completions

/// Sampling values a strategy sets; `nil`: as the suite says.
package struct SamplingOverrides: Hashable, Sendable {
    package var temperature: Double?
    package var topP: Double?
    package var topK: Int?
    package var minP: Double?
    package var maxTokens: Int?
    package var topLogprobs: Int?
    /// Added to the suite's.
    package var stop: [String]
    /// Sample k is drawn with this plus k; `nil`: with the run's own seeds.
    package var seed: Int?
    package var jsonSchema: String?

    package init(
        temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil, minP: Double? = nil, maxTokens: Int? = nil,
        topLogprobs: Int? = nil, stop: [String] = [], seed: Int? = nil, jsonSchema: String? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
        self.maxTokens = maxTokens
        self.topLogprobs = topLogprobs
        self.stop = stop
        self.seed = seed
        self.jsonSchema = jsonSchema
    }
}

/// SUBMIT: n completions of one request.
package struct SubmitAction: Hashable, Sendable {
    package var request: UInt64
    /// Empty: the arm's own model.
    package var role: String
    /// `nil`: the item's prompt.
    package var messages: [ChatMessage]?
    package var prefix: String
    package var sampling: SamplingOverrides
    package var n: Int
    package var stream: Bool
    package var priority: Int

    package init(
        request: UInt64, role: String = "", messages: [ChatMessage]? = nil, prefix: String = "",
        sampling: SamplingOverrides = SamplingOverrides(), n: Int = 1, stream: Bool = false, priority: Int = 0
    ) {
        self.request = request
        self.role = role
        self.messages = messages
        self.prefix = prefix
        self.sampling = sampling
        self.n = n
        self.stream = stream
        self.priority = priority
    }
}

/// FORK: continue from inside an earlier completion.
package struct ForkAction: Hashable, Sendable {
    package var request: UInt64
    package var parent: UInt64
    package var parentChoice: Int
    /// Bytes of the parent's text that are kept.
    package var offset: Int
    package var append: String
    /// `nil`: the parent's.
    package var sampling: SamplingOverrides?
    package var n: Int
    package var stream: Bool
    package var priority: Int

    package init(
        request: UInt64, parent: UInt64, parentChoice: Int, offset: Int, append: String, sampling: SamplingOverrides?,
        n: Int,
        stream: Bool, priority: Int
    ) {
        self.request = request
        self.parent = parent
        self.parentChoice = parentChoice
        self.offset = offset
        self.append = append
        self.sampling = sampling
        self.n = n
        self.stream = stream
        self.priority = priority
    }
}

/// CALL: call a service.
package struct CallAction: Hashable, Sendable {
    package var request: UInt64
    package var service: String
    /// JSON, not read yet.
    package var payload: String
    package var priority: Int

    package init(request: UInt64, service: String, payload: String, priority: Int = 0) {
        self.request = request
        self.service = service
        self.payload = payload
        self.priority = priority
    }
}

/// FINISH: the session's answer.
package struct FinishAction: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case answered
        /// The answer is from a cut-off completion.
        case unfinished
        case noAnswer = "no_answer"
        case error
    }

    package var kind: Kind
    package var answer: String
    package var confidence: Double?
    package var reason: String

    package init(kind: Kind, answer: String, confidence: Double? = nil, reason: String) {
        self.kind = kind
        self.answer = answer
        self.confidence = confidence
        self.reason = reason
    }
}

/// What a strategy asks of the host; the Swift form of the header's EVALH_ACTION_*.
package struct SessionAction: Sendable {
    package var seq: UInt64
    package var body: Body

    package enum Body: Sendable {
        case submit(SubmitAction)
        case fork(ForkAction)
        case cancel(request: UInt64)
        case setTimer(id: UInt64, timeNanoseconds: Int64)
        case emit(candidate: String, weight: Double, evidence: String)
        /// `isDebug`: a line for the plugin's author.
        case note(key: String, value: String, isDebug: Bool)
        case call(CallAction)
        /// A measure of the session under the plugin's own name.
        case number(name: String, value: Double)
        case finish(FinishAction)
        /// Pay for what a peer of the own item did.
        case adopt(peer: Int)
        /// An action this host does not know or cannot do; `request` is 0 if it is about none.
        case unsupported(type: UInt16, request: UInt64)
        /// An action with values out of range, as found while copying it.
        case invalid(request: UInt64, message: String)
    }

    package init(seq: UInt64, body: Body) {
        self.seq = seq
        self.body = body
    }
}
