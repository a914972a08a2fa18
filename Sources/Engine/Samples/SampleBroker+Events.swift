internal import Completions
internal import Journal

/// What models say.
extension SampleBroker {
    mutating func receive(_ id: CallID, _ event: ModelEvent) -> [Action] {
        switch event {
        case .delta(let choice, let text, let tokens, let tokenCount, let seconds):
            guard let waiter = show(id, choice, text, tokens, tokenCount: tokenCount, seconds: seconds) else {
                return []
            }
            let input = SessionInput.delta(
                request: waiter.request, choice: waiter.choice, text: text, tokens: tokens, tokenCount: tokenCount,
                seconds: seconds)
            return [.deliver(input, session: waiter.session)]
        case .reasoning(let choice, let text, let tokens, let tokenCount, let seconds):
            if let impossible = cannotContinue(calls[id]?.role) { return [impossible] }
            guard
                let waiter = show(id, choice, reasoning: text, tokens, tokenCount: tokenCount, seconds: seconds)
            else {
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

    /// Notes a piece; gives who sees it.
    private mutating func show(
        _ id: CallID, _ choice: Int, _ text: String = "", reasoning: String = "", _ tokens: [TokenLogprob],
        tokenCount: Int, seconds: Double
    ) -> Waiter? {
        guard calls[id]?.isOpen(choice) == true, let waiter = calls[id]?.choices[choice].liveWaiter else { return nil }
        calls[id]?.choices[choice].received
            .append(text, reasoning: reasoning, tokens, count: tokenCount, seconds: seconds)
        return waiter
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
        ledger.settle(
            reserved: call.reserved, spent: amount(of: completion.paidUsage, call.role))
        record(call, choice, completion, isPartial: false, &actions)
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
            actions.append(.play(playback(completion, for: waiter), session: waiter.session))
        }
    }

    /// A call was cancelled: what was received is recorded and given to all who wait; who wants wholes alone asks anew.
    private mutating func endEarly(
        _ call: inout SampleCall, _ partial: [Int: Completion], _ actions: inout [Action]
    ) {
        var wanted: [SampleCall.Choice] = []
        for choice in call.choices.indices where call.choices[choice].isOpen {
            var part = partial[choice] ?? ReceivedPieces().part
            if part.isUsageEstimated { reckon(&part.usage, call) } else { learn(call, part) }
            // What sessions were shown is a part of the record.
            if part.chunks.isEmpty { part.takePieces(of: call.choices[choice].received.part) }
            if let again = end(&call, choice, asPart: part, &actions) { wanted.append(again) }
        }
        if !wanted.isEmpty { queueAgain(call.anew(wanted)) }
    }

    /// A choice that was sent ends as a part.
    /// - Returns: the choice for those who want it whole; `nil`: nobody does.
    private mutating func end(
        _ call: inout SampleCall, _ choice: Int, asPart part: Completion, _ actions: inout [Action]
    ) -> SampleCall.Choice? {
        let whole = call.choices[choice].waiters.filter { !$0.takesParts && !$0.hasLeft }
        let generation = call.choices[choice].generation + 1
        call.choices[choice].waiters.removeAll { !$0.takesParts && !$0.hasLeft }
        let part = rounded(part, of: call, choice)
        ledger.settle(
            reserved: call.reserved, spent: amount(of: part.paidUsage, call.role))
        give(part, of: call, choice, &actions)
        _ = close(&call, choice)
        return whole.isEmpty ? nil : call.choices[choice].anew(whole, generation: generation)
    }

    /// A choice ends as a part that nobody pays for.
    mutating func giveUp(_ call: SampleCall, _ choice: Int, _ received: Completion, _ actions: inout [Action]) {
        give(rounded(received, of: call, choice), of: call, choice, &actions)
    }

    /// A part with all that its record needs.
    private func rounded(_ received: Completion, of call: SampleCall, _ choice: Int) -> Completion {
        let waiters = call.choices[choice].waiters
        var part = received
        part.finish = .cancelled
        part.usage.cancelledTokens = part.usage.completionTokens
        part.usage.requests = 1
        // Until its sessions left, no more had come.
        let left = waiters.compactMap { waiter in waiter.leftAt.map { $0 - waiter.askedAt } }.max() ?? 0
        part.seconds = max(part.seconds, part.chunks.last?.seconds ?? 0, LogicalTime.seconds(max(0, left)))
        let exact = part.isUsageEstimated ? reckonings[call.role]?.exact(call.key) : nil
        if part.usage.promptTokens == 0 {
            // Nobody paid for it, but one who asked alone would have.
            part.sharesPrompt = true
            part.isUsageEstimated = true
            if isReckoned(call.role) {
                part.usage.promptTokens = max(
                    call.request.guessedPrompt, reckonings[call.role]?.worst(call.request) ?? 0)
            }
        }
        if let exact { part.usage.promptTokens = exact }
        return part
    }

    /// Records a part, and gives it to all who wait for it.
    private mutating func give(
        _ part: Completion, of call: SampleCall, _ choice: Int, _ actions: inout [Action]
    ) {
        let waiters = call.choices[choice].waiters
        if !waiters.isEmpty || part.paidUsage.totalTokens > 0 || !part.text.isEmpty {
            record(call, choice, part, isPartial: true, &actions)
        }
        for waiter in waiters {
            endWait(waiter)
            if waiter.hasLeft {
                let input = SessionInput.cancelled(request: waiter.request, choice: waiter.choice, partial: part)
                actions.append(.deliver(input, session: waiter.session))
            } else {
                actions.append(.play(playback(part, for: waiter), session: waiter.session))
            }
        }
    }

    private func playback(_ completion: Completion, for waiter: Waiter) -> Playback {
        Playback(
            request: waiter.request, choice: waiter.choice, stream: waiter.stream, askedAt: waiter.askedAt,
            completion: completion)
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
            book(lost, call, choice, &actions)
            lost.spent = TokenUsage()
            guard call.choices[choice].isWanted else {
                giveUp(call, choice, ReceivedPieces().part, &actions)
                _ = close(&call, choice)
                continue
            }
            let generation = call.choices[choice].generation
            let waiters = close(&call, choice)
            again.choices.append(call.choices[choice].anew(waiters, generation: generation))
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
        reckoning.learn(
            call.request, completion.isUsageEstimated ? nil : call.key, counted: completion.usage.promptTokens)
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
            // Who had left before is charged what had come until then, and what failed is paid for that much less.
            let staying = call.choices[choice].waiters.filter { !$0.hasLeft }
            call.choices[choice].waiters.removeAll { !$0.hasLeft }
            var part = call.choices[choice].received.part
            let hasLeavers = !call.choices[choice].waiters.isEmpty
            if hasLeavers {
                part.usage.completionTokens = min(part.usage.completionTokens, told.spent.completionTokens)
                told.spent.completionTokens -= part.usage.completionTokens
            }
            book(told, call, choice, &actions)
            if hasLeavers { giveUp(call, choice, part, &actions) }
            _ = close(&call, choice)
            for waiter in staying {
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

    private mutating func record(
        _ call: SampleCall, _ choice: Int, _ completion: Completion, isPartial: Bool, _ actions: inout [Action]
    ) {
        if !isPartial || !completion.text.isEmpty { firstRefusals.noteAnswer() }
        actions.append(
            .record(
                CompletionRecord(
                    key: call.key, request: call.request, fingerprint: fingerprint(call.role),
                    sample: call.choices[choice].sample, seed: call.choices[choice].seed, completion: completion,
                    usd: models[call.role]?.usd(of: completion.paidUsage), isPartial: isPartial)))
    }

    private func amount(of usage: TokenUsage, _ role: String) -> BudgetLedger.Amount {
        models[role]?.amount(of: usage) ?? .cost(of: usage, price: nil)
    }

    private func fingerprint(_ role: String) -> String { models[role]?.fingerprint ?? role }
}

extension Completion {
    /// Takes over text and pieces, where only tokens are known.
    fileprivate mutating func takePieces(of other: Completion) {
        guard !other.chunks.isEmpty else { return }
        text = other.text
        reasoning = other.reasoning
        tokens = other.tokens
        chunks = other.chunks
        seconds = max(seconds, other.seconds)
        firstTokenSeconds = firstTokenSeconds ?? other.firstTokenSeconds
        usage.completionTokens = max(usage.completionTokens, other.usage.completionTokens)
    }
}
