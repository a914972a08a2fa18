internal import ArgumentParser

/// evalh's exit codes, as promised to scripts.
enum RunExit: Int32 {
    case pass = 0
    case gateFailed = 1
    case usage = 2
    case inconclusive = 3
    case incomplete = 4
    case budgetReached = 5
    case providerFailure = 6
    case pluginFault = 7
    case interrupted = 130
}

/// Ends a command with a text and a code. An empty text: everything has been said already.
struct CommandFailure: Error {
    var code: RunExit
    var message: String

    init(_ code: RunExit, _ message: String = "") {
        self.code = code
        self.message = message
    }
}
