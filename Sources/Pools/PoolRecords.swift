package import Completions

/// A question of a pool.
package struct PoolItem: Hashable, Sendable {
    /// Its place in the pool, from 0.
    package var ordinal: Int
    package var id: String
    package var input: String
    /// Empty: the recording has none, only scores.
    package var target: String
    /// All other fields that were imported, a JSON object with sorted keys.
    package var fieldsJSON: String

    package init(ordinal: Int, id: String, input: String, target: String, fieldsJSON: String = "{}") {
        self.ordinal = ordinal
        self.id = id
        self.input = input
        self.target = target
        self.fieldsJSON = fieldsJSON
    }
}

/// A recorded completion of a question. What the recording does not tell is `nil`.
package struct PoolSample: Hashable, Sendable {
    /// The completion's text; `nil`: only the parsed answer was recorded.
    package var text: String?
    /// What the model thought, where it was recorded apart from the text.
    package var reasoning: String?
    /// The answer as the recording's authors parsed it; empty: they found none.
    package var answer: String?
    /// Whether it was right by the recording's authors, 0 to 1.
    package var score: Double?
    package var finish: FinishReason
    package var promptTokens: Int?
    package var completionTokens: Int?
    /// From sending to the last byte.
    package var seconds: Double?
    package var firstTokenSeconds: Double?
    /// Log-probabilities of its tokens.
    package var tokens: [TokenLogprob]

    package init(
        text: String?, reasoning: String? = nil, answer: String? = nil, score: Double? = nil,
        finish: FinishReason = .stop,
        promptTokens: Int? = nil,
        completionTokens: Int? = nil, seconds: Double? = nil, firstTokenSeconds: Double? = nil,
        tokens: [TokenLogprob] = []
    ) {
        self.text = text
        self.reasoning = reasoning
        self.answer = answer
        self.score = score
        self.finish = finish
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.seconds = seconds
        self.firstTokenSeconds = firstTokenSeconds
        self.tokens = tokens
    }
}

/// A file that samples came from.
package struct PoolSource: Codable, Hashable, Sendable {
    package var name: String
    package var sha256: String

    package init(name: String, sha256: String) {
        self.name = name
        self.sha256 = sha256
    }
}

/// Where a pool is from, and what is known of how its samples were drawn.
package struct PoolProvenance: Codable, Hashable, Sendable {
    package var name: String
    /// For people: repository, commit, licence.
    package var origin: String
    package var shape: String
    package var sources: [PoolSource]
    package var importedAt: String
    package var tool: String
    /// The temperature all samples were drawn at; `nil`: not known, any request matches.
    package var temperature: Double?

    package init(
        name: String, origin: String, shape: String, sources: [PoolSource], importedAt: String, tool: String,
        temperature: Double?
    ) {
        self.name = name
        self.origin = origin
        self.shape = shape
        self.sources = sources
        self.importedAt = importedAt
        self.tool = tool
        self.temperature = temperature
    }

    enum CodingKeys: String, CodingKey {
        case name, origin, shape, sources, tool, temperature
        case importedAt = "imported_at"
    }
}

/// What can go wrong with a pool, in words for people.
package struct PoolError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String { "\(path): \(message)" }
}

/// What a model said to a grader when the pool was recorded.
package struct PoolAnswer: Sendable {
    /// The model's role in the recorded run's suite.
    package var role: String
    package var request: CompletionRequest
    package var sample: SampleIndex
    package var completion: Completion

    package init(role: String, request: CompletionRequest, sample: SampleIndex, completion: Completion) {
        self.role = role
        self.request = request
        self.sample = sample
        self.completion = completion
    }
}
