internal import Engine
internal import Journal
package import Reporting

/// A run that came to an end, with its exit code and what is to be said of it.
package struct ConcludedRun: Sendable {
    package let exit: RunExit
    package let summary: RunSummary
    /// Why it ended before its time and how to go on; empty: it did not.
    package let notices: [RunHost.Notice]

    /// - Parameter wayOn: the command that goes on with it.
    init(_ end: RunEnd, _ summary: RunSummary, wayOn: String) {
        self.summary = summary
        switch end {
        case .complete:
            exit = RunExit(judging: summary)
            notices = []
        case .interrupted:
            exit = .interrupted
            notices = [.line("interrupted; go on with: \(wayOn)")]
        case .budgetReached(let limit):
            exit = .budgetReached
            notices = [
                .line("budget reached: \(limit)"), .line("go on with a larger one: \(wayOn) --set budget.tokens=…"),
            ]
        case .budgetPassed(let limit):
            exit = .budgetReached
            let rest = summary.status == .complete ? [] : ["go on with a larger one: \(wayOn) --set budget.tokens=…"]
            notices =
                [
                    .error(
                        "budget passed: \(limit)\n"
                            + "the server counts more than could be foreseen; it is learned from now on"
                    )
                ] + rest.map { .line($0) }
        case .providerFailure(let message):
            exit = .providerFailure
            notices = [.error("the provider fails: \(message)\nwhat was finished is kept; go on with: \(wayOn)")]
        case .refused(let error):
            exit = RunExit(error.kind)
            notices = [
                .error(
                    "the first \(FirstRefusals.limit) requests were refused for one reason: \(error.shortMessage)\n"
                        + "\(error.kind.nextStep)\nnothing was answered; go on with: \(wayOn)")
            ]
        case .unsupported(let message):
            exit = .usage
            notices = [.error(message)]
        case .allocatorFault(let message):
            exit = .pluginFault
            notices = [.error("\(message)\nwhat was finished is kept; go on with: \(wayOn)")]
        }
    }
}
