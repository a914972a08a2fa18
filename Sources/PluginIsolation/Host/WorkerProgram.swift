/// What workers are started from, and what they may use.
package struct WorkerProgram: Sendable {
    /// evalh's own file, which knows the hidden command of workers.
    package var binary: String
    package var environment: [String: String]
    /// Workers of one library and kind of plugin at once.
    package var processes: Int
    /// Address space of each, in bytes.
    package var memoryBytes: UInt64
    package var limits: WorkerLimits

    /// - Parameters:
    ///   - environment: evalh's own; plugins are given little of it, and no secrets.
    ///   - processes: cores of the machine.
    package init(
        binary: String, environment: [String: String], processes: Int, memoryBytes: UInt64 = 4 << 30,
        limits: WorkerLimits = WorkerLimits()
    ) {
        self.binary = binary
        self.environment = environment.filter { name, _ in
            Self.kept.contains(name) || name.hasPrefix("LC_") || name.hasSuffix("SAN_OPTIONS")
        }
        self.processes = min(max(1, processes), 64)
        self.memoryBytes = memoryBytes
        self.limits = limits
    }

    private static let kept: Set<String> = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH"]
}

/// Seconds that calls of a plugin may take, without what the host does for them; whatever takes longer hangs.
package struct WorkerLimits: Hashable, Sendable {
    /// Until the library is open.
    package var start: Double
    /// A call of a strategy.
    package var strategy: Double
    package var grader: Double
    /// A call of a metric or an allocator, which may look at a whole run.
    package var overRuns: Double

    package init(start: Double = 30, strategy: Double = 10, grader: Double = 60, overRuns: Double = 600) {
        self.start = start
        self.strategy = strategy
        self.grader = grader
        self.overRuns = overRuns
    }
}
