package import Completions
package import JSON
package import ModelClients

/// The service `score`: log-probabilities that a model gives a text of somebody else, by one request a call.
///
/// | payload | |
/// |---|---|
/// | `{"continuation", "prefix"?, "messages"?: [{"role", "content"}]}` | what comes after them; one of both is needed |
/// | `{"text"}` | all of a text, from its second token on |
///
/// | result | |
/// |---|---|
/// | `logprob` | the sum, natural logarithms |
/// | `tokens` | `[{"token", "logprob"}]`; null for a text's first token, which nothing predicts |
/// | `token_count` | tokens with a log-probability |
/// | `overlap` | the end of the context that the first token has in it too, where there is such an end |
package final class ScoreService: HostService {
    /// Bytes of all texts of a payload.
    package static let mostBytes = 4 << 20
    package static let mostMessages = 1024

    private let endpoint: ModelEndpoint
    private let capability: ScoreCapability
    package let fingerprint: String

    /// - Parameters:
    ///   - capability: `ScoreService.capability(of:)`.
    ///   - model: The model's fingerprint.
    package init(_ endpoint: ModelEndpoint, _ capability: ScoreCapability, model: String) {
        self.endpoint = endpoint
        self.capability = capability
        let routes = [capability.messages, capability.text].map { $0?.rawValue ?? "none" }.joined(separator: ",")
        fingerprint = "evalh-service/1;kind=score;version=1;by=\(routes);model=\(model)"
    }

    /// How an endpoint scores; asks it with a few tiny requests where that is not known.
    /// - Throws: `unsupported` with the reason where it cannot; what keeps it from answering.
    package static func capability(of endpoint: ModelEndpoint) async throws(ModelFailure) -> ScoreCapability {
        let capability: ScoreCapability
        if let known = endpoint.knownScore {
            capability = known
        } else {
            capability = try await ScoreProbe.run(endpoint).capability
        }
        guard capability.messages != nil || capability.text != nil else {
            throw ModelFailure(
                kind: .unsupported,
                message: capability.reason ?? "this endpoint tells no log-probabilities of a given text")
        }
        return capability
    }

    package var description: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", .string("score")), .init("role", .string(endpoint.role)),
        ]
        if let route = capability.messages { members.append(.init("messages_by", .string(route.rawValue))) }
        if let route = capability.text { members.append(.init("text_by", .string(route.rawValue))) }
        return .object(members)
    }

    package func problem(with payload: JSONValue) -> String? {
        switch Self.request(payload) {
        case .failure(let problem): problem.message
        case .success(let request): endpoint.problem(with: request, capability)
        }
    }

    package func worstCase(of payload: JSONValue) -> TokenUsage {
        guard case .success(let request) = Self.request(payload) else { return TokenUsage() }
        return TokenUsage(requests: 1, promptTokens: request.tokenBound, completionTokens: 1)
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        switch Self.request(payload) {
        case .failure(let problem):
            done(.failure(ModelFailure(kind: .badRequest, message: problem.message)))
            return {}
        case .success(let request):
            return endpoint.score(request, capability) { done($0.map(Self.result)) }
        }
    }

    private static func result(_ score: TextScore) -> ServiceResult {
        let tokens = score.tokens.map { token in
            JSONValue.object([
                .init("token", .string(token.text)), .init("logprob", token.logprob.map(JSONValue.double) ?? .null),
            ])
        }
        var members: [JSONValue.Member] = [
            .init("logprob", .double(score.logprob)), .init("tokens", .array(tokens)),
            .init("token_count", .integer(score.tokens.count { $0.logprob != nil })),
        ]
        if !score.overlap.isEmpty { members.append(.init("overlap", .string(score.overlap))) }
        return ServiceResult(.object(members), usage: score.usage)
    }
}

// MARK: - Payloads

extension ScoreService {
    static func request(_ payload: JSONValue) -> Result<ScoreRequest, PayloadProblem> {
        do throws(PayloadProblem) {
            var fields = try PayloadFields(payload)
            let request: ScoreRequest
            if let text = try fields.text("text") {
                request = ScoreRequest(continuation: text)
            } else {
                guard let continuation = try fields.text("continuation") else {
                    throw PayloadProblem("`continuation` is missing (or `text`, to score all of a text)")
                }
                let prefix = try fields.text("prefix") ?? ""
                request = ScoreRequest(messages: try messages(&fields), prefix: prefix, continuation: continuation)
                guard request.hasContext else {
                    throw PayloadProblem("a continuation needs `messages` or a `prefix` before it; `text` needs none")
                }
            }
            try fields.end()
            guard !request.continuation.isEmpty else { throw PayloadProblem("there is no text to score") }
            guard request.tokenBound <= mostBytes else {
                throw PayloadProblem("the texts are longer than \(mostBytes) bytes")
            }
            return .success(request)
        } catch {
            return .failure(error)
        }
    }

    private static func messages(_ fields: inout PayloadFields) throws(PayloadProblem) -> [ChatMessage] {
        guard let list = try fields.list("messages") else { return [] }
        guard list.count <= mostMessages else { throw PayloadProblem("more than \(mostMessages) messages") }
        var messages: [ChatMessage] = []
        for (index, value) in list.enumerated() {
            var message = try PayloadFields(value, "messages[\(index)]")
            guard let name = try message.text("role"), let role = ChatRole(rawValue: name) else {
                throw PayloadProblem("messages[\(index)]: `role` is system, user or assistant")
            }
            guard let content = try message.text("content") else {
                throw PayloadProblem("messages[\(index)]: `content` is missing")
            }
            try message.end()
            messages.append(ChatMessage(role: role, content: content))
        }
        return messages
    }
}
