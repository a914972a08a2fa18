internal import Foundation
internal import PluginHost
internal import Runs

/// Where this evalh lives and what it brings along.
enum Installation {
    static let environment = ProcessInfo.processInfo.environment

    /// This program, as runs know it.
    static let host: RunHost = {
        let link =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        // Absolute, symbolic links resolved.
        let binary = URL(fileURLWithPath: link).resolvingSymlinksInPath()
        let prefix = binary.deletingLastPathComponent().deletingLastPathComponent()
        return RunHost(
            version: Evalh.version, binary: binary.path,
            shareFolders: [prefix.appendingPathComponent("share/evalh").path], environment: environment
        ) { notice in
            switch notice {
            case .line(let text): Terminal.standard.line(text)
            case .warning(let text): Terminal.standard.warning(text)
            case .error(let text): Terminal.standard.error(text)
            case .located(let text): Terminal.standard.write(text + "\n")
            }
        }
    }()

    /// This program while it runs a suite: it ends when a plugin's step does not come back, because its thread cannot
    /// be taken out of foreign code.
    static var watchedHost: RunHost {
        var host = host
        host.watchdog = StepWatchdog { overrun in
            Terminal.standard.error(
                "plugin \(overrun.plugin) has been in one step for \(Int(overrun.seconds)) s on item \(overrun.item);"
                    + " the run ends here\nwhat was finished is kept; go on with `evalh resume` without that arm, or"
                    + " with a mended plugin")
            Foundation._exit(RunExit.pluginFault.rawValue)
        }
        return host
    }

    /// `$XDG_CACHE_HOME/evalh`, or `~/.cache/evalh`.
    static var cacheFolder: String {
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/evalh" }
        return (environment["HOME"] ?? "/tmp") + "/.cache/evalh"
    }
}
