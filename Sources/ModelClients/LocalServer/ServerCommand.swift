package import Foundation

/// How a local model server is started.
package struct ServerCommand: Sendable {
    /// Program and arguments; `{port}` in any of them becomes the port. A program with a slash is relative to `folder`, one without
    /// is looked for in `PATH`.
    package var arguments: [String]
    /// The suite's folder: the server runs in it.
    package var folder: URL
    /// Where standard output and error go; made, with its folder, if missing, appended to if there.
    package var log: URL
    /// Seconds until `/health` must answer 200. Loading a large model from a cold disk takes minutes.
    package var startupTimeout: Double
    /// Seconds from SIGTERM to SIGKILL.
    package var grace: Double

    package init(arguments: [String], folder: URL, log: URL, startupTimeout: Double = 180, grace: Double = 3) {
        self.arguments = arguments
        self.folder = folder
        self.log = log
        self.startupTimeout = startupTimeout
        self.grace = grace
    }

    /// The file that is run.
    func program() throws(ServerFault) -> String {
        guard let name = arguments.first, !name.isEmpty else { throw ServerFault("the server's command is empty") }
        if name.contains("/") {
            let path = URL(fileURLWithPath: name, relativeTo: folder.appendingPathComponent("", isDirectory: true)).standardizedFileURL.path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw ServerFault("the server '\(path)' is not there or cannot be run")
            }
            return path
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        for folder in folders {
            let path = "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            if FileManager.default.isExecutableFile(atPath: path), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return path
            }
        }
        throw ServerFault("the server '\(name)' is in no folder of PATH; give its path, or install it")
    }

    func arguments(port: Int) -> [String] {
        arguments.map { $0.replacingOccurrences(of: "{port}", with: String(port)) }
    }
}

/// Why a local server did not start, or ended. For people.
package struct ServerFault: Error, CustomStringConvertible, Sendable {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
