internal import Completions
internal import JSON
internal import PluginHost

/// What the strategy wants.
extension SessionMachine {
    private static let maxRequests = 100_000
    private static let maxOpenRequests = 4096
    private static let maxTimers = 1024
    private static let maxCandidates = 1024
    private static let maxNotes = 64
    private static let maxDebugLines = 10_000
    private static let maxNumbers = 32

    mutating func perform(_ action: SessionAction) {
        do throws(Refusal) {
            switch action.body {
            case .submit(let submit): try accept(submit)
            case .fork(let fork): try accept(try submit(for: fork))
            case .cancel(let number): try cancel(number)
            case .setTimer(let id, let time): try setTimer(id, at: time)
            case .emit(let candidate, let weight, let evidence):
                guard log.candidates.count < Self.maxCandidates else { return }
                log.candidates.append(
                    .init(candidate: candidate, weight: weight.isFinite ? weight : 0, evidence: evidence))
            case .note(let key, let value, let isDebug): note(key, value, isDebug: isDebug)
            case .number(let name, let value):
                guard numbers[name] != nil || numbers.count < Self.maxNumbers else {
                    throw Refusal(reason: .limit, message: "more than \(Self.maxNumbers) numbers")
                }
                numbers[name] = value
            case .call(let call): try accept(call)
            case .finish(let finish): end(finish)
            case .adopt(let peer): try adopt(peer)
            case .unsupported(let type, _):
                throw Refusal(reason: .unsupported, message: "this host has no action \(type)")
            case .invalid(_, let message): throw Refusal(reason: .invalid, message: message)
            }
        } catch {
            if error.isLack { lack = error.message }
            events.append(
                .rejected(
                    actionSeq: action.seq, request: action.body.request, reason: error.reason, message: error.message))
        }
    }

    private mutating func note(_ key: String, _ value: String, isDebug: Bool) {
        if isDebug {
            guard logLimits.keepsDebug, log.debug.count < Self.maxDebugLines else { return }
            log.debug.append(value.prefix(bytes: logLimits.noteBytes))
        } else if log.notes.count < Self.maxNotes {
            log.notes.append([key, value.prefix(bytes: logLimits.noteBytes)])
        }
    }

    private mutating func setTimer(_ id: UInt64, at time: Int64) throws(Refusal) {
        guard timers.count < Self.maxTimers else {
            throw Refusal(reason: .limit, message: "more than \(Self.maxTimers) timers")
        }
        timers.insert(id)
        effects.append(.setTimer(id: id, at: max(time, now)))
    }

    private func checkNumber(_ request: UInt64) throws(Refusal) {
        guard request != 0, requests[request] == nil else {
            throw Refusal(reason: .invalid, message: "request \(request) was used before, or is 0")
        }
        guard requests.count < Self.maxRequests, openRequests < Self.maxOpenRequests else {
            throw Refusal(reason: .limit, message: "too many requests in this session")
        }
    }

    private mutating func accept(_ call: CallAction) throws(Refusal) {
        try checkNumber(call.request)
        guard let service = models[RunService.role(call.service)]?.service else {
            let names = start.services.map(\.name).joined(separator: ", ")
            throw Refusal(
                reason: .unsupported,
                message: names.isEmpty
                    ? "the suite has no services, and '\(call.service)' was called"
                    : "no service has the name '\(call.service)'; the suite has: \(names)",
                isLack: true)
        }
        guard let payload = try? JSONValue(parsing: call.payload), payload.members != nil else {
            throw Refusal(reason: .invalid, message: "the payload for service '\(service.name)' is no JSON object")
        }
        if let problem = service.problem(payload) {
            throw Refusal(reason: .invalid, message: "service '\(service.name)': \(problem)")
        }
        let request = RunService.request(payload)
        try open(
            request, RequestKey(fingerprint: models[service.role]?.fingerprint ?? service.role, request: request),
            number: call.request, role: service.role, count: 1, stream: false, priority: call.priority,
            worstCase: account.worstCase(of: payload, service), promptBound: 0, paysPromptOnce: false)
    }

    private mutating func accept(_ submit: SubmitAction) throws(Refusal) {
        try checkNumber(submit.request)
        try SubmitChecks.samples(submit.n)
        guard
            let model = submit.role.isEmpty ? start.models.first : start.models.first(where: { $0.role == submit.role })
        else {
            let roles = start.models.map(\.role).joined(separator: ", ")
            throw Refusal(
                reason: .invalid, message: "no model has the role '\(submit.role)'; the suite has: \(roles)",
                isLack: true)
        }
        let completionRequest = CompletionRequest(
            messages: submit.messages ?? start.messages, prefix: submit.prefix,
            sampling: try SubmitChecks.sampling(model.sampling, submit.sampling))
        try SubmitChecks.capabilities(model, completionRequest)
        if !submit.prefix.isEmpty, rolesReasoningApart.contains(model.role) {
            throw Refusal(reason: .unsupported, message: ReasoningApart.message(role: model.role))
        }
        let key = RequestKey(
            fingerprint: models[model.role]?.fingerprint ?? model.role, request: completionRequest)
        try open(
            completionRequest, key, number: submit.request, role: model.role, count: submit.n, stream: submit.stream,
            priority: submit.priority, worstCase: account.worstCase(of: completionRequest, key, role: model.role),
            promptBound: account.promptBound(of: completionRequest, key),
            paysPromptOnce: model.capabilities.multipleChoices == true)
    }

    /// Asks for the next samples of a question, if the session can afford them.
    private mutating func open(
        _ completionRequest: CompletionRequest, _ key: RequestKey, number: UInt64, role: String, count: Int,
        stream: Bool, priority: Int, worstCase: BudgetLedger.Amount, promptBound: Int, paysPromptOnce: Bool
    ) throws(Refusal) {
        let first = drawn[key, default: 0]
        let asked = SampleRequest(
            request: number, role: role, key: key, completionRequest: completionRequest,
            samples: (first..<first + count).map { SampleIndex(repeatIndex: start.repeatIndex, index: $0) },
            stream: stream, priority: priority, worstCase: worstCase, promptBound: promptBound)
        let request = SessionRequest(asked: asked, askedAt: now, paysPromptOnce: paysPromptOnce)
        guard account.open(request) else {
            throw Refusal(
                reason: .budget,
                message:
                    "up to \(request.worstCase.tokens) tokens do not fit into what is left of the session's budget")
        }
        drawn[key] = first + count
        requests[number] = request
        openRequests += 1
        effects.append(.request(asked))
    }

    private func submit(for fork: ForkAction) throws(Refusal) -> SubmitAction {
        guard let parent = requests[fork.parent], models[parent.asked.role]?.service == nil,
            let text = parent.text(of: fork.parentChoice)
        else {
            throw Refusal(
                reason: .invalid, message: "request \(fork.parent) has no choice \(fork.parentChoice) with text")
        }
        guard fork.offset >= 0, fork.offset <= text.utf8.count,
            let kept = String(text.utf8.prefix(fork.offset))
        else {
            throw Refusal(
                reason: .invalid, message: "offset \(fork.offset) is not on a character boundary of the parent's text")
        }
        let asked = parent.asked.completionRequest
        let inherited = SamplingOverrides(
            temperature: asked.sampling.temperature, topP: asked.sampling.topP, topK: asked.sampling.topK,
            minP: asked.sampling.minP, maxTokens: asked.sampling.maxTokens, topLogprobs: asked.sampling.topLogprobs,
            stop: asked.sampling.stop, seed: asked.sampling.seed, jsonSchema: asked.sampling.jsonSchema)
        return SubmitAction(
            request: fork.request, role: parent.asked.role, messages: asked.messages,
            prefix: asked.prefix + kept + fork.append, sampling: fork.sampling ?? inherited, n: fork.n,
            stream: fork.stream, priority: fork.priority)
    }

    private mutating func cancel(_ number: UInt64) throws(Refusal) {
        guard let request = requests[number] else {
            throw Refusal(reason: .invalid, message: "there is no request \(number)")
        }
        // Cancelling what is over already is a race every strategy may lose, not a mistake.
        guard request.openChoices > 0, !request.isCancelling else { return }
        giveUp(number)
    }

    /// Books what a peer of the item cost.
    private mutating func adopt(_ index: Int) throws(Refusal) {
        guard let peer = peers?[index], peer.item == peers?.item, !peer.isError else {
            throw Refusal(reason: .invalid, message: "there is no peer \(index) of this item that could be adopted")
        }
        guard account.adopt(peer.measure) else {
            throw Refusal(
                reason: .budget,
                message: "what '\(peer.arm)' cost does not fit into what is left of the session's budget")
        }
    }
}

extension SessionAction.Body {
    /// The request it is about; 0: none.
    fileprivate var request: UInt64 {
        switch self {
        case .submit(let submit): submit.request
        case .fork(let fork): fork.request
        case .call(let call): call.request
        case .cancel(let request), .unsupported(_, let request), .invalid(let request, _): request
        case .setTimer, .emit, .note, .number, .finish, .adopt: 0
        }
    }
}

extension String {
    /// At most so many bytes of it, cut at a character.
    fileprivate func prefix(bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
