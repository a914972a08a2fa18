internal import Completions
package import PluginHost

/// Runs one session on recorded samples from its first event to its outcome, in simulated time and on the caller's
/// thread.
package struct SessionReplay {
    /// A sample is one of a request's choices.
    private struct Place: Hashable {
        var request: UInt64
        var choice: Int
    }

    private let session: StrategySession
    private var samples: any RecordedSamples
    private var pending = PendingInputs()
    /// What happens before anything pending: answers to cancels.
    private var due: [SessionInput] = []
    private var outcome: SessionOutcome?
    private var miss: RecordedMiss?
    /// What is recorded of the samples that it drew.
    private var drawn: [Place: [Completion]] = [:]
    /// How many parts of a sample it has seen to their end.
    private var generations: [Place: Int]
    private var last = PendingInputs.Order.first
    /// It has to begin anew, with other generations of its samples.
    private var mustBeginAnew = false

    private init(
        _ session: StrategySession, _ samples: any RecordedSamples, _ limits: BudgetLimits, _ generations: [Place: Int]
    ) {
        self.session = session
        self.samples = samples
        self.generations = generations
        if let limit = limits.seconds { pending.setLimit(seconds: limit) }
    }

    /// - Parameter make: gives the session, each time as new.
    /// - Throws: `RecordedMiss` if the session asks for a sample that is not recorded: a result without it would be
    ///   another strategy's.
    package static func run(
        strategy: any StrategyFactory, samples: any RecordedSamples, limits: BudgetLimits = BudgetLimits(),
        _ make: () -> StrategySession
    ) throws(RecordedMiss) -> SessionOutcome {
        var generations: [Place: Int] = [:]
        while true {
            let session = make()
            var replay = SessionReplay(session, samples, limits, generations)
            replay.carryOut(session.begin(strategy))
            while replay.outcome == nil, !replay.mustBeginAnew {
                if let miss = replay.miss {
                    session.abort()
                    throw miss
                }
                replay.step()
            }
            if let outcome = replay.outcome { return outcome }
            session.abort()
            generations = replay.generations
        }
    }

    private mutating func step() {
        if !due.isEmpty {
            carryOut(session.deliver(due.removeFirst()))
        } else if let (order, event) = pending.popFirst() {
            last = order
            switch event {
            case .input(let input): carryOut(session.deliver(input))
            case .lapse(let part): lapse(part)
            }
        } else {
            // Nothing can happen any more: a strategy that waits all the same must answer now, or fails.
            carryOut(session.deliver(.stop(reason: "nothing left to wait for")))
        }
    }

    private mutating func carryOut(_ effects: [SessionEffect]) {
        for effect in effects {
            switch effect {
            case .request(let request): draw(request)
            case .cancel(let request): due += pending.cancel(request: request)
            case .setTimer(let id, let time): pending.setTimer(id, at: time)
            case .finished(let outcome): self.outcome = outcome
            }
        }
    }

    private mutating func draw(_ request: SampleRequest) {
        if let service = RunService.name(ofRole: request.role) { return call(service, request) }
        for (choice, sample) in request.samples.enumerated() {
            switch samples.sample(sample, of: request) ?? next(request) {
            case .success(let recorded):
                let place = Place(request: request.request, choice: choice)
                drawn[place] = recorded
                guard let playback = playback(place, request, askedAt: session.now) else { continue }
                pending.insert(playback)
            case .failure(let failure): miss = miss ?? failure
            }
        }
    }

    private mutating func playback(_ place: Place, _ request: SampleRequest, askedAt: Int64) -> Playback? {
        let generation = generations[place] ?? 0
        guard let recorded = drawn[place], recorded.indices.contains(generation) else {
            miss = miss ?? .onlyPart
            return nil
        }
        return Playback(
            request: place.request, choice: place.choice, stream: request.stream, askedAt: askedAt,
            completion: recorded[generation])
    }

    /// A part of a sample has been shown to its end, and the session wants the rest.
    private mutating func lapse(_ part: Playback) {
        let place = Place(request: part.request, choice: part.choice)
        generations[place, default: 0] += 1
        guard let asked = session.asked(part.request), let next = playback(place, asked.request, askedAt: asked.at)
        else { return }
        if session.hasShown(part.request, part.choice) || next.isBefore(last) {
            mustBeginAnew = true
        } else {
            pending.insert(next)
        }
    }

    /// The next recorded sample of the item's prompt.
    private mutating func next(_ request: SampleRequest) -> Result<[Completion], RecordedMiss> {
        guard request.completionRequest.messages == session.start.messages else { return .failure(.otherPrompt) }
        return samples.generations(role: request.role, request: request.completionRequest)
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
