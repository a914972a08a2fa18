internal import Completions
internal import Journal

/// What models say.
extension SampleBroker {
    mutating func receive(_ id: CallID, _ event: ModelEvent) -> [Action] {
        switch event {
        case .delta(let choice, let text, let tokens, let tokenCount, let seconds):
            guard let waiter = show(id, choice, text, tokenCount: tokenCount, seconds: seconds) else { return [] }
            let input = SessionInput.delta(
                request: waiter.request, choice: waiter.choice, text: text, tokens: tokens, tokenCount: tokenCount,
                seconds: seconds)
            return [.deliver(input, session: waiter.session)]
        case .reasoning(let choice, let text, let tokens, let tokenCount, let seconds):
            if let impossible = cannotContinue(calls[id]?.role) { return [impossible] }
            guard let waiter = show(id, choice, reasoning: text, tokenCount: tokenCount, seconds: seconds) else {
                return []
            }
            let input = SessionInput.reasoning(
                request: waiter.request, choice: waiter.choice, text: text, tokens: tokens, tokenCount: tokenCount,
                seconds: seconds)
            return [.deliver(input, session: waiter.session)]
        case .completed, .failed, .cancelled: break
        }
        // Out of the dictionary, so that it changes in place.
        guard calls[id]?.state != .queued, var call = calls.removeValue(forKey: id) else { return [] }
        var actions: [Action] = []
        switch event {
        case .delta, .reasoning: break
        case .completed(let choice, let completion):
            if call.isOpen(choice) { complete(&call, choice, completion, &actions) }
        case .failed(let failure): fail(&call, failure, &actions)
        case .cancelled(let partial): endEarly(&call, partial, &actions)
        }
        if call.hasOpenChoices { calls[id] = call }
        return actions
    }

    private mutating func show(
        _ id: CallID, _ choice: Int, _ text: String = "", reasoning: String = "", tokenCount: Int, seconds: Double
    ) -> Waiter? {
        guard calls[id]?.isOpen(choice) == true else { return nil }
        return calls[id]?.show(choice, text, reasoning: reasoning, tokenCount: tokenCount, seconds: seconds)
    }

    /// Thinking came apart from a text of a role whose texts an arm must continue: its sessions could not do what they
    /// are for, so the run ends with the first of it.
    func cannotContinue(_ role: String?) -> Action? {
        guard let role, let arm = models[role]?.continuedBy else { return nil }
        return .stop(.unsupported(ReasoningApart.message(arm: arm, role: role)))
    }

    /// A choice has ended: it is under way no more.
    /// - Returns: who waited for it.
    private mutating func close(_ call: inout SampleCall, _ choice: Int) -> [Waiter] {
        samplesUnderWay -= 1
        forget(call.place(choice))
        call.choices[choice].isOpen = false
        defer { call.choices[choice].waiters = [] }
        return call.choices[choice].waiters
    }

    private mutating func complete(
        _ call: inout SampleCall, _ choice: Int, _ completion: Completion, _ actions: inout [Action]
    ) {
        failuresInARow = 0
        let waiters = close(&call, choice)
        learn(call, completion)
        settle(call, choice, completion, isPartial: false, &actions)
        if completion.reasoning != nil, let impossible = cannotContinue(call.role) { actions.append(impossible) }
        for waiter in waiters { give(completion, to: waiter, &actions) }
        if let lack = lack(call, choice, completion) { actions.append(.stop(.unsupported(lack))) }
    }

    private static let lackAdvice =
        "\nname another model, or declare under its `capabilities:` what it does not do; nothing more was asked"

    /// What a whole answer shows that its model does not do, though it was asked for and arms need it; `nil`: nothing.
    /// Whatever else is asked would be paid for nothing.
    private func lack(_ call: SampleCall, _ choice: Int, _ completion: Completion) -> String? {
        guard !completion.text.isEmpty, completion.finish != .filter else { return nil }
        let model = models[call.role]
        if call.request.sampling.topLogprobs != nil, completion.tokens.isEmpty {
            return "model '\(call.role)' was asked for log-probabilities and answered without them (`logprobs: false`)"
                + Self.lackAdvice
        }
        if model?.mustStream == true, call.isStream, completion.firstTokenSeconds == nil {
            return "model '\(call.role)' was asked for a stream and answered as a whole (`stream: false`)"
                + Self.lackAdvice
        }
        if model?.returnsChoices == true, choice == 1, !completion.sharesPrompt {
            return "model '\(call.role)' was asked for several choices and returned one (`n: false`)" + Self.lackAdvice
        }
        return nil
    }

    private mutating func give(_ completion: Completion, to waiter: Waiter, _ actions: inout [Action]) {
        endWait(waiter)
        if waiter.isLive || waiter.hasLeft {
            let input = SessionInput.completed(request: waiter.request, choice: waiter.choice, completion)
            actions.append(.deliver(input, session: waiter.session))
        } else {
            let playback = Playback(
                request: waiter.request, choice: waiter.choice, stream: waiter.stream, askedAt: waiter.askedAt,
                completion: completion)
            actions.append(.play(playback, session: waiter.session))
        }
    }

    /// A call was cancelled: who left is told so; what others still want is asked for anew.
    private mutating func endEarly(
        _ call: inout SampleCall, _ partial: [Int: Completion], _ actions: inout [Action]
    ) {
        var wanted: [SampleCall.Choice] = []
        for choice in call.choices.indices where call.choices[choice].isOpen {
            var received = partial[choice] ?? Completion(text: "", finish: .cancelled, usage: TokenUsage())
            if received.isUsageEstimated { reckon(&received.usage, call) } else { learn(call, received) }
            let waiters = close(&call, choice)
            settle(call, choice, received, isPartial: true, &actions)
            for waiter in waiters where waiter.hasLeft {
                endWait(waiter)
                let input = SessionInput.cancelled(request: waiter.request, choice: waiter.choice, partial: received)
                actions.append(.deliver(input, session: waiter.session))
            }
            let staying = waiters.filter { !$0.hasLeft }.map(\.askingAnew)
            if !staying.isEmpty {
                wanted.append(SampleCall.Choice(sample: call.choices[choice].sample, waiters: staying))
            }
        }
        if !wanted.isEmpty { queueAgain(call.anew(wanted)) }
    }

    private mutating func queueAgain(_ call: SampleCall) {
        let again = enqueue(call)
        for choice in call.choices { for waiter in choice.waiters { note(waiter, isNowIn: again) } }
    }

    /// An answer broke off, and nobody was shown anything of it: the same is asked for once more.
    private mutating func askAgain(_ call: inout SampleCall, _ failure: ModelFailure, _ actions: inout [Action]) {
        var lost = failure
        var again = call.anew([])
        again.attempt = max(call.attempt, failure.attempts) + 1
        for choice in call.choices.indices where call.choices[choice].isOpen {
            let waiters = close(&call, choice)
            book(lost, call, choice, &actions)
            again.choices.append(
                SampleCall.Choice(sample: call.choices[choice].sample, waiters: waiters.map(\.askingAnew)))
            lost.spent = TokenUsage()
        }
        queueAgain(again)
    }

    /// What a choice that failed has cost.
    private mutating func book(
        _ failure: ModelFailure, _ call: SampleCall, _ choice: Int, _ actions: inout [Action]
    ) {
        ledger.settle(reserved: call.reserved, spent: amount(of: failure.spent, call.role))
        actions.append(
            .recordFailure(
                FailureRecord(
                    key: call.key, request: call.request, fingerprint: fingerprint(call.role),
                    sample: call.choices[choice].sample, failure: failure)))
    }

    // MARK: What prompts are counted as

    private mutating func learn(_ call: SampleCall, _ completion: Completion) {
        guard completion.usage.totalTokens > 0 || completion.finish != .cancelled, isReckoned(call.role) else {
            return
        }
        var reckoning = reckonings[call.role] ?? PromptReckoning()
        reckoning.learn(call.request, counted: completion.usage.promptTokens)
        reckonings[call.role] = reckoning
        for prompts in untold.removeValue(forKey: call.role) ?? [] {
            let more = TokenUsage(
                promptTokens: max(0, reckoning.worst(prompts.request) * prompts.count - prompts.booked))
            ledger.settle(reserved: .init(), spent: amount(of: more, call.role))
        }
    }

    /// Where the server did not tell, a prompt counts for no less than it told of others.
    private mutating func reckon(_ usage: inout TokenUsage, _ call: SampleCall, prompts: Int = 1) {
        guard usage.promptTokens > 0, isReckoned(call.role) else { return }
        guard let reckoning = reckonings[call.role] else {
            if ledger.isLimited {
                untold[call.role, default: []].append(
                    UntoldPrompts(request: call.request, count: prompts, booked: usage.promptTokens))
            }
            return
        }
        usage.promptTokens = max(usage.promptTokens, reckoning.worst(call.request) * prompts)
    }

    private mutating func fail(_ call: inout SampleCall, _ failure: ModelFailure, _ actions: inout [Action]) {
        var told = failure
        reckon(&told.spent, call, prompts: max(1, failure.spent.requests))
        // Requests are those that brought something.
        told.spent.requests = 0
        if failure.mayAskAgain, call.state == .sent { return askAgain(&call, told, &actions) }
        for choice in call.choices.indices where call.choices[choice].isOpen {
            let waiters = close(&call, choice)
            book(told, call, choice, &actions)
            for waiter in waiters {
                endWait(waiter)
                let input = SessionInput.failed(request: waiter.request, choice: waiter.choice, told)
                actions.append(.deliver(input, session: waiter.session))
            }
            // What was paid for nothing is counted once a call.
            told.spent = TokenUsage()
        }
        let request = call.request
        if failure.kind == .unsupported, request.sampling.topLogprobs != nil || !request.prefix.isEmpty {
            actions.append(.stop(.unsupported("model '\(call.role)': \(failure.message)" + Self.lackAdvice)))
        }
        if firstRefusals.noteRefusal(SessionError(failure)) { actions.append(.stop(.refused(SessionError(failure)))) }
        switch failure.kind {
        // The request's own fault: they say nothing about the provider.
        case .badRequest, .contextExceeded, .unsupported: return
        case .connection, .timeout, .server, .malformed, .rateLimited, .quota, .authentication: break
        }
        failuresInARow += 1
        if failure.kind.isFatalForProvider || failuresInARow >= Self.failuresThatStop {
            actions.append(.stop(.providerFailure(failure.message)))
        }
    }

    /// Books a choice in the run's budget, and records it.
    private mutating func settle(
        _ call: SampleCall, _ choice: Int, _ completion: Completion, isPartial: Bool, _ actions: inout [Action]
    ) {
        let paid = completion.paidUsage
        ledger.settle(reserved: call.reserved, spent: amount(of: paid, call.role))
        guard !isPartial || completion.usage.totalTokens > 0 || !completion.text.isEmpty else { return }
        if !isPartial || !completion.text.isEmpty { firstRefusals.noteAnswer() }
        var recorded = completion
        if isPartial {
            recorded.finish = .cancelled
            recorded.usage.cancelledTokens = recorded.usage.completionTokens
        }
        actions.append(
            .record(
                CompletionRecord(
                    key: call.key, request: call.request, fingerprint: fingerprint(call.role),
                    sample: call.choices[choice].sample, seed: call.choices[choice].seed, completion: recorded,
                    usd: models[call.role]?.usd(of: paid), isPartial: isPartial)))
    }

    private func amount(of usage: TokenUsage, _ role: String) -> BudgetLedger.Amount {
        models[role]?.amount(of: usage) ?? .cost(of: usage, price: nil)
    }

    private func fingerprint(_ role: String) -> String { models[role]?.fingerprint ?? role }
}

extension SampleCall {
    /// Notes what is shown of a choice to whom the call is for; gives who that is.
    fileprivate mutating func show(
        _ choice: Int, _ text: String, reasoning: String, tokenCount: Int, seconds: Double
    ) -> Waiter? {
        guard let index = choices[choice].waiters.firstIndex(where: { $0.isLive && !$0.hasLeft && $0.stream }) else {
            return nil
        }
        choices[choice].waiters[index].shownTokens += tokenCount
        choices[choice].waiters[index].shownText += text
        choices[choice].waiters[index].shownReasoning += reasoning
        choices[choice].waiters[index].shownSeconds = seconds
        return choices[choice].waiters[index]
    }
}

extension Waiter {
    /// The same wait for a call that begins anew.
    fileprivate var askingAnew: Waiter {
        Waiter(session: session, request: request, choice: choice, stream: stream, askedAt: askedAt)
    }

    /// What someone who leaves is charged.
    /// - Parameter usage: of the prompt; `nil`: nothing was asked of a model yet.
    func partial(_ usage: TokenUsage?) -> Completion {
        guard var usage else { return Completion(text: "", finish: .cancelled, usage: TokenUsage()) }
        usage.completionTokens = shownTokens
        usage.cancelledTokens = shownTokens
        return Completion(
            text: shownText, reasoning: shownReasoning.isEmpty ? nil : shownReasoning, finish: .cancelled, usage: usage,
            isUsageEstimated: true, seconds: shownSeconds)
    }
}
