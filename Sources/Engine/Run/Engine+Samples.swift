internal import Completions
internal import Journal

/// Carries out what the broker says, with the journal's pool and the models.
extension Engine {
    func request(_ request: SampleRequest, _ session: LiveSession) throws(JournalError) {
        var found: [Completion?] = []
        found.reserveCapacity(request.samples.count)
        for sample in request.samples {
            if let completion = session.drawRecorded(request) {
                found.append(completion)
            } else if broker.isUnderWay(SamplePlace(key: request.key, sample: sample)) {
                found.append(nil)
            } else {
                found.append(try journal.completion(request.key, sample))
            }
        }
        perform(broker.request(request, by: session.id, at: session.strategy.now, found: found))
    }

    func cancel(_ request: UInt64, _ session: LiveSession) {
        for input in session.pending.cancel(request: request, at: session.strategy.now) {
            inputs.append((session.id, input))
        }
        let promptBytes = session.strategy.start.messages.reduce(0) { $0 + $1.content.utf8.count }
        perform(broker.cancel(request, of: session.id, promptTokens: promptBytes / 4))
    }

    func perform(_ actions: [SampleBroker.Action]) {
        for action in actions {
            switch action {
            case .send(let call): backend.send(call, events: runtime.sink)
            case .cancel(let call): backend.cancel(call)
            case .record(let record):
                progress.paid.usage += record.completion.paidUsage
                progress.paid.usd += record.usd ?? 0
                progress.paid.completions += 1
                batch.completions.append(record)
            case .recordFailure(let record): batch.failures.append(record)
            case .deliver(let input, let id):
                if let session = sessions[id] {
                    inputs.append((id, input))
                    queue(session)
                } else if questions[id] != nil {
                    inputs.append((id, input))
                }
            case .play(let playback, let id):
                if let session = sessions[id] {
                    session.pending.insert(playback)
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
}
