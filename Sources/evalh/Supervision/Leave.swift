internal import Foundation
internal import PluginHost
internal import Runs

/// The one way in which evalh ends by its own will.
enum Leave {
    /// Whatever happens on the way out, in plugins' destructors say, the code stays.
    static func with(_ code: RunExit) -> Never {
        WatchedProcess.sayGoodbye(code.rawValue)
        exit(code.rawValue)
    }
}
