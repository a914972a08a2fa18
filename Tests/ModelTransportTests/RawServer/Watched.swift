import Synchronization

/// A value that tests wait on: changed by any thread, awaited without holding one.
final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let isMet: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, Never>
    }

    private struct State {
        var value: Value
        var waiters: [Waiter] = []
        var lastID = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    var value: Value { state.withLock { $0.value } }

    func update(_ body: (inout sending Value) -> Void) {
        let (met, value) = state.withLock { state in
            body(&state.value)
            let met = state.waiters.filter { $0.isMet(state.value) }
            state.waiters.removeAll { $0.isMet(state.value) }
            return (met.map(\.continuation), state.value)
        }
        for continuation in met { continuation.resume(returning: value) }
    }

    /// The value once it is as asked for, or as it is when the test is cancelled (its time limit).
    @discardableResult func wait(until isMet: @escaping @Sendable (Value) -> Bool) async -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value: Value? = state.withLock { state in
                    if isMet(state.value) || state.cancelled.contains(id) { return state.value }
                    state.waiters.append(Waiter(id: id, isMet: isMet, continuation: continuation))
                    return nil
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            let (waiter, value) = state.withLock { state in
                state.cancelled.insert(id)
                let waiter = state.waiters.first { $0.id == id }
                state.waiters.removeAll { $0.id == id }
                return (waiter?.continuation, state.value)
            }
            waiter?.resume(returning: value)
        }
    }
}
