/// What a program in the sandbox may use. See `evalh_sandbox.h`.
package struct SandboxLimits: Hashable, Sendable {
    /// Processor time, of each of its processes.
    package var cpuSeconds: Double
    /// Time until the end of all of it: larger, so that a busy machine changes nothing.
    package var wallSeconds: Double
    /// Address space, of each of its processes.
    package var memoryBytes: Int
    /// Of standard output and error together; one byte more ends the program.
    package var outputBytes: Int
    /// Of all files that it writes.
    package var fileBytes: Int
    /// Processes and threads at once, itself included.
    package var processes: Int

    package init(
        cpuSeconds: Double = 10, wallSeconds: Double = 60, memoryBytes: Int = 1 << 30, outputBytes: Int = 1 << 20,
        fileBytes: Int = 16 << 20, processes: Int = 1
    ) {
        self.cpuSeconds = cpuSeconds
        self.wallSeconds = wallSeconds
        self.memoryBytes = memoryBytes
        self.outputBytes = outputBytes
        self.fileBytes = fileBytes
        self.processes = processes
    }
}
