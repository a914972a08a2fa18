import PluginHost
import Synchronization
import Testing

@Suite struct StepWatchdogTests {
    private final class Reports: Sendable {
        private let all = Mutex<[StepWatchdog.Overrun]>([])
        func add(_ overrun: StepWatchdog.Overrun) { all.withLock { $0.append(overrun) } }
        var names: [String] { all.withLock { $0.map { "\($0.plugin) \($0.item)" } } }
        var seconds: [Double] { all.withLock { $0.map(\.seconds) } }
    }

    @Test func `a step beyond the limit is reported once, with plugin and item`() {
        let reports = Reports()
        let watchdog = StepWatchdog(unwatched: .seconds(10), report: reports.add)
        let start = ContinuousClock.now
        _ = watchdog.begin(plugin: "slow", item: "i1")
        let quick = watchdog.begin(plugin: "quick", item: "i2")
        watchdog.look(at: start + .seconds(9))
        #expect(reports.names.isEmpty)
        watchdog.end(quick)
        watchdog.look(at: start + .seconds(12))
        watchdog.look(at: start + .seconds(99))
        #expect(reports.names == ["slow i1"])
        #expect(reports.seconds.allSatisfy { $0 > 10 && $0 <= 12 })
    }

    @Test func `places are used again`() {
        let reports = Reports()
        let watchdog = StepWatchdog(unwatched: .seconds(1), report: reports.add)
        for n in 0..<100 { watchdog.end(watchdog.begin(plugin: "p", item: "\(n)")) }
        _ = watchdog.begin(plugin: "p", item: "last")
        watchdog.look(at: .now + .seconds(5))
        #expect(reports.names == ["p last"])
    }

    @Test(.timeLimit(.minutes(1))) func `the thread of its own reports a step that does not return`() async throws {
        let (overruns, continuation) = AsyncStream.makeStream(of: StepWatchdog.Overrun.self)
        let watchdog = StepWatchdog(limit: .milliseconds(20)) { continuation.yield($0) }
        let ticket = watchdog.begin(plugin: "stuck", item: "i")
        let overrun = try #require(await overruns.first { _ in true })
        watchdog.end(ticket)
        #expect(overrun.plugin == "stuck" && overrun.item == "i" && overrun.seconds > 0.02)
    }
}
