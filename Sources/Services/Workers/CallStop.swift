internal import Synchronization

/// Tells a call that is under way to end early.
package final class CallStop: Sendable {
    private struct Inside {
        var isStopped = false
        var action: (@Sendable () -> Void)?
    }

    private let inside = Mutex(Inside())

    package init() {}

    package var isStopped: Bool { inside.withLock { $0.isStopped } }

    /// Any thread. Again: nothing.
    package func stop() {
        let action = inside.withLock { inside in
            inside.isStopped = true
            defer { inside.action = nil }
            return inside.action
        }
        action?()
    }

    /// What is done when the call is stopped, in place of what was said before; at once if it is stopped already.
    package func whenStopped(_ action: (@Sendable () -> Void)?) {
        let isStopped = inside.withLock { inside in
            inside.action = inside.isStopped ? nil : action
            return inside.isStopped
        }
        if isStopped { action?() }
    }
}
