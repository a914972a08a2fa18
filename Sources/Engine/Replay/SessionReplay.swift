internal import Completions
package import PluginHost

/// Runs one session on recorded samples from its first event to its outcome, in simulated time and on the caller's
/// thread.
package struct SessionReplay {
    private let machine: SessionMachine
    private var samples: any RecordedSamples
    private var pending = PendingInputs()
    /// What happens before anything pending: answers to cancels.
    private var due: [SessionInput] = []
    private var outcome: SessionOutcome?
    private var miss: RecordedMiss?

    private init(_ machine: SessionMachine, _ samples: any RecordedSamples) {
        self.machine = machine
        self.samples = samples
    }

    /// - Throws: `RecordedMiss` if the session asks for a sample that is not recorded: a result without it would be
    ///   another strategy's.
    package static func run(
        _ machine: SessionMachine, strategy: any StrategyFactory, samples: any RecordedSamples
    ) throws(RecordedMiss) -> SessionOutcome {
        var replay = SessionReplay(machine, samples)
        replay.carryOut(machine.begin(strategy))
        while replay.outcome == nil {
            if let miss = replay.miss {
                machine.abort()
                throw miss
            }
            replay.step()
        }
        if let outcome = replay.outcome { return outcome }
        throw RecordedMiss("the session has no outcome")
    }

    private mutating func step() {
        if !due.isEmpty {
            carryOut(machine.deliver(due.removeFirst()))
        } else if let entry = pending.popFirst() {
            carryOut(machine.deliver(entry.input))
        } else {
            // Nothing can happen any more: a strategy that waits all the same must answer now, or fails.
            carryOut(machine.deliver(.stop(reason: "nothing left to wait for")))
        }
    }

    private mutating func carryOut(_ effects: [SessionEffect]) {
        for effect in effects {
            switch effect {
            case .ask(let ask): draw(ask)
            case .abandon(let request): abandon(request)
            case .setTimer(let id, let time):
                pending.removeTimer(id)
                pending.insert(.init(time: time, input: .timer(id: id), playback: nil))
            case .finished(let outcome): self.outcome = outcome
            }
        }
    }

    private mutating func draw(_ ask: Ask) {
        guard ask.completionRequest.messages == machine.start.messages else {
            miss = miss ?? .otherPrompt
            return
        }
        for choice in ask.samples.indices {
            switch samples.draw(role: ask.role, request: ask.completionRequest) {
            case .success(let completion):
                let playback = PendingInputs.Playback(
                    request: ask.request, choice: choice, askedAt: machine.now, completion: completion)
                for entry in PlaybackScript.entries(playback, stream: ask.stream) { pending.insert(entry) }
            case .failure(let failure): miss = miss ?? failure
            }
        }
    }

    private mutating func abandon(_ request: UInt64) {
        let isStreamed = machine.isStreamed(request)
        for playback in pending.remove(request: request) {
            let partial = PlaybackScript.partial(playback, at: machine.now, stream: isStreamed)
            due.append(.cancelled(request: request, choice: playback.choice, partial: partial))
        }
    }
}
