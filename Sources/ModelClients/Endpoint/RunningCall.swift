internal import Completions
internal import Foundation
internal import Synchronization

/// A call with its state, its exchanges, and the events that wait for delivery.
final class RunningCall: Sendable {
    private struct Inside {
        var state: CallState
        var exchanges: [ExchangeID] = []
        var isStopped = false
    }

    let call: ModelCall
    private let inside: Mutex<Inside>
    private let outbox: EventOutbox

    init(_ state: CallState, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        call = state.call
        inside = Mutex(Inside(state: state))
        outbox = EventOutbox(state.call.id, events)
    }

    var id: CallID { call.id }

    /// Seconds of a clock that never goes back.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Steps the state. Events among the actions are put into the outbox; `deliver` sends them.
    func step(_ step: (inout CallState, Double) -> [CallState.Action]) -> (actions: [CallState.Action], isOver: Bool) {
        let now = RunningCall.now()
        return inside.withLock { inside in
            let actions = step(&inside.state, now)
            for action in actions { if case .emit(let event) = action { outbox.put(event) } }
            return (actions, inside.state.isOver)
        }
    }

    func read<Result: Sendable>(_ body: (CallState) -> Result) -> Result {
        inside.withLock { body($0.state) }
    }

    /// Delivers waiting events, without holding the lock.
    func deliver() {
        outbox.deliver()
    }

    /// Ends a call that was never sent.
    func refuse(_ failure: ModelFailure) {
        outbox.put(.failed(failure))
        outbox.deliver()
    }

    /// Remembers an exchange, to be cancelled with the call. False: the call has been stopped already.
    func keep(_ exchange: ExchangeID) -> Bool {
        inside.withLock { inside in
            guard !inside.isStopped else { return false }
            inside.exchanges.append(exchange)
            return true
        }
    }

    /// The exchanges to be cancelled; no more are accepted.
    func takeExchanges() -> [ExchangeID] {
        inside.withLock { inside in
            inside.isStopped = true
            defer { inside.exchanges = [] }
            return inside.exchanges
        }
    }
}
