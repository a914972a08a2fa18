internal import Completions
internal import Synchronization

/// What came of a call, for callers that wait for its end.
struct CallOutcome: Sendable {
    var completions: [Int: Completion] = [:]
    /// Pieces shown.
    var deltas = 0
    var failure: ModelFailure?
    var partial: [Int: Completion]?
}

extension ModelEndpoint {
    /// Sends one request for bytes.
    func fetch(_ exchange: Exchange) async -> Result<[UInt8], ModelFailure> {
        await withCheckedContinuation { continuation in
            let box = FetchBox()
            _ = transport.start(exchange, isRestartable: { true }) { event in
                switch event {
                case .started: box.body.withLock { $0 = [] }
                case .head: break
                case .piece(let bytes): box.body.withLock { $0.append(contentsOf: bytes) }
                case .ended: continuation.resume(returning: .success(box.body.withLock { $0 }))
                case .failed(let failure): continuation.resume(returning: .failure(failure))
                }
            }
        }
    }

    /// Sends a call and waits for its end.
    /// - Parameter cancelAfter: cancel once that many pieces were shown.
    func perform(_ call: ModelCall, cancelAfter: Int? = nil) async -> CallOutcome {
        await withCheckedContinuation { continuation in
            let box = OutcomeBox()
            send(call) { [weak self] id, event in
                let (isLast, isEnough) = box.outcome.withLock { outcome -> (Bool, Bool) in
                    switch event {
                    case .delta, .reasoning:
                        outcome.deltas += 1
                        return (false, outcome.deltas == cancelAfter)
                    case .completed(let choice, let completion):
                        outcome.completions[choice] = completion
                        return (outcome.completions.count == call.seeds.count, false)
                    case .failed(let failure): outcome.failure = failure
                    case .cancelled(let partial): outcome.partial = partial
                    }
                    return (true, false)
                }
                if isEnough { self?.cancel(id) }
                if isLast { continuation.resume(returning: box.outcome.withLock { $0 }) }
            }
        }
    }
}

private final class FetchBox: Sendable {
    let body = Mutex<[UInt8]>([])
}

private final class OutcomeBox: Sendable {
    let outcome = Mutex(CallOutcome())
}
