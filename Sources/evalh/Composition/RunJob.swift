internal import Completions
internal import Engine
internal import Foundation
internal import Journal
internal import PluginHost
internal import Reporting
internal import Runs
internal import SuiteModel

/// A run from an opened suite to its exit code.
struct RunJob {
    let opened: OpenedSuite
    let folder: RunFolder
    let journal: Journal
    let endpoints: OpenedEndpoints
    let description: RunDescription
    let shard: (index: Int, count: Int)
    /// Samples that are drawn before a model is asked.
    var recorded: PoolReader?
    let terminal = Terminal.standard

    /// Runs what is left of the plan, writes the reports, prints the result.
    /// - Returns: the exit code and the summary.
    func run() throws -> (RunExit, RunSummary) {
        let runtime = LiveRuntime()
        let signals = InterruptSignals(interrupt: runtime.interrupt)
        defer { signals.stop() }
        let plan = try PlanBuilder.build(
            opened, itemCount: try journal.itemCount(), capabilities: endpoints.capabilities,
            fingerprints: endpoints.fingerprints,
            concurrency: endpoints.concurrency, shard: shard)
        let progress = ProgressView(terminal, budget: plan.budget) { [endpoints] in endpoints.status }
        let engine = try Engine(
            plan: plan, journal: journal, backend: endpoints.router, runtime: runtime, grader: opened.grader,
            prompt: try ItemStore.prompts(opened.suite, ItemStore.cache(nil)), observer: { progress.show($0) })
        if let recorded { engine.recorded = { try recorded.deck($0.ordinal, $1) } }
        let end: RunEnd
        do {
            end = try engine.run()
        } catch {
            progress.clear()
            throw CommandFailure(
                .incomplete, "\(error)\nwhat was finished is kept; go on with: evalh resume \(folder.shown)")
        }
        progress.clear()
        let summary = try RunReport.write(journal, description, to: folder)
        ResultTable.print(summary, folder: folder.shown, to: terminal)
        try journal.close()
        return (exit(for: end, summary), summary)
    }

    private func exit(for end: RunEnd, _ summary: RunSummary) -> RunExit {
        switch end {
        case .interrupted:
            terminal.line("interrupted; go on with: evalh resume \(folder.shown)")
            return .interrupted
        case .budgetReached(let limit):
            terminal.line("budget reached: \(limit)")
            terminal.line("go on with a larger one: evalh resume \(folder.shown) --set budget.tokens=…")
            return .budgetReached
        case .providerFailure(let message):
            terminal.error(
                "the provider fails: \(message)\nwhat was finished is kept; go on with: evalh resume \(folder.shown)")
            return .providerFailure
        case .allocatorFault(let message):
            terminal.error("\(message)\nwhat was finished is kept; go on with: evalh resume \(folder.shown)")
            return .pluginFault
        case .complete: return RunExit(judging: summary)
        }
    }
}

/// Ctrl-C and SIGTERM end a run cleanly; another one, a second or more later, at once. Sooner ones are the same wish
/// told twice: `timeout` signals the process and then its group.
final class InterruptSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]
    private var sources: [any DispatchSourceSignal] = []

    init(interrupt: @escaping @Sendable () -> Void) {
        let first = FirstSignal()
        for number in Self.numbers {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: first.queue)
            source.setEventHandler {
                if first.secondsSince() > 1 { Foundation.exit(RunExit.interrupted.rawValue) }
                interrupt()
            }
            source.resume()
            sources.append(source)
        }
    }

    func stop() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }

    /// Sendable: touched on its queue only.
    private final class FirstSignal: @unchecked Sendable {
        let queue = DispatchQueue(label: "evalh.signals")
        private var at: DispatchTime?

        /// Seconds since the first call.
        func secondsSince() -> Double {
            let now = DispatchTime.now()
            defer { at = at ?? now }
            return at.map { Double(now.uptimeNanoseconds - $0.uptimeNanoseconds) / 1e9 } ?? 0
        }
    }
}
