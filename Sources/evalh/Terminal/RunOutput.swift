internal import Foundation
internal import JSON
internal import Runs

/// A prepared run on a terminal: how it goes, how it ends, what comes next. The same for every command that runs
/// something.
enum RunOutput {
    /// Ends the command with the run's exit code.
    static func carryOut(_ run: PreparedRun, json: Bool) throws {
        let signals = InterruptSignals(interrupt: run.interrupt)
        defer { signals.stop() }
        let progress = SharedProgress(
            ProgressView(Terminal.standard, budget: run.budget, endpoints: run.endpointStatus))
        defer { progress.view.clear() }
        let end = try run.go { progress.view.show($0) }
        progress.view.clear()
        let concluded = try run.conclude(end)
        ResultTable.print(concluded.summary, folder: run.folder.shown, to: Terminal.standard)
        for notice in concluded.notices { Installation.host.say(notice) }
        if json { try JSONOutput.print(concluded.summary) }
        throw CommandFailure(concluded.exit)
    }

    /// The progress of workers.
    private final class SharedProgress: @unchecked Sendable {
        // Sendable: workers report one at a time.
        let view: ProgressView

        init(_ view: ProgressView) {
            self.view = view
        }
    }
}

/// Results that are asked for, on standard output.
enum JSONOutput {
    static func print(_ value: some Encodable) throws {
        let text = try JSONValue(encoding: value).sorted.indentedText(colon: " : ") + "\n"
        StandardOutput.write(text)
    }
}
