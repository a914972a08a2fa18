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
            currentItem = (item, Result { try prompt(item) })
        }
        guard let current = currentItem, let level = plan.arms[key.arm].levels.first(where: { $0.index == key.level }) else { return }
        let messages: [ChatMessage]
        switch current.messages {
        case .success(let rendered): messages = rendered
        case .failure(let error):
            record(key, current.item, failedWith: SessionError(kind: "prompt", message: "\(error)"))
            return
        }
        let arm = plan.arms[key.arm]
        let start = SessionStart(
            itemID: current.item.id, input: current.item.input, fieldsJSON: current.item.fieldsJSON, messages: messages,
            parametersJSON: level.parametersJSON,
            seed: Seeds.session(
                suite: plan.seed, itemID: current.item.id, armID: arm.id, levelJSON: level.levelJSON, repeatIndex: key.repeatIndex),
            models: arm.models, repeatIndex: key.repeatIndex)
        let grader = grader
        let machine = SessionMachine(start: start, models: plan.models, limits: plan.sessionBudget) { grader.extract($0) }
        let session = LiveSession(id: nextSession, key: key, item: current.item, machine: machine, startedAt: runtime.now)
        nextSession += 1
        sessions[session.id] = session
        if let limit = plan.sessionBudget.seconds { wakeups.insert(session.startedAt + Int64(limit * 1e9), session.id) }
        try carryOut(machine.begin(arm.strategy), session)
    }

    /// Delivers everything that is due, until nothing is.
    func deliverAll() throws(JournalError) {
        while true {
            if inputHead < inputs.count {
                let (id, input) = inputs[inputHead]
                inputHead += 1
                if let session = sessions[id] { try carryOut(session.machine.deliver(input), session) }
                continue
            }
            inputs.removeAll(keepingCapacity: true)
            inputHead = 0
            guard let id = queued.popLast() else { return }
            guard let session = sessions[id] else { continue }
            session.isQueued = false
            guard session.isDue(at: runtime.now), let entry = session.pending.popFirst() else { continue }
            inputs.append((id, entry.input))
            queue(session)
        }
    }

    /// Remembers that a session has pending inputs: now, or at the time the first is due.
    func queue(_ session: LiveSession) {
        guard !session.isQueued, let first = session.pending.first else { return }
        if session.isDue(at: runtime.now) {
            session.isQueued = true
            queued.append(session.id)
        } else {
            wakeups.insert(session.startedAt + first.time, session.id)
        }
    }

    /// Looks at the sessions whose time has come.
    func wake() {
        let now = runtime.now
        while let id = wakeups.pop(until: now) {
            guard let session = sessions[id] else { continue }
            if let limit = plan.sessionBudget.seconds, Double(now - session.startedAt) / 1e9 >= limit, session.awaited > 0 {
                inputs.append((id, .stop(reason: "budget")))
            }
            queue(session)
        }
    }

    func carryOut(_ effects: [SessionEffect], _ session: LiveSession) throws(JournalError) {
        for effect in effects {
            switch effect {
            case .ask(let ask): try self.ask(ask, session)
            case .abandon(let request): abandon(request, session)
            case .setTimer(let id, let time):
                session.pending.removeTimer(id)
                session.pending.insert(.init(time: time, input: .timer(id: id), playback: nil))
            case .finished(let outcome): finish(session, outcome)
            }
        }
        if sessions[session.id] != nil { queue(session) }
    }

    private func finish(_ session: LiveSession, _ outcome: SessionOutcome) {
        sessions[session.id] = nil
        var record = SessionRecord(
            key: session.key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .stop,
            stopReason: outcome.finish.reason, confidence: outcome.finish.confidence, error: outcome.error, usage: outcome.usage,
            usd: outcome.usd, criticalPathSeconds: outcome.criticalPathSeconds, firstTokenSeconds: outcome.firstTokenSeconds,
            draws: outcome.draws, log: outcome.log)
        if outcome.error == nil { grade(outcome, session.item, &record) }
        finish(record)
    }

    private func grade(_ outcome: SessionOutcome, _ item: JournalItem, _ record: inout SessionRecord) {
        let finish = outcome.finish
        guard finish.kind != .noAnswer else {
            record.score = 0
            record.strictScore = 0
            record.stage = "no_answer"
            return
        }
        let isUnfinished = finish.kind == .unfinished || outcome.isCutOff
        record.finish = isUnfinished ? .length : .stop
        record.answer = finish.answer
        do {
            let graded = try grader.grade(answer: finish.answer, isUnfinished: isUnfinished, item: item)
            record.extracted = graded.extracted
            record.stage = graded.stage
            record.score = graded.score
            record.strictScore = graded.strictScore
        } catch {
            record.error = SessionError(kind: "grader", message: "\(error)")
        }
    }

    func record(_ key: SessionKey, _ item: JournalItem, failedWith error: SessionError) {
        finish(
            SessionRecord(
                key: key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .other, stopReason: "error",
                confidence: nil, error: error, usage: TokenUsage(), usd: nil, criticalPathSeconds: 0, firstTokenSeconds: nil, draws: [],
                log: SessionLog()))
    }

    private func finish(_ record: SessionRecord) {
        batch.sessions.append(record)
        count(record.key, score: record.score, isError: record.error != nil)
        if let row = progressRows[SessionSlot(arm: record.key.arm, level: record.key.level)] {
            progress.arms[row].draws += record.draws.count
            progress.arms[row].cutOffDraws += record.draws.reduce(0) { $0 + ($1.finish == .length ? 1 : 0) }
        }
    }
}
