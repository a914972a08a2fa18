internal import Completions
internal import Journal
internal import PluginHost

/// Sessions: starting, feeding, finishing.
extension Engine {
    func begin(_ key: SessionKey) throws(JournalError) {
        if currentItem?.item.ordinal != key.item {
            guard let item = try journal.item(key.item) else {
                throw JournalError(path: journal.path, message: "item \(key.item) is missing; the journal is damaged")
            }
            currentItem = (item, plan.shownFields(item), Result { try prompt(item) })
        }
        guard let current = currentItem, let level = plan.arms[key.arm].levels.first(where: { $0.index == key.level })
        else { return }
        let messages: [ChatMessage]
        switch current.messages {
        case .success(let rendered): messages = rendered
        case .failure(let error):
            record(key, failedWith: SessionError(kind: .prompt, message: "\(error)"))
            return
        }
        let arm = plan.arms[key.arm]
        let start = plan.start(key, arm, level, current.item, messages, fieldsJSON: current.fieldsJSON)
        let session = LiveSession(
            id: takeSessionID(), key: key, item: current.item, strategy: strategySession(start, key),
            startedAt: runtime.now)
        try begin(session)
    }

    private func strategySession(_ start: SessionStart, _ key: SessionKey) -> StrategySession {
        let arm = plan.arms[key.arm]
        return StrategySession(
            start: start, models: plan.models, limits: plan.sessionBudget, peers: peers?.view(key, arm),
            servesInPart: arm.servesInPart, logLimits: plan.log, grader: grader)
    }

    private func takeSessionID() -> UInt64 {
        defer { nextSessionID += 1 }
        return nextSessionID
    }

    private func begin(_ session: LiveSession) throws(JournalError) {
        do {
            session.recorded = try recorded?(session.item, session.key.repeatIndex)
        } catch {
            throw JournalError(path: journal.path, message: "\(error)")
        }
        sessions[session.id] = session
        if let limit = plan.sessionBudget.seconds { session.pending.setLimit(seconds: limit) }
        try carryOut(session.strategy.begin(plan.arms[session.key.arm].strategy), session)
    }

    /// Plays a session again from its beginning. It waits for no call.
    /// - Parameter forgetting: also which parts of samples it has seen to their end.
    func beginAnew(_ session: LiveSession, forgetting: Bool = false) throws(JournalError) {
        sessions[session.id] = nil
        session.strategy.abort()
        // What it will look for must be there.
        if !batch.completions.isEmpty { try flush() }
        let again = session.again(id: takeSessionID(), strategySession(session.strategy.start, session.key))
        // What followed from a wrong order is not to be relied on.
        let isSure = session.isSure || session.attempt >= LiveSession.maxAttempts
        if !forgetting, isSure { again.generations = session.generations }
        try begin(again)
    }

    /// Delivers everything that is due, until nothing is.
    func deliverAll() throws(JournalError) {
        while true {
            if inputHead < inputs.count {
                let (id, input) = inputs[inputHead]
                inputHead += 1
                if let session = sessions[id] {
                    try carryOut(session.strategy.deliver(input), session)
                } else {
                    try answer(input, to: id)
                }
                continue
            }
            inputs.removeAll(keepingCapacity: true)
            inputHead = 0
            guard let id = queued.popLast() else { return }
            guard let session = sessions[id] else { continue }
            session.isQueued = false
            guard isDue(session), mayGoOn(session), let (order, event) = session.pending.popFirst() else { continue }
            session.last = order
            switch event {
            case .input(let input): inputs.append((id, input))
            case .lapse(let part): try lapse(part, session)
            }
            queue(session)
        }
    }

    /// Pending inputs that a session is given in a turn of the run's loop, so that one which goes on and on leaves room
    /// for the others.
    private static let inputsATurn = 512

    private func mayGoOn(_ session: LiveSession) -> Bool {
        if session.turn.number != turnNumber { session.turn = (turnNumber, 0) }
        session.turn.inputs += 1
        guard session.turn.inputs > Self.inputsATurn else { return true }
        if !session.isQueued {
            session.isQueued = true
            deferred.append(session.id)
        }
        return false
    }

    /// Remembers that a session has pending inputs: now, or at the time the first is due.
    func queue(_ session: LiveSession) {
        guard !session.isQueued, !session.strategy.awaitsCancel, let time = session.pending.first?.order.time else {
            return
        }
        if isDue(session) {
            session.isQueued = true
            queued.append(session.id)
            return
        }
        let wakeAt = session.startedAt + time
        guard wakeAt > runtime.now, session.wakeAt.map({ wakeAt < $0 }) ?? true else { return }
        session.wakeAt = wakeAt
        wakeups.insert(wakeAt, session.id)
    }

    /// Whether the earliest pending input may be delivered: nothing that is being generated can come before it any
    /// more, or what is being generated has told of later times.
    private func isDue(_ session: LiveSession) -> Bool {
        guard let (order, event) = session.pending.first, !session.strategy.awaitsCancel else { return false }
        guard broker.isWaiting(session.id) else { return true }
        if case .lapse(let part) = event, session.strategy.hasShown(part.request, part.choice) { return false }
        return order.time <= max(runtime.now - session.startedAt, session.toldUntil)
    }

    /// Looks at the sessions whose time has come.
    func wake() {
        let now = runtime.now
        while let id = wakeups.pop(until: now) {
            guard let session = sessions[id] else { continue }
            session.wakeAt = nil
            queue(session)
        }
    }

    func carryOut(_ effects: [SessionEffect], _ session: LiveSession) throws(JournalError) {
        for effect in effects {
            switch effect {
            case .request(let request): try self.request(request, session)
            case .cancel(let request): cancel(request, session)
            case .setTimer(let id, let time): session.pending.setTimer(id, at: time)
            case .finished(let outcome): try finish(session, outcome)
            }
        }
        if sessions[session.id] != nil { queue(session) }
    }

    private func finish(_ session: LiveSession, _ outcome: SessionOutcome) throws(JournalError) {
        if session.mustBePlayedAgain { return try beginAnew(session, forgetting: true) }
        sessions[session.id] = nil
        // Under a number of its own: nothing that was the session's can reach it.
        try proceed(SessionGrading(session.key, outcome, session.item, grader), takeSessionID())
    }

    func record(_ key: SessionKey, failedWith error: SessionError) {
        finish(SessionGrading.record(key, failedWith: error))
    }

    func finish(_ record: SessionRecord) {
        batch.sessions.append(record)
        count(record.key, score: record.score, isError: record.error != nil)
        if let row = progressRows[SessionSlot(arm: record.key.arm, level: record.key.level)] {
            progress.arms[row].draws += record.measure.samples
            progress.arms[row].cutOffDraws += record.measure.cutOffSamples
        }
    }
}
