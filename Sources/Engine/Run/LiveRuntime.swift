package import Completions
internal import Foundation

/// The machine's clock, an inbox and workers.
package final class LiveRuntime: EngineRuntime {
    private let inbox = Inbox()
    private let workers = OperationQueue()

    /// - Parameter workers: how much of the grades' work is done at once.
    package init(workers: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.workers.maxConcurrentOperationCount = max(1, workers)
    }

    package var now: Int64 { Int64(clamping: DispatchTime.now().uptimeNanoseconds) }
    package var isInterrupted: Bool { inbox.isInterrupted }
    package var sink: @Sendable (CallID, ModelEvent) -> Void {
        let inbox = inbox
        return { call, event in inbox.post(.model(call, event)) }
    }

    /// Makes the run stop; safe from any thread.
    package var interrupt: @Sendable () -> Void {
        let inbox = inbox
        return { inbox.interrupt() }
    }

    package func perform(_ work: @escaping GradingWork, for grading: UInt64) {
        let inbox = inbox
        workers.addOperation { inbox.post(.graded(grading, Result { try work() })) }
    }

    package func dropWork() { workers.cancelAllOperations() }

    package func wait(until deadline: Int64?) -> [EngineEvent] {
        inbox.take(until: deadline.map { Date(timeIntervalSinceNow: Double(max(0, $0 - now)) / 1e9) })
    }
}

/// Events from other threads, taken in bulk. Sendable: every access to its state holds the condition's lock.
private final class Inbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var events: [EngineEvent] = []
    private var interrupted = false
    /// Events that were taken together the last time.
    private var lastCount = 0

    var isInterrupted: Bool { condition.withLock { interrupted } }

    func post(_ event: EngineEvent) {
        condition.lock()
        let wasEmpty = events.isEmpty
        events.append(event)
        if wasEmpty { condition.signal() }
        condition.unlock()
    }

    func interrupt() {
        condition.lock()
        interrupted = true
        condition.signal()
        condition.unlock()
    }

    /// Seconds that events wait for others, where several came together before.
    private static let linger = 0.001

    func take(until date: Date?) -> [EngineEvent] {
        condition.lock()
        defer { condition.unlock() }
        while events.isEmpty, !interrupted {
            guard let date else {
                condition.wait()
                continue
            }
            if !condition.wait(until: date) { break }
        }
        // What is taken together is written in one transaction, which costs as much as many completions in it.
        if lastCount > 1, !events.isEmpty, events.count < lastCount, !interrupted {
            _ = condition.wait(until: Date(timeIntervalSinceNow: Self.linger))
        }
        let taken = events
        lastCount = taken.count
        events = []
        return taken
    }
}
