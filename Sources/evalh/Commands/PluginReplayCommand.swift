internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Reporting
internal import Runs

struct PluginReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a new build of a plugin over a run, and show what it decides otherwise.",
        discussion: """
            No model is asked: every request finds the completion that the run recorded for it. Sessions are those of \
            arms whose strategy the file offers, or all if it offers the run's grader.

            The exit code is 0 if nothing changed, 1 if something did, 7 if sessions fail that did not.

            EXAMPLES
              evalh plugin replay reports/gsm/latest build/libvote.so
              evalh plugin replay reports/gsm/latest build/libvote.so --arm vote --limit 100 --json
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Argument(help: ArgumentHelp("The new build.", valueName: "file"))
    var file: String

    @Option(help: "This arm alone.")
    var arm: String?

    @Option(help: "At most so many sessions.")
    var limit: Int?

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run() throws {
        let path = URL(fileURLWithPath: file).path
        let replay = try DecisionReplay(runPath, file: path, arm: arm, Installation.host)
        var changes: [DecisionChange] = []
        let summary = try replay.run(limit: limit) { change in
            if json { changes.append(change) } else { print(SafeText.terminal(change.text)) }
        }
        if json {
            let text = summary.json(runPath, path, changes).indentedText() + "\n"
            FileHandle.standardOutput.write(Data(text.utf8))
        } else {
            print(SafeText.terminal(summary.text))
        }
        if summary.failed > 0 { throw CommandFailure(.pluginFault) }
        if summary.changed > 0 { throw CommandFailure(.gateFailed) }
    }
}
