internal import Completions
package import PluginHost

/// Runs one session on recorded samples from its first event to its outcome, in simulated time and on the caller's
/// thread.
package struct SessionReplay {
    private let session: StrategySession
    private var samples: any RecordedSamples
    private var pending = PendingInputs()
    /// What happens before anything pending: answers to cancels.
    private var due: [SessionInput] = []
    private var outcome: SessionOutcome?
    private var miss: RecordedMiss?

    private init(_ session: StrategySession, _ samples: any RecordedSamples) {
        self.session = session
        self.samples = samples
    }

    /// - Throws: `RecordedMiss` if the session asks for a sample that is not recorded: a result without it would be
    ///   another strategy's.
    package static func run(
        _ session: StrategySession, strategy: any StrategyFactory, samples: any RecordedSamples
    ) throws(RecordedMiss) -> SessionOutcome {
        var replay = SessionReplay(session, samples)
        replay.carryOut(session.begin(strategy))
        while replay.outcome == nil {
            if let miss = replay.miss {
                session.abort()
                throw miss
            }
            replay.step()
        }
        if let outcome = replay.outcome { return outcome }
        throw RecordedMiss("the session has no outcome")
    }

    private mutating func step() {
        if !due.isEmpty {
            carryOut(session.deliver(due.removeFirst()))
        } else if let input = pending.popFirst() {
            carryOut(session.deliver(input))
        } else {
            // Nothing can happen any more: a strategy that waits all the same must answer now, or fails.
            carryOut(session.deliver(.stop(reason: "nothing left to wait for")))
        }
    }

    private mutating func carryOut(_ effects: [SessionEffect]) {
        for effect in effects {
            switch effect {
            case .request(let request): draw(request)
            case .cancel(let request): due += pending.cancel(request: request, at: session.now)
            case .setTimer(let id, let time): pending.setTimer(id, at: time)
            case .finished(let outcome): self.outcome = outcome
            }
        }
    }

    private mutating func draw(_ request: SampleRequest) {
        if let service = RunService.name(ofRole: request.role) { return call(service, request) }
        for (choice, sample) in request.samples.enumerated() {
            switch samples.sample(sample, of: request) ?? next(request) {
            case .success(let completion):
                pending.insert(
                    Playback(
                        request: request.request, choice: choice, stream: request.stream, askedAt: session.now,
                        completion: completion))
            case .failure(let failure): miss = miss ?? failure
            }
        }
    }

    /// The next recorded completion of the item's prompt.
    private mutating func next(_ request: SampleRequest) -> Result<Completion, RecordedMiss> {
        guard request.completionRequest.messages == session.start.messages else { return .failure(.otherPrompt) }
        return samples.draw(role: request.role, request: request.completionRequest)
    }

    private mutating func call(_ service: String, _ request: SampleRequest) {
        for (choice, sample) in request.samples.enumerated() {
            do {
                guard
                    let found = try samples.answer(
                        role: request.role, request: request.completionRequest, sample)
                else {
                    throw RecordedMiss("the pool lacks a call of service '\(service)'; evalh replay … --fill makes it")
                }
                pending.insert(
                    Playback(
                        request: request.request, choice: choice, stream: false, askedAt: session.now,
                        completion: found))
            } catch {
                miss = miss ?? (error as? RecordedMiss) ?? RecordedMiss("\(error)")
            }
        }
    }
}
