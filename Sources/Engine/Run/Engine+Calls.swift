internal import Completions
internal import Journal

/// Samples: from the pool, with somebody else's call, or by a call of their own.
extension Engine {
    /// A provider that has failed this often, with nothing in between that went well, is down.
    static var failuresThatStop: Int { 32 }

    func ask(_ ask: Ask, _ session: LiveSession) throws(JournalError) {
        var misses: [Int] = []
        for (choice, sample) in ask.samples.enumerated() {
            let place = PoolKey(key: ask.key, sample: sample)
            if let completion = session.drawRecorded(ask) {
                play(
                    completion, to: session, request: ask.request, choice: choice, askedAt: session.machine.now,
                    stream: ask.stream)
            } else if flights[place] != nil {
                flights[place]?.waiters.append(
                    waiter(session, ask, choice, askedAt: session.machine.now, isLive: false))
                session.awaited += 1
            } else if let completion = try journal.completion(ask.key, sample) {
                play(
                    completion, to: session, request: ask.request, choice: choice, askedAt: session.machine.now,
                    stream: ask.stream)
            } else {
                misses.append(choice)
            }
        }
        guard !misses.isEmpty else { return }
        session.awaited += misses.count
        let wish = BlockedAsk(session: session.id, ask: ask, choices: misses, askedAt: session.machine.now)
        if !blocked.isEmpty || !send(wish) { blocked.append(wish) }
    }

    private func waiter(_ session: LiveSession, _ ask: Ask, _ choice: Int, askedAt: Int64, isLive: Bool) -> Waiter {
        Waiter(
            session: session.id, request: ask.request, choice: choice, stream: ask.stream, askedAt: askedAt,
            isLive: isLive)
    }

    /// Sends what the pool lacks, if the run's budget allows it now.
    private func send(_ wish: BlockedAsk) -> Bool {
        guard let session = sessions[wish.session] else { return true }
        let ask = wish.ask
        let worst = ask.worstCase
        let count = wish.choices.count
        guard ledger.reserve(.init(tokens: worst.tokens * count, usd: worst.usd * Double(count))) else { return false }
        let id = CallID(nextCall)
        nextCall += 1
        let samples = wish.choices.map { ask.samples[$0] }
        // Without the fingerprint: the same suite sends the same seeds wherever the model is served.
        let question = RequestKey(fingerprint: "", request: ask.completionRequest)
        let seeds = samples.map { Seeds.sample(suite: plan.seed, key: question, sample: $0) }
        calls[id] = OpenCall(
            role: ask.role, key: ask.key, request: ask.completionRequest,
            fingerprint: plan.models[ask.role]?.fingerprint ?? ask.role,
            samples: samples, seeds: seeds, open: Set(samples.indices), worstCase: worst)
        for (index, choice) in wish.choices.enumerated() {
            flights[PoolKey(key: ask.key, sample: samples[index])] = Flight(
                call: id, choice: index, waiters: [waiter(session, ask, choice, askedAt: wish.askedAt, isLive: true)])
        }
        samplesInFlight += count
        backend.send(
            ModelCall(
                id: id, role: ask.role, request: ask.completionRequest, seeds: seeds, stream: ask.stream,
                priority: ask.priority),
            events: runtime.sink)
        return true
    }

    /// Tries again what the run's budget had no room for. With nothing in flight there is nothing left to wait for.
    func unblock() {
        while let wish = blocked.first {
            guard send(wish) else { break }
            blocked.removeFirst()
        }
        guard let wish = blocked.first, calls.isEmpty else { return }
        let need = wish.ask.worstCase.tokens * wish.choices.count
        let left = ledger.remaining(elapsedSeconds: elapsedSeconds)
        if let tokens = left.tokens, tokens < need {
            stop(.budgetReached("tokens: the next request may need \(need), \(tokens) are left"))
        } else {
            stop(.budgetReached("money: the next request may cost more than the \(left.usd ?? 0) USD that are left"))
        }
    }

    func play(
        _ completion: Completion, to session: LiveSession, request: UInt64, choice: Int, askedAt: Int64, stream: Bool
    ) {
        let playback = PendingInputs.Playback(
            request: request, choice: choice, askedAt: askedAt, completion: completion)
        for entry in PlaybackScript.entries(playback, stream: stream) { session.pending.insert(entry) }
        queue(session)
    }

    // MARK: What models say

    func receive(_ id: CallID, _ event: ModelEvent) {
        guard let call = calls[id] else { return }
        switch event {
        case .delta(let choice, let text, let tokens, let tokenCount, let seconds):
            guard call.open.contains(choice) else { return }
            show(PoolKey(key: call.key, sample: call.samples[choice]), text, tokens, tokenCount, seconds)
        case .completed(let choice, let completion):
            guard calls[id]?.open.remove(choice) != nil else { return }
            failuresInARow = 0
            settle(call, choice, completion, isPartial: false)
            land(PoolKey(key: call.key, sample: call.samples[choice]), completion)
        case .failed(let failure):
            fail(id, call, failure)
        case .cancelled(let partial):
            for choice in call.open.sorted() {
                calls[id]?.open.remove(choice)
                let received = partial[choice] ?? Completion(text: "", finish: .cancelled, usage: TokenUsage())
                settle(call, choice, received, isPartial: true)
                dissolve(PoolKey(key: call.key, sample: call.samples[choice]), received)
            }
        }
        if calls[id]?.open.isEmpty == true { calls[id] = nil }
    }

    private func settle(_ call: OpenCall, _ choice: Int, _ completion: Completion, isPartial: Bool) {
        samplesInFlight -= 1
        let price = plan.models[call.role]?.price
        let paid = completion.paidUsage
        ledger.settle(reserved: call.worstCase, spent: .cost(of: paid, price: price))
        guard !isPartial || completion.usage.totalTokens > 0 || !completion.text.isEmpty else { return }
        var recorded = completion
        if isPartial {
            recorded.finish = .cancelled
            recorded.usage.cancelledTokens = recorded.usage.completionTokens
        }
        batch.completions.append(
            CompletionRecord(
                key: call.key, request: call.request, fingerprint: call.fingerprint, sample: call.samples[choice],
                seed: call.seeds[choice],
                completion: recorded, usd: price?.cost(of: paid), isPartial: isPartial))
        progress.paid.usage += paid
        progress.paid.usd += price?.cost(of: paid) ?? 0
        progress.paid.completions += 1
    }

    private func show(_ place: PoolKey, _ text: String, _ tokens: [TokenLogprob], _ tokenCount: Int, _ seconds: Double)
    {
        guard let index = flights[place]?.waiters.firstIndex(where: { $0.isLive && !$0.hasLeft }),
            let waiter = flights[place]?.waiters[index], waiter.stream
        else { return }
        flights[place]?.waiters[index].shownTokens += tokenCount
        flights[place]?.waiters[index].shownText += text
        flights[place]?.waiters[index].shownSeconds = seconds
        inputs.append(
            (
                waiter.session,
                .delta(
                    request: waiter.request, choice: waiter.choice, text: text, tokens: tokens, tokenCount: tokenCount,
                    seconds: seconds)
            ))
    }

    /// A sample is complete: everybody who waits gets it.
    private func land(_ place: PoolKey, _ completion: Completion) {
        guard let flight = flights.removeValue(forKey: place) else { return }
        for waiter in flight.waiters {
            guard let session = sessions[waiter.session] else { continue }
            session.awaited -= 1
            if waiter.isLive || waiter.hasLeft {
                inputs.append((waiter.session, .completed(request: waiter.request, choice: waiter.choice, completion)))
                queue(session)
            } else {
                play(
                    completion, to: session, request: waiter.request, choice: waiter.choice, askedAt: waiter.askedAt,
                    stream: waiter.stream)
            }
        }
    }

    /// A call was cancelled: who left is told so, who still wants the sample asks for it anew.
    private func dissolve(_ place: PoolKey, _ partial: Completion) {
        guard let flight = flights.removeValue(forKey: place) else { return }
        for waiter in flight.waiters {
            guard let session = sessions[waiter.session] else { continue }
            if waiter.hasLeft {
                session.awaited -= 1
                inputs.append(
                    (waiter.session, .cancelled(request: waiter.request, choice: waiter.choice, partial: partial)))
                queue(session)
            } else if let call = calls[flight.call] {
                var ask = Ask(
                    request: waiter.request, role: call.role, key: call.key, completionRequest: call.request,
                    samples: [],
                    stream: waiter.stream, priority: 0, worstCase: call.worstCase)
                ask.samples = Array(repeating: place.sample, count: waiter.choice + 1)
                if flights[place] != nil {
                    flights[place]?.waiters.append(waiter)
                } else {
                    blocked.append(
                        BlockedAsk(session: waiter.session, ask: ask, choices: [waiter.choice], askedAt: waiter.askedAt)
                    )
                }
            }
        }
    }

    private func fail(_ id: CallID, _ call: OpenCall, _ failure: ModelFailure) {
        var first = failure
        for choice in call.open.sorted() {
            calls[id]?.open.remove(choice)
            samplesInFlight -= 1
            let price = plan.models[call.role]?.price
            ledger.settle(reserved: call.worstCase, spent: .cost(of: first.spent, price: price))
            batch.failures.append(
                FailureRecord(
                    key: call.key, request: call.request, fingerprint: call.fingerprint, sample: call.samples[choice],
                    failure: first))
            guard let flight = flights.removeValue(forKey: PoolKey(key: call.key, sample: call.samples[choice])) else {
                continue
            }
            for waiter in flight.waiters {
                guard let session = sessions[waiter.session] else { continue }
                session.awaited -= 1
                inputs.append((waiter.session, .failed(request: waiter.request, choice: waiter.choice, first)))
                queue(session)
            }
            // What was paid for nothing is counted once a call.
            first.spent = TokenUsage()
        }
        calls[id] = nil
        guard failure.kind != .badRequest, failure.kind != .contextExceeded, failure.kind != .unsupported else {
            return
        }
        failuresInARow += 1
        if failure.kind.isFatalForProvider || failuresInARow >= Self.failuresThatStop {
            stop(.providerFailure(failure.message))
        }
    }

    // MARK: What sessions no longer want

    func abandon(_ request: UInt64, _ session: LiveSession) {
        let now = session.machine.now
        for playback in session.pending.remove(request: request) {
            let partial = PlaybackScript.partial(playback, at: now, stream: wasStreamed(playback, session))
            inputs.append((session.id, .cancelled(request: request, choice: playback.choice, partial: partial)))
        }
        if let index = blocked.firstIndex(where: { $0.session == session.id && $0.ask.request == request }) {
            for choice in blocked.remove(at: index).choices {
                session.awaited -= 1
                let nothing = Completion(text: "", finish: .cancelled, usage: TokenUsage())
                inputs.append((session.id, .cancelled(request: request, choice: choice, partial: nothing)))
            }
        }
        leaveFlights(request, session)
    }

    private func wasStreamed(_ playback: PendingInputs.Playback, _ session: LiveSession) -> Bool {
        session.machine.isStreamed(playback.request)
    }

    private func leaveFlights(_ request: UInt64, _ session: LiveSession) {
        var touched: Set<CallID> = []
        for (place, flight) in flights {
            for (index, waiter) in flight.waiters.enumerated()
            where waiter.session == session.id && waiter.request == request {
                guard !waiter.hasLeft else { continue }
                flights[place]?.waiters[index].hasLeft = true
                touched.insert(flight.call)
            }
        }
        for id in touched.sorted(by: { $0.value < $1.value }) {
            guard let call = calls[id], !call.isCancelled else { continue }
            let places = call.open.map { PoolKey(key: call.key, sample: call.samples[$0]) }
            let isWanted = places.contains { place in flights[place]?.waiters.contains { !$0.hasLeft } ?? false }
            if isWanted {
                release(places, request, session)
            } else {
                calls[id]?.isCancelled = true
                backend.cancel(id)
            }
        }
    }

    /// The call goes on for others: who leaves is charged what it was shown.
    private func release(_ places: [PoolKey], _ request: UInt64, _ session: LiveSession) {
        for place in places {
            guard
                let index = flights[place]?.waiters.firstIndex(where: {
                    $0.session == session.id && $0.request == request
                }),
                let waiter = flights[place]?.waiters.remove(at: index)
            else { continue }
            session.awaited -= 1
            let promptBytes = session.machine.start.messages.reduce(0) { $0 + $1.content.utf8.count }
            let partial = Completion(
                text: waiter.shownText, finish: .cancelled,
                usage: TokenUsage(
                    requests: 1, promptTokens: promptBytes / 4, completionTokens: waiter.shownTokens,
                    cancelledTokens: waiter.shownTokens),
                isUsageEstimated: true, seconds: waiter.shownSeconds)
            inputs.append((session.id, .cancelled(request: request, choice: waiter.choice, partial: partial)))
        }
    }
}
