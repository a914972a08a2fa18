package import Foundation
internal import Hashing
package import ModelClients

/// A program that serves a strategy: how it is started, and what it may take.
package struct ProgramSettings: Sendable {
    /// The service's name in the suite.
    package var name: String
    /// Program and arguments. A program with a slash is relative to `folder`, one without is looked for in `PATH`. No
    /// shell reads them.
    package var command: [String]
    /// Where it starts.
    package var folder: URL
    /// Variables beside the few that every program gets.
    package var environment: [String: String]
    /// Variables whose values nobody may see.
    package var secrets: [String: Secret]
    /// Seconds that a call may take.
    package var timeout: Double
    /// Seconds until a program that speaks first must have spoken.
    package var startTimeout: Double
    /// Bytes of address space of each of its processes; `nil`: no limit.
    package var memory: UInt64?
    /// Bytes of one line that it writes.
    package var outputBytes: Int
    /// Copies of it that run at once, each with one call at a time.
    package var connections: Int

    package init(
        name: String, command: [String], folder: URL, environment: [String: String] = [:],
        secrets: [String: Secret] = [:], timeout: Double = 60, startTimeout: Double = 60, memory: UInt64? = nil,
        outputBytes: Int = 4 << 20, connections: Int = 1
    ) {
        self.name = name
        self.command = command
        self.folder = folder
        self.environment = environment
        self.secrets = secrets
        self.timeout = timeout
        self.startTimeout = startTimeout
        self.memory = memory
        self.outputBytes = outputBytes
        self.connections = connections
    }

    /// What of it decides results: command, files that the arguments name, variables. Secrets by name only.
    var identity: String {
        let configuration = CommandConfiguration(
            role: name, arguments: command, folder: folder, environment: environment)
        return ModelFingerprint(configuration).text + ";secrets=" + secrets.keys.sorted().joined(separator: ",")
    }

    /// The whole environment of the program.
    var variables: [String: String] {
        ProcessInfo.processInfo.environment.filter { Self.inherited.contains($0.key) }
            .merging(environment) { $1 }.merging(secrets.mapValues { $0.reveal() }) { $1 }
    }

    /// Variables that every program gets from ours, where we have them.
    private static let inherited = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"]
}
