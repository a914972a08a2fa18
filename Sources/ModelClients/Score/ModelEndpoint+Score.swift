package import Completions

extension ModelEndpoint {
    /// What is known of the provider without asking; `nil`: the endpoint must be asked.
    package var knownScore: ScoreCapability? { capabilities.score ?? configuration.assumedScore }

    /// Why a text cannot be scored here; `nil`: it can.
    package func problem(with request: ScoreRequest, _ capability: ScoreCapability) -> String? {
        switch route(of: request, capability) {
        case .success: nil
        case .failure(let failure): failure.message
        }
    }

    /// Asks for the log-probabilities of a text.
    /// - Parameter done: Called once, from any thread; after a cancel it may be left out.
    /// - Returns: ends the request early.
    package func score(
        _ request: ScoreRequest, _ capability: ScoreCapability, priority: Int = 0,
        done: @escaping @Sendable (Result<TextScore, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        do throws(ModelFailure) {
            let route = try route(of: request, capability).get()
            return try score(request, by: route, generated: capability.generated, priority: priority, done: done)
        } catch {
            done(.failure(error))
            return {}
        }
    }

    /// The same by one route, whether or not it was measured.
    func score(
        _ request: ScoreRequest, by route: ScoreRoute, generated: Int, priority: Int = 0,
        done: @escaping @Sendable (Result<TextScore, ModelFailure>) -> Void
    ) throws(ModelFailure) -> @Sendable () -> Void {
        let wire = try ScoreCodec.encode(
            request, route: route, generated: generated, configuration.wireOptions(address))
        let url = wire.isService ? address.serviceURL(wire.path) : address.url(wire.path)
        return single(
            exchange(.post, url, body: wire.body, priority: priority),
            read: { bytes in Result { () throws(ModelFailure) in try wire.read(bytes, request) } }, done: done)
    }

    private func route(of request: ScoreRequest, _ capability: ScoreCapability) -> Result<ScoreRoute, ModelFailure> {
        func refused(_ message: String) -> Result<ScoreRoute, ModelFailure> {
            .failure(ModelFailure(kind: .unsupported, message: message))
        }
        let reason = capability.reason ?? "this endpoint tells no log-probabilities of a given text"
        // What completions are asked as plain prompts is scored as one, so that both have the same context.
        let isPlain = request.messages.isEmpty || configuration.format != .chat
        guard isPlain else { return capability.messages.map(Result.success) ?? refused(noTemplate(capability, reason)) }
        guard let route = capability.text else { return refused(reason) }
        guard request.messages.isEmpty || configuration.template != nil || request.isSingleQuestion else {
            return refused(
                "this endpoint takes plain prompts: give the model a prompt template, or score after a single user "
                    + "message")
        }
        return .success(route)
    }

    private func noTemplate(_ capability: ScoreCapability, _ reason: String) -> String {
        guard capability.text != nil else { return reason }
        return "this endpoint scores plain text only, and its chat template is not known here: give the model "
            + "`provider: openai-completions` and its `template`, or score without messages"
    }
}

extension ScoreRequest {
    /// Whether the messages are what a plain prompt can be without a template.
    var isSingleQuestion: Bool { messages.count == 1 && messages[0].role == .user }
}

extension EndpointConfiguration {
    /// What is known of a provider; `nil`: it must be measured.
    var assumedScore: ScoreCapability? {
        switch provider {
        case .openai, .openaiCompletions: nil
        case .reference:
            if inside?.exit.map({ $0.policy != "none" }) ?? false {
                ScoreCapability(
                    reason: "the embedded model reads given texts at full depth, which is not how a model with `exit` "
                        + "writes: name a role without it")
            } else {
                ScoreCapability(messages: .chat, text: .echo)
            }
        case .llamaCpp, .llamaServer:
            // `echo` is ignored in silence, and there is nothing else (seen on a recorded answer).
            ScoreCapability(
                reason: "llama.cpp's server tells no log-probabilities of a given text: name a model that is served by "
                    + "vLLM, SGLang or evalh (`provider: reference`)")
        }
    }
}
