import Completions
import Foundation
import PluginHost
import Testing

/// Calls into plugins as they are noted, and what a look at them tells.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct CallWatchTests {
    /// Does something while a strategy's step waits for the grader.
    private final class Services: SessionServices {
        let work: () -> Void
        var subject: CallSubject { CallSubject(arm: "votes", item: "seven") }

        init(_ work: @escaping () -> Void) { self.work = work }

        func random() -> UInt64 { 1 }

        func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
            work()
            return ("42", "slow")
        }

        func remainingBudget() -> RemainingBudget { RemainingBudget(tokens: nil, usd: nil, seconds: nil) }
    }

    private func step(_ work: @escaping () -> Void) throws {
        let completion = Completion(text: "the answer is 42", finish: .stop, usage: TokenUsage())
        _ = try Probe.strategy("echo").makeSession(Services(work)).step([
            SessionEvent(
                seq: 1, timeNanoseconds: 0, body: .done(request: 9, choice: 0, completion: completion, isLast: true))
        ])
    }

    /// An allocator that does something while it is made: it asks for an item's fields.
    private func allocate(_ work: @escaping () -> Void) throws {
        let folder = try TemporaryFolder()
        let file = try CCompiler.library(graderMetricSource, name: "libcallwatch.so", in: folder.url)
        let catalog = PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
        _ = try catalog.allocator(
            "org.example.same", parametersJSON: "{}",
            setup: AllocationSetup(
                itemCount: 4, rows: [.init(arm: "a"), .init(arm: "b")], repeats: 3,
                itemFields: { _ in
                    work()
                    return "{}"
                }), seed: 1)
    }

    /// Overdue calls of the plugins of this suite: others run at the same time in this process.
    private func overdue(_ watch: inout CallWatch, looks: Int) -> [CallWatch.Overrun] {
        (0..<looks).reduce([]) { found, _ in
            found + watch.look(after: 1).filter { ["test.echo", "org.example.same"].contains($0.call.plugin) }
        }
    }

    @Test func `a call that is innermost for longer than its function may is overdue, once it has been seen so long`()
        throws
    {
        var watch = CallWatch()
        var seen: [CallWatch.Overrun] = []
        try allocate { seen += overdue(&watch, looks: 11) }
        #expect(seen.isEmpty)
        try allocate { if seen.isEmpty { seen += overdue(&watch, looks: 12) } }
        let overrun = try #require(seen.first)
        #expect(overrun.call.kind == "allocator" && overrun.call.plugin == "org.example.same")
        #expect(overrun.call.function == .create && overrun.seconds > 10 && overrun.seconds < 12)
        #expect(overrun.call.library.hasSuffix("libcallwatch.so"))
    }

    @Test func `a machine that slept does not make a call overdue`() throws {
        var watch = CallWatch(limit: 5)
        var overruns: [CallWatch.Overrun] = []
        try allocate {
            for _ in 0..<3 { overruns += watch.look(after: 3600).filter { $0.call.plugin == "org.example.same" } }
        }
        #expect(overruns.isEmpty)
    }

    @Test func `a step that waits for the host is not overdue, and a call in it bears its own blame`() throws {
        var watch = CallWatch(limit: 5)
        var (host, inner): ([CallWatch.Overrun], [CallWatch.Overrun]) = ([], [])
        try step {
            host += overdue(&watch, looks: 20)
            try? allocate { if inner.isEmpty { inner += overdue(&watch, looks: 7) } }
        }
        #expect(host.isEmpty)
        let overrun = try #require(inner.first)
        #expect(overrun.call.plugin == "org.example.same" && overrun.call.function == .create)
        // The session is that of the step around it.
        #expect(overrun.call.subject == CallSubject(arm: "votes", item: "seven"))
    }

    @Test func `after its call a plugin is not at work`() throws {
        var inside: [PluginCall] = []
        try allocate { inside = PluginCall.all.filter { $0.plugin == "org.example.same" } }
        #expect(inside.count == 1)
        #expect(PluginCall.plugins.contains { $0.library.hasSuffix("libcallwatch.so") && $0.kind == "allocator" })
    }

    @Test func `a place in a library is named by its function, exported or not`() throws {
        let folder = try TemporaryFolder()
        let file = try CCompiler.library(probeSource, name: "libnames.so", in: folder.url)
        let (status, output) = try CCompiler.run("/usr/bin/env", ["nm", file])
        try #require(status == 0, "no nm here: \(output)")
        for name in ["probe_step", "evalh_plugin_v1"] {
            let line = try #require(output.split(separator: "\n").first { $0.hasSuffix(" " + name) })
            let place = try #require(UInt64(line.prefix { $0 != " " }, radix: 16))
            #expect(ElfFunctions.name(at: place, in: file) == name)
            #expect(ElfFunctions.name(at: place + 3, in: file) == name + "+0x3")
        }
        #expect(ElfFunctions.name(at: 1 << 40, in: file) == nil)
        #expect(ElfFunctions.name(at: 0, in: "/proc/self/status") == nil)
    }
}
