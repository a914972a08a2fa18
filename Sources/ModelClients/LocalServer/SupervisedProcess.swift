internal import CProcess
internal import Foundation
internal import Synchronization

/// What a supervised process runs.
package struct SupervisedProgram {
    /// Absolute.
    var path: String
    /// The program's name first.
    var arguments: [String]
    /// All of it: nothing is inherited.
    var environment: [String: String]
    /// Where it starts.
    var folder: String
    /// Open descriptor for standard input; -1: it is empty.
    var input: Int32 = -1
    /// Open descriptors for standard output and error; may be the same.
    var output: Int32
    var error: Int32
    /// Seconds from SIGTERM to SIGKILL.
    var grace: Double
    /// Address space of each of its processes; 0: no limit.
    var memoryBytes: UInt64 = 0
    /// Processor time of each of its processes; 0: no limit.
    var cpuSeconds: UInt64 = 0

    package init(
        path: String, arguments: [String], environment: [String: String], folder: String, input: Int32 = -1,
        output: Int32, error: Int32, grace: Double, memoryBytes: UInt64 = 0, cpuSeconds: UInt64 = 0
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.input = input
        self.output = output
        self.error = error
        self.grace = grace
        self.memoryBytes = memoryBytes
        self.cpuSeconds = cpuSeconds
    }
}

/// A program under a supervisor that ends it, and its whole process group, when this process is gone for whatever
/// reason.
package final class SupervisedProcess: Sendable {
    package enum Report: Equatable {
        case started(pid: Int32)
        case notStarted(errno: Int32)
        /// The wait status.
        case ended(status: Int32)
        /// The supervisor has gone.
        case over
    }

    private let handle: evalh_process
    /// Whether the end was asked for, and whether it was waited for.
    private let isClosed = Mutex(false)
    private let isOver = Mutex(false)

    /// - Parameter program: its descriptors stay the caller's.
    package init(_ program: SupervisedProgram) throws(ServerFault) {
        var handle = evalh_process()
        let error = withCStrings(program.arguments) { argv in
            withCStrings(program.environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
                program.path.withCString { path in
                    program.folder.withCString { folder in
                        var wanted = evalh_process_program(
                            path: path, argv: argv, envp: envp, directory: folder, input: program.input,
                            output: program.output, error: program.error,
                            grace_ms: Int32(max(0, min(program.grace, 600)) * 1000), memory_bytes: program.memoryBytes,
                            cpu_seconds: program.cpuSeconds)
                        return evalh_process_start(&wanted, &handle)
                    }
                }
            }
        }
        guard error == 0 else {
            throw ServerFault("no process for '\(program.path)': \(String(cString: strerror(error)))")
        }
        self.handle = handle
    }

    /// Readable when there is a report: for `poll` beside other descriptors.
    package var reports: Int32 { handle.reports }

    /// The next report, or `nil` after `seconds` without one.
    package func next(within seconds: Double) -> Report? {
        var event = pollfd(fd: handle.reports, events: Int16(POLLIN), revents: 0)
        guard poll(&event, 1, Int32(max(0, min(seconds, 3600)) * 1000)) > 0 else { return nil }
        var record = evalh_process_report()
        let count = read(handle.reports, &record, MemoryLayout<evalh_process_report>.size)
        guard count == MemoryLayout<evalh_process_report>.size else { return count < 0 && errno == EINTR ? nil : .over }
        switch Int(record.kind) {
        case EVALH_PROCESS_STARTED: return .started(pid: record.value)
        case EVALH_PROCESS_NOT_STARTED: return .notStarted(errno: record.value)
        default: return .ended(status: record.value)
        }
    }

    /// Asks for the program's end and returns at once; `end` waits for it. Any thread. Again: nothing.
    package func askToEnd() {
        isClosed.withLock { isClosed in
            if !isClosed { close(handle.control) }
            isClosed = true
        }
    }

    /// Ends the program and waits until it and its group are gone; at most the grace time and some seconds. Again:
    /// nothing.
    package func end() {
        askToEnd()
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        guard isFirst else { return }
        var status: Int32 = 0
        while waitpid(handle.supervisor, &status, 0) < 0, errno == EINTR {}
        close(handle.reports)
    }

    deinit { end() }

    /// "exit status 3", "signal 9".
    package static func describe(status: Int32) -> String {
        let signal = status & 0x7F
        return signal == 0 ? "exit status \((status >> 8) & 0xFF)" : "signal \(signal)"
    }
}

/// Calls `body` with `strings` as a C array that ends with NULL.
private func withCStrings<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result)
    -> Result
{
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { body($0.baseAddress) }
}
