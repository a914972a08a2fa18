internal import Completions
internal import Synchronization

/// A call's events on their way out: delivered in the order they were put in, one at a time, with no lock held, so that
/// a caller may cancel from within an event. Secrets are taken out of failures: servers quote what they were sent, keys
/// included.
final class EventOutbox: Sendable {
    private struct Inside {
        /// Events not delivered yet, in order.
        var waiting: [ModelEvent] = []
        /// Whether some thread is delivering.
        var isAttended = false
    }

    private let id: CallID
    private let messageLimit: Int
    private let inside = Mutex(Inside())
    private let events: @Sendable (CallID, ModelEvent) -> Void

    /// - Parameter messageLimit: characters of a failure's message.
    init(
        _ id: CallID, messageLimit: Int = WireLimits.message, _ events: @escaping @Sendable (CallID, ModelEvent) -> Void
    ) {
        self.id = id
        self.messageLimit = messageLimit
        self.events = events
    }

    /// Puts an event behind the others; to be called under the lock that decides their order. `deliver` sends it.
    func put(_ event: ModelEvent) {
        inside.withLock { $0.waiting.append(event) }
    }

    /// Delivers waiting events unless another thread is at it: that one delivers these too.
    func deliver() {
        while true {
            let batch = inside.withLock { inside -> [ModelEvent] in
                guard !inside.isAttended, !inside.waiting.isEmpty else { return [] }
                inside.isAttended = true
                defer { inside.waiting = [] }
                return inside.waiting
            }
            guard !batch.isEmpty else { return }
            for event in batch { events(id, redacted(event)) }
            inside.withLock { $0.isAttended = false }
        }
    }

    private func redacted(_ event: ModelEvent) -> ModelEvent {
        guard case .failed(var failure) = event else { return event }
        failure.message = CleanText.bounded(Redactor.shared.redact(failure.message), to: messageLimit)
        return .failed(failure)
    }
}
