internal import CProcess
internal import Foundation
internal import Synchronization

/// A program under a supervisor that ends it, and its whole process group, when this process is gone for whatever reason.
final class SupervisedProcess: Sendable {
    enum Report: Equatable {
        case started(pid: Int32)
        case notStarted(errno: Int32)
        /// The wait status.
        case ended(status: Int32)
        /// The supervisor has gone.
        case over
    }

    private let handle: evalh_process
    private let isClosed = Mutex(false)

    init(program: String, arguments: [String], folder: String, log: Int32, grace: Double) throws(ServerFault) {
        var handle = evalh_process()
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let error = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                evalh_process_start(program, argv, envp, folder, log, Int32(max(0, min(grace, 600)) * 1000), &handle)
            }
        }
        guard error == 0 else { throw ServerFault("no process for the server: \(String(cString: strerror(error)))") }
        self.handle = handle
    }

    /// The next report, or `nil` after `seconds` without one.
    func next(within seconds: Double) -> Report? {
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

    /// Ends the program and waits until it and its group are gone; at most the grace time and some seconds. Again: nothing.
    func end() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        close(handle.control)
        var status: Int32 = 0
        while waitpid(handle.supervisor, &status, 0) < 0, errno == EINTR {}
        close(handle.reports)
    }

    deinit { end() }

    /// "exit status 3", "signal 9".
    static func describe(status: Int32) -> String {
        let signal = status & 0x7F
        return signal == 0 ? "exit status \((status >> 8) & 0xFF)" : "signal \(signal)"
    }
}

/// Calls `body` with `strings` as a C array that ends with NULL.
private func withCStrings<Result>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
}
