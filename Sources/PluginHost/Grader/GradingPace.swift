internal import Synchronization

/// How long the grades of one grader take, from any thread.
package final class GradingPace: Sendable {
    /// A caller on the engine's thread waits for no longer.
    private static let short = Duration.milliseconds(5)
    /// So long on average: a program is run, or something is waited for.
    private static let slow = Duration.milliseconds(50)

    private struct Times {
        var longest = Duration.zero
        var total = Duration.zero
        var count = 0
    }

    private let times = Mutex(Times())

    package init() {}

    package func add(_ duration: Duration) {
        times.withLock { times in
            times.longest = max(times.longest, duration)
            times.total += duration
            times.count += 1
        }
    }

    /// Whether a grade took so long that the next ones should not hold up the caller.
    package var isLong: Bool { times.withLock { $0.longest > Self.short } }

    /// Whether grades take so long that grading all items for a look at them is too much.
    package var isSlow: Bool { times.withLock { $0.count > 0 && $0.total / $0.count > Self.slow } }
}
