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
        let strategy = StrategySession(
            start: start, models: plan.models, limits: plan.sessionBudget, peers: peers?.view(key, arm),
            servesInPart: arm.servesInPart, logLimits: plan.log, grader: grader)
        let session = LiveSession(
            id: nextSessionID, key: key, item: current.item, strategy: strategy, startedAt: runtime.now)
        nextSessionID += 1
        do {
            session.recorded = try recorded?(current.item, key.repeatIndex)
        } catch {
            throw JournalError(path: journal.path, message: "\(error)")
        }
        sessions[session.id] = session
        if let limit = plan.sessionBudget.seconds { wakeups.insert(session.startedAt + Int64(limit * 1e9), session.id) }
        try carryOut(strategy.begin(arm.strategy), session)
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
            guard isDue(session), let input = session.pending.popFirst() else { continue }
            inputs.append((id, input))
            queue(session)
        }
    }

    /// Remembers that a session has pending inputs: now, or at the time the first is due.
    func queue(_ session: LiveSession) {
        guard !session.isQueued, let time = session.pending.firstTime else { return }
        if isDue(session) {
            session.isQueued = true
            queued.append(session.id)
        } else {
            wakeups.insert(session.startedAt + time, session.id)
        }
    }

    /// Whether the earliest pending input may be delivered: nothing that is being generated can come before it any
    /// more.
    private func isDue(_ session: LiveSession) -> Bool {
        guard let time = session.pending.firstTime else { return false }
        return time <= runtime.now - session.startedAt || !broker.isWaiting(session.id)
    }

    /// Looks at the sessions whose time has come.
    func wake() {
        let now = runtime.now
        while let id = wakeups.pop(until: now) {
            guard let session = sessions[id] else { continue }
            if let limit = plan.sessionBudget.seconds, Double(now - session.startedAt) / 1e9 >= limit,
                broker.isWaiting(id)
            {
                inputs.append((id, .stop(reason: "budget")))
            }
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
        sessions[session.id] = nil
        // Under a number of its own: nothing that was the session's can reach it.
        nextSessionID += 1
        try proceed(SessionGrading(session.key, outcome, session.item, grader), nextSessionID - 1)
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
