import CEvalhPlugin

extension Session {
    /// Waits until a logical time, in nanoseconds since the session's start (see `now`). A time that has passed comes
    /// with the host's next event.
    ///
    /// - Throws: `Rejected`, `SessionStopped`, or `CancellationError` if the task is cancelled.
    public func sleep(untilLogical time: Int64) async throws {
        try Task.checkCancellation()
        if let stopped { throw stopped }
        lastTimer += 1
        var action = evalh_action_timer()
        action.header = header(EVALH_ACTION_SET_TIMER, of: evalh_action_timer.self)
        action.timer = lastTimer
        action.time_ns = time
        let timer = PendingTimer(id: lastTimer, seq: action.header.seq)
        guard push(action) else { throw Rejected(.limit, message: "the host takes no more actions in this step") }
        timers.append(timer)
        await withTaskCancellationHandler {
            while !timer.hasEnded { await timer.nextChange() }
        } onCancel: {
            self.closeTimer(timer, CancellationError())
        }
        if let error = timer.error { throw error }
    }

    func closeTimer(_ timer: PendingTimer, _ error: (any Error)?) {
        timers.removeAll { $0 === timer }
        timer.end(error)
    }
}

/// A timer until its event. Unchecked for the same reason as `PendingRequest`.
final class PendingTimer: @unchecked Sendable {
    let id: UInt64
    let seq: UInt64
    private(set) var hasEnded = false
    private(set) var error: (any Error)?
    private var waiter: UnsafeContinuation<Void, Never>?

    init(id: UInt64, seq: UInt64) {
        self.id = id
        self.seq = seq
    }

    var isWaitedFor: Bool { waiter != nil }

    func nextChange() async {
        await withUnsafeContinuation { waiter = $0 }
    }

    func end(_ error: (any Error)?) {
        guard !hasEnded else { return }
        hasEnded = true
        self.error = error
        let waiting = waiter
        waiter = nil
        waiting?.resume()
    }
}
