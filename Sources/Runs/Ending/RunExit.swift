/// evalh's exit codes, as promised to scripts. `docs/ci.md` says what a job does on each.
package enum RunExit: Int32, Sendable {
    case pass = 0
    case gateFailed = 1
    case usage = 2
    case inconclusive = 3
    case incomplete = 4
    case budgetReached = 5
    case providerFailure = 6
    case pluginFault = 7
    case interrupted = 130

    /// Why a judged run did not pass.
    package var reason: String {
        switch self {
        case .gateFailed: "a gate failed"
        case .usage: "sessions failed by the suite or its data"
        case .inconclusive: "too few items to tell"
        case .incomplete: "the run is incomplete"
        case .providerFailure: "sessions failed by the provider"
        case .pluginFault: "sessions failed by a plugin or strategy"
        case .pass, .budgetReached, .interrupted: "not judged"
        }
    }
}

/// Ends a command with a text and a code. An empty text: everything has been said already.
package struct CommandFailure: Error, CustomStringConvertible {
    package var code: RunExit
    package var message: String

    package init(_ code: RunExit, _ message: String = "") {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
