internal import Completions
internal import Journal

/// Carries out what the broker says, with the journal's pool and the models.
extension Engine {
    func request(_ request: SampleRequest, _ session: LiveSession) throws(JournalError) {
        var wanted: [SampleBroker.Wanted] = []
        wanted.reserveCapacity(request.samples.count)
        for choice in request.samples.indices { wanted.append(try want(request, choice, session)) }
        perform(broker.request(request, by: session.id, at: session.strategy.now, wanted))
        if broker.isWaiting(session.id) { session.hasWaited = true }
    }

    /// Where a choice comes from: the generation of the sample that the session has not seen yet.
    private func want(_ request: SampleRequest, _ choice: Int, _ session: LiveSession) throws(JournalError)
        -> SampleBroker.Wanted
    {
        let place = SamplePlace(key: request.key, sample: request.samples[choice])
        var generation = session.generations[place] ?? 0
        let drawn = session.drawRecorded(request, place)
        if drawn.indices.contains(generation) { return .init(choice: choice, found: drawn[generation]) }
        generation -= drawn.count
        if generation == 0, let completion = session.received[place] { return .init(choice: choice, found: completion) }
        // Nothing of it is recorded that the session has not seen.
        if broker.generation(of: place) == generation { return .init(choice: choice, generation: generation) }
        // What was given up just now is looked for, too.
        if !batch.completions.isEmpty { try flush() }
        let recorded = try journal.generations(request.key, request.samples[choice])
        guard recorded.indices.contains(generation) else { return .init(choice: choice, generation: recorded.count) }
        return .init(choice: choice, found: recorded[generation])
    }

    func cancel(_ request: UInt64, _ session: LiveSession) {
        for input in session.pending.cancel(request: request) { inputs.append((session.id, input)) }
        perform(broker.cancel(request, of: session.id, at: session.strategy.now))
    }

    /// A part of a sample has been shown to its end, and the session wants the rest.
    func lapse(_ part: Playback, _ session: LiveSession) throws(JournalError) {
        guard let place = session.place(part.request, part.choice),
            let asked = session.strategy.asked(part.request)
        else { return }
        session.generations[place, default: 0] += 1
        if session.strategy.hasShown(part.request, part.choice) { return try beginAnew(session) }
        if broker.isWaiting(session.id) { session.isInOrder = false }
        let wanted = try want(asked.request, part.choice, session)
        if session.isSure, let found = wanted.found {
            let next = Playback(
                request: part.request, choice: part.choice, stream: part.stream, askedAt: asked.at, completion: found)
            if next.isBefore(session.last) { return try beginAnew(session) }
        }
        perform(broker.request(asked.request, by: session.id, at: asked.at, [wanted]))
        if broker.isWaiting(session.id) { session.hasWaited = true }
    }

    func perform(_ actions: [SampleBroker.Action]) {
        for action in actions {
            switch action {
            case .send(let call): backend.send(call, events: runtime.sink)
            case .cancel(let call): backend.cancel(call)
            case .record(let record):
                progress.paid.usage += record.completion.paidUsage
                progress.paid.usd += record.usd ?? 0
                if record.isPaid { progress.paid.completions += 1 }
                batch.completions.append(record)
            case .recordFailure(let record): batch.failures.append(record)
            case .deliver(let input, let id):
                if let session = sessions[id] {
                    receive(input, session)
                } else if questions[id] != nil {
                    inputs.append((id, input))
                }
            case .play(let playback, let id):
                if let session = sessions[id] {
                    if !playback.isPart { session.keep(playback.completion, of: playback.request, playback.choice) }
                    if session.pending.insert(playback) < session.last { session.isInOrder = false }
                    queue(session)
                } else if questions[id] != nil {
                    let input = SessionInput.completed(
                        request: playback.request, choice: playback.choice, playback.completion)
                    inputs.append((id, input))
                }
            case .stop(let reason): stop(reason)
            }
        }
    }

    /// Something that a model said just now has its place among what is known already.
    private func receive(_ input: SessionInput, _ session: LiveSession) {
        switch input {
        case .delta(let request, let choice, _, _, _, let seconds),
            .reasoning(let request, let choice, _, _, _, let seconds):
            return arrive(input, request, choice, seconds: seconds, session)
        case .completed(let request, let choice, let completion):
            session.keep(completion, of: request, choice)
            if session.strategy.isCancelling(request) { break }
            return arrive(input, request, choice, seconds: completion.seconds, session)
        case .failed(let request, let choice, _):
            if session.strategy.isCancelling(request) { break }
            session.hasFailed = true
            let time = max(session.toldUntil, session.strategy.now)
            session.pending.insert(input, .sample(request, choice, at: time))
            session.toldUntil = time
            return queue(session)
        case .cancelled, .timer, .stop: break
        }
        inputs.append((session.id, input))
        queue(session)
    }

    private func arrive(
        _ input: SessionInput, _ request: UInt64, _ choice: Int, seconds: Double, _ session: LiveSession
    ) {
        guard let asked = session.strategy.asked(request), !session.strategy.isCancelling(request) else { return }
        let time = asked.at + LogicalTime.nanoseconds(seconds)
        let order = PendingInputs.Order.sample(request, choice, at: time)
        if order < session.last { session.isInOrder = false }
        session.toldUntil = max(session.toldUntil, time)
        session.pending.insert(input, order)
        queue(session)
    }
}
