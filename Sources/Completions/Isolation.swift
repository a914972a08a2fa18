/// How far a plugin is kept from the run that uses it.
package enum Isolation: String, Codable, CaseIterable, Hashable, Sendable {
    /// It runs in evalh's own process: fastest, and a crash takes the run along.
    case inProcess = "none"
    /// It runs in a process of its own, with a limit of memory.
    case process
    /// The same, and that process has no network, writes no files and starts no programs, as far as the kernel can.
    case sandbox
}
