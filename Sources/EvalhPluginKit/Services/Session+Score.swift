extension Session {
    /// The log-probabilities of a given continuation, by a service of kind "score".
    ///
    /// - Parameters:
    ///   - continuation: The text to score.
    ///   - prefix: Assistant text before it.
    ///   - messages: `nil`: the item's prompt.
    ///   - model: The role of the model that scores; empty: the arm's own.
    ///   - priority: Higher first, among this session's requests.
    /// - Throws: As `call`; `Rejected` (unsupported) if the suite has no service that scores by this model.
    public func score(
        _ continuation: String, prefix: String = "", messages: [Message]? = nil, model: String = "",
        priority: Int = 0
    ) async throws -> Score {
        guard let service = scorer(model) else {
            let role = model.isEmpty ? self.model.role : model
            throw Rejected(
                .unsupported,
                message: "the suite has no service of kind score for the model '\(role)'; add one under `services:`")
        }
        var payload: [String: JSONValue] = [
            "continuation": .string(continuation), "messages": .array((messages ?? prompt).map(\.json)),
        ]
        if !prefix.isEmpty { payload["prefix"] = .string(prefix) }
        return try Score(await call(service.name, payload, priority: priority))
    }

    /// The service that scores by the model of a role; `nil`: the suite has none. The empty role is the arm's own
    /// model.
    public func scorer(_ model: String = "") -> ServiceInfo? {
        let role = model.isEmpty ? self.model.role : model
        return services.first { $0.kind == "score" && $0.description["role"]?.string == role }
    }
}

/// How likely a model holds a text.
public struct Score: Hashable, Sendable {
    /// Sum of the tokens' log-probabilities (natural logarithm).
    public var value: Double
    /// The continuation's tokens.
    public var tokens: [Token]
    /// The end of the prefix that the first token has in it too: the model's tokenizer joins it with the continuation,
    /// and the token counts whole. Empty: the prefix ends where a token ends.
    public var overlap: String
    /// What the scoring cost.
    public var usage: Usage

    /// Reads what a service of kind "score" answered.
    ///
    /// - Throws: `RequestFailed` if the service says that the call failed, or answered something else.
    public init(_ result: ServiceResult) throws {
        guard !result.isError, let value = result.value["logprob"]?.double else {
            throw RequestFailed(
                .server, message: result.value["error"]?.string ?? "the service gave no log-probability")
        }
        self.value = value
        tokens = (result.value["tokens"]?.elements ?? []).compactMap { token in
            guard let text = token["token"]?.string, let logprob = token["logprob"]?.double else { return nil }
            return Token(text, logprob: logprob)
        }
        overlap = result.value["overlap"]?.string ?? ""
        usage = result.usage
    }
}

extension Message {
    /// As services take it: `{"role": "user", "content": "…"}`.
    var json: JSONValue {
        let role =
            switch role {
            case .system: "system"
            case .user: "user"
            case .assistant: "assistant"
            }
        return .object([.init("role", .string(role)), .init("content", .string(content))])
    }
}
