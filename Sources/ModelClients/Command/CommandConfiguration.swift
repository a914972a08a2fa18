package import Foundation

/// A program as a role's endpoint: how it is run, under which limits, and what its cost counts as.
package struct CommandConfiguration: Sendable {
    /// The model's role in the suite: "main", ...
    package var role: String
    /// The command as people are shown it.
    package var shown: String
    /// Program and first arguments; `--budget`, `--seed` and `--instance` are put behind them. A program with a slash
    /// is relative to `folder`, one without is looked for in `PATH`. No shell reads them.
    package var arguments: [String]
    /// Where the program starts.
    package var folder: URL
    /// Variables beside the few that every program gets (`CommandLimits.inherited`).
    package var environment: [String: String]
    /// Seconds of wall time for one run.
    package var timeout: Double
    /// Bytes of address space of each process; `nil`: no limit.
    package var memory: UInt64?
    /// Programs at once.
    package var maxConnections: Int
    /// What costs are counted in; `nil`: whatever the program says.
    package var unit: String?
    /// The cost that counts as one completion token; above 0.
    package var costPerToken: Double

    package init(
        role: String, shown: String? = nil, arguments: [String], folder: URL, environment: [String: String] = [:],
        timeout: Double = 60,
        memory: UInt64? = nil, maxConnections: Int? = nil, unit: String? = nil, costPerToken: Double = 1
    ) {
        self.role = role
        self.shown = shown ?? arguments.joined(separator: " ")
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
        self.timeout = timeout
        self.memory = memory
        self.maxConnections = max(1, maxConnections ?? ProcessInfo.processInfo.activeProcessorCount)
        self.unit = unit
        self.costPerToken = costPerToken
    }
}

/// Bounds on what a program is given and may do.
enum CommandLimits {
    /// Bytes of standard output.
    static let output = 64 << 10
    /// Bytes of standard error kept: the last ones.
    static let errors = 2 << 10
    /// Bytes of an instance; the kernel takes 128 KiB as one argument.
    static let instance = 100 << 10
    /// Characters of a failure's message.
    static let message = 4 << 10
    /// Seconds from SIGTERM to SIGKILL.
    static let grace = 0.5
    /// Variables that every program gets from ours, where we have them.
    static let inherited = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"]
}
