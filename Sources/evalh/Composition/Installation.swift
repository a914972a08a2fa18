internal import Foundation

/// Where this evalh lives and what it brings along.
struct Installation {
    static let current = Installation()

    /// The binary's absolute path, symbolic links resolved.
    let binary: String
    /// Folders that suites are looked for in beside the current one: `share/evalh` of the installation.
    let shareFolders: [String]

    init() {
        let link =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        binary = URL(fileURLWithPath: link).resolvingSymlinksInPath().path
        let prefix = URL(fileURLWithPath: binary).deletingLastPathComponent().deletingLastPathComponent()
        shareFolders = [prefix.appendingPathComponent("share/evalh").path]
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// `$XDG_CACHE_HOME/evalh`, or `~/.cache/evalh`.
    static var cacheFolder: String {
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/evalh" }
        return (environment["HOME"] ?? "/tmp") + "/.cache/evalh"
    }
}
