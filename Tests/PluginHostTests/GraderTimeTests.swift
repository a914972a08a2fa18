import Completions
import Foundation
import PluginHost
import Synchronization
import Testing

/// The grader works inside a strategy's step, and on its own account.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct GraderTimeTests {
    private final class Reports: Sendable {
        private let all = Mutex<[StepWatchdog.Overrun]>([])
        func add(_ overrun: StepWatchdog.Overrun) { all.withLock { $0.append(overrun) } }
        var seconds: [Double] { all.withLock { $0.map(\.seconds) } }
    }

    /// A grader that takes so long that the watchdog looks twice.
    private final class SlowGrader: SessionServices {
        private let watchdog: StepWatchdog
        private(set) var calls = 0

        init(_ watchdog: StepWatchdog) { self.watchdog = watchdog }

        func random() -> UInt64 { 1 }

        func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
            calls += 1
            watchdog.look(at: .now + .seconds(60))
            return ("42", "slow")
        }

        func remainingBudget() -> RemainingBudget { RemainingBudget(tokens: nil, usd: nil, seconds: nil) }
    }

    @Test func `a step that waits for the host is not overdue, and goes on where it stood`() {
        let reports = Reports()
        let watchdog = StepWatchdog(unwatched: .seconds(10), report: reports.add)
        let start = ContinuousClock.now
        let ticket = watchdog.begin(plugin: "votes", item: "i")
        watchdog.pause(ticket, at: start + .seconds(8))
        watchdog.look(at: start + .seconds(100))
        watchdog.resume(ticket, at: start + .seconds(100))
        watchdog.look(at: start + .seconds(101))
        #expect(reports.seconds.isEmpty)
        watchdog.look(at: start + .seconds(103.5))
        #expect(reports.seconds.count == 1 && reports.seconds.allSatisfy { $0 > 10 && $0 < 13 })
    }

    @Test func `a slow grader is not charged to the strategy that asked it`() throws {
        let reports = Reports()
        let watchdog = StepWatchdog(unwatched: .seconds(10), report: reports.add)
        let folder = try TemporaryFolder()
        let file = try CCompiler.library(probeSource, name: "libgradertime.so", in: folder.url)
        let catalog = PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)], watchdog: watchdog)
        let services = SlowGrader(watchdog)
        let instance = try catalog.strategy("test.echo").makeSession(services)
        let completion = Completion(text: "the answer is 42", finish: .stop, usage: TokenUsage())
        _ = try instance.step([
            SessionEvent(
                seq: 1, timeNanoseconds: 0,
                body: .done(request: 9, choice: 0, completion: completion, isLast: true))
        ])
        #expect(services.calls == 1)
        #expect(reports.seconds.isEmpty)
    }
}
