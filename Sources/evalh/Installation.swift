internal import Foundation
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

    /// `$XDG_CACHE_HOME/evalh`, or `~/.cache/evalh`.
    static var cacheFolder: String {
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/evalh" }
        return (environment["HOME"] ?? "/tmp") + "/.cache/evalh"
    }
}
