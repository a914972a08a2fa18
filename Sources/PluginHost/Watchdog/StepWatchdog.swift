internal import Foundation
internal import Synchronization

/// Notices a plugin's step that does not return. A thread cannot be taken out of a plugin's code, so all it does is to
/// tell: the run then ends with exit code 7 and names plugin and item.
package final class StepWatchdog: Sendable {
    package struct Overrun: Hashable, Sendable {
        package let plugin: String
        /// Empty before the first event.
        package let item: String
        /// How long the step has run so far.
        package let seconds: Double
    }

    /// A step under watch.
    package struct Ticket: Sendable { fileprivate let slot: Int }

    private struct Step {
        var plugin: String
        var item: String
        var since: ContinuousClock.Instant
        var isReported = false
        /// Since when the host works for the step, which is not the plugin's time.
        var pausedAt: ContinuousClock.Instant?
    }

    private struct Watch {
        var steps: [Step?] = []
        var free: [Int] = []
    }

    private let watch = Mutex(Watch())
    private let limit: Duration
    private let report: @Sendable (Overrun) -> Void

    /// `report` is called once for each step that runs longer than `limit`, on the watchdog's thread. The thread lives
    /// as long as the watchdog and looks eight times a limit.
    package convenience init(limit: Duration = .seconds(10), report: @escaping @Sendable (Overrun) -> Void) {
        self.init(unwatched: limit, report: report)
        let interval = max(0.001, Double(limit.components.seconds) / 8 + Double(limit.components.attoseconds) / 8e18)
        Thread.detachNewThread { [weak self] in
            while let watchdog = self {
                watchdog.look(at: .now)
                _ = consume watchdog
                Thread.sleep(forTimeInterval: interval)
            }
        }
    }

    /// Without a thread: `look` is called by the caller.
    package init(unwatched limit: Duration, report: @escaping @Sendable (Overrun) -> Void) {
        self.limit = limit
        self.report = report
    }

    package func begin(plugin: String, item: String) -> Ticket {
        let step = Step(plugin: plugin, item: item, since: .now)
        return watch.withLock { watch in
            if let slot = watch.free.popLast() {
                watch.steps[slot] = step
                return Ticket(slot: slot)
            }
            watch.steps.append(step)
            return Ticket(slot: watch.steps.count - 1)
        }
    }

    package func end(_ ticket: Ticket) {
        watch.withLock { watch in
            watch.steps[ticket.slot] = nil
            watch.free.append(ticket.slot)
        }
    }

    /// The step waits for the host, as it does while the suite's grader reads a text: this is not the plugin's time.
    package func pause(_ ticket: Ticket, at now: ContinuousClock.Instant = .now) {
        watch.withLock { $0.steps[ticket.slot]?.pausedAt = now }
    }

    /// The step goes on.
    package func resume(_ ticket: Ticket, at now: ContinuousClock.Instant = .now) {
        watch.withLock { watch in
            guard let paused = watch.steps[ticket.slot]?.pausedAt else { return }
            watch.steps[ticket.slot]?.pausedAt = nil
            watch.steps[ticket.slot]?.since += now - paused
        }
    }

    /// Reports the steps that have run longer than the limit at `now` and were not reported before.
    package func look(at now: ContinuousClock.Instant) {
        let overruns = watch.withLock { watch in
            watch.steps.indices.compactMap { slot -> Overrun? in
                guard let step = watch.steps[slot], !step.isReported, step.pausedAt == nil, now - step.since > limit
                else { return nil }
                watch.steps[slot]?.isReported = true
                let parts = (now - step.since).components
                let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
                return Overrun(plugin: step.plugin, item: step.item, seconds: seconds)
            }
        }
        for overrun in overruns { report(overrun) }
    }
}
