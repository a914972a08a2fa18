internal import Completions
internal import Synchronization

/// A call to a program while it is under way: one run a sample.
final class CommandCall: Sendable {
    private struct Inside {
        /// Choices without an end.
        var open: Set<Int>
        var runs: [Int: CommandRun] = [:]
    }

    let call: ModelCall
    let question: CommandQuestion
    private let inside: Mutex<Inside>
    private let outbox: EventOutbox

    init(_ call: ModelCall, _ question: CommandQuestion, outbox: EventOutbox) {
        self.call = call
        self.question = question
        self.outbox = outbox
        inside = Mutex(Inside(open: Set(call.seeds.indices)))
    }

    /// Whether its last event is out or waits for delivery.
    var isOver: Bool { inside.withLock { $0.open.isEmpty } }

    /// The run for a choice; `nil`: nobody waits for it any more.
    func begin(_ choice: Int) -> CommandRun? {
        inside.withLock { inside in
            guard inside.open.contains(choice) else { return nil }
            let run = CommandRun()
            inside.runs[choice] = run
            return run
        }
    }

    /// What became of a choice. A failure ends the call, and the runs of its other choices.
    func finish(_ choice: Int, _ result: Result<Completion, ModelFailure>) {
        inside.withLock { inside in
            inside.runs[choice] = nil
            guard inside.open.remove(choice) != nil else { return }
            switch result {
            case .success(let completion): outbox.put(.completed(choice: choice, completion))
            case .failure(let failure): Self.end(&inside, outbox, .failed(failure))
            }
        }
        outbox.deliver()
    }

    func cancel() {
        inside.withLock { inside in
            if !inside.open.isEmpty { Self.end(&inside, outbox, .cancelled(partial: [:])) }
        }
        outbox.deliver()
    }

    private static func end(_ inside: inout Inside, _ outbox: EventOutbox, _ event: ModelEvent) {
        inside.open = []
        for run in inside.runs.values { run.cancel() }
        outbox.put(event)
    }
}
