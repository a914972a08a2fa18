package import Completions

/// Finds out how an endpoint scores texts, on a tiny one with a letter beyond ASCII: routes are tried in turn, and one
/// counts as found if the tokens that come back lie along the text.
package struct ScoreProbe: Sendable {
    package private(set) var capability = ScoreCapability()
    package private(set) var requests = 0
    package private(set) var usage = TokenUsage()

    private static let prefix = "The cat sat in the café. The dog"
    private static let continuation = " sat too."

    /// - Throws: What is no matter of scoring: no connection, a refused key, a server that is out of order.
    package static func run(_ endpoint: ModelEndpoint) async throws(ModelFailure) -> ScoreProbe {
        var probe = ScoreProbe()
        try await probe.measure(endpoint)
        return probe
    }

    private mutating func measure(_ endpoint: ModelEndpoint) async throws(ModelFailure) {
        var reason: String?
        if endpoint.configuration.format == .chat {
            let request = ScoreRequest(
                messages: [ChatMessage(role: .user, content: "Tell me about pets.")], prefix: Self.prefix,
                continuation: Self.continuation)
            reason = try await refusal(of: request, .chat, 1, endpoint)
            if reason == nil { capability.messages = .chat }
        }
        let request = ScoreRequest(prefix: Self.prefix, continuation: Self.continuation)
        for (route, generated) in [(ScoreRoute.echo, 0), (.echo, 1), (.completions, 1), (.generate, 0)] {
            guard let refusal = try await refusal(of: request, route, generated, endpoint) else {
                capability.text = route
                capability.generated = generated
                break
            }
            // The first is the one that says what an ordinary server lacks.
            if route == .echo, generated == 0 { reason = "\(refusal) (`echo` of completions)" }
        }
        guard capability.messages == nil, capability.text == nil else { return }
        capability.reason =
            "no log-probabilities of a given text: \(reason ?? "no route is known"). vLLM, SGLang and evalh's own "
            + "server (`provider: reference`) tell them"
    }

    /// Why a route cannot be gone; `nil`: it can.
    private mutating func refusal(
        of request: ScoreRequest, _ route: ScoreRoute, _ generated: Int, _ endpoint: ModelEndpoint
    ) async throws(ModelFailure) -> String? {
        requests += 1
        let outcome = await withCheckedContinuation { continuation in
            do throws(ModelFailure) {
                _ = try endpoint.score(request, by: route, generated: generated) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        switch outcome {
        case .success(let score):
            usage += score.usage
            return nil
        case .failure(let failure):
            usage += failure.spent
            switch failure.kind {
            case .badRequest, .unsupported, .malformed: return failure.message
            // A server that falls over a field it does not know.
            case .server where failure.httpStatus == 500: return failure.message
            default: throw failure
            }
        }
    }
}
