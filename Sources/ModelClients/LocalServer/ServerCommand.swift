package import Foundation

/// How a local model server is started.
package struct ServerCommand: Sendable {
    /// Program and arguments; `{port}` in any of them becomes the port. A program with a slash is relative to `folder`,
    /// one without is looked for in `PATH`.
    package var arguments: [String]
    /// The socket it listens on, in place of a port: `{socket}` in arguments becomes it. At most 107 bytes.
    package var socket: String?
    /// Variables beside those of this process.
    package var environment: [String: String]
    /// The suite's folder: the server runs in it.
    package var folder: URL
    /// Where standard output and error go; made, with its folder, if missing, appended to if there.
    package var log: URL
    /// Seconds until `/health` must answer 200. Loading a large model from a cold disk takes minutes.
    package var startupTimeout: Double
    /// Seconds from SIGTERM to SIGKILL.
    package var grace: Double

    package init(
        arguments: [String], socket: String? = nil, environment: [String: String] = [:], folder: URL, log: URL,
        startupTimeout: Double = 180, grace: Double = 3
    ) {
        self.arguments = arguments
        self.socket = socket
        self.environment = environment
        self.folder = folder
        self.log = log
        self.startupTimeout = startupTimeout
        self.grace = grace
    }

    /// The file that is run.
    func program() throws(ServerFault) -> String { try ProgramPath.find(arguments.first ?? "", from: folder) }

    func arguments(port: Int) -> [String] {
        arguments.map {
            $0.replacingOccurrences(of: "{port}", with: String(port)).replacingOccurrences(
                of: "{socket}", with: socket ?? "")
        }
    }
}

/// Why a local server did not start, or ended. For people.
package struct ServerFault: Error, CustomStringConvertible, Sendable {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
