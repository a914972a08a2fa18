internal import CProcess
internal import Foundation

/// A program with limits, and how it ended. Blocks the calling thread.
struct ChildProcess {
    enum Ending: Equatable {
        case exited(Int32)
        case signal(Int32)
        case timedOut
        case tooMuchOutput
        /// For people.
        case notStarted(String)
    }

    struct Outcome {
        var ending: Ending
        /// The first bytes of each, at most `keptBytes`.
        var output: [UInt8] = []
        var outputBytes = 0
        /// The last bytes.
        var errors: [UInt8] = []
        var errorBytes = 0
        var seconds = 0.0
    }

    static let keptBytes = 16 << 10
    static let maximumBytes = 16 << 20

    var path: String
    var arguments: [String]
    var environment: [String: String]
    var folder: String
    var timeout: Double
    /// Address space; 0: no limit.
    var memoryBytes: UInt64

    func run() -> Outcome {
        var outcome = Outcome(ending: .notStarted("this process has too many open files"))
        var (out, error) = (Self.pipe(), Self.pipe())
        guard out.reader >= 0, error.reader >= 0 else { return outcome }
        defer {
            for end in [out.reader, out.writer, error.reader, error.writer] where end >= 0 { close(end) }
        }
        var handle = evalh_process()
        let code = Self.withCStrings([path] + arguments) { argv in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
                path.withCString { path in
                    folder.withCString { folder in
                        var program = evalh_process_program(
                            path: path, argv: argv, envp: envp, directory: folder, input: -1, output: out.writer,
                            error: error.writer, grace_ms: 100, memory_bytes: memoryBytes,
                            cpu_seconds: UInt64(timeout) * 4 + 10)
                        return evalh_process_start(&program, &handle)
                    }
                }
            }
        }
        guard code == 0 else {
            outcome.ending = .notStarted(String(cString: strerror(code)))
            return outcome
        }
        close(out.writer)
        close(error.writer)
        (out.writer, error.writer) = (-1, -1)
        let start = ContinuousClock.now
        outcome.ending = wait(handle, out.reader, error.reader, until: start + .seconds(timeout), &outcome)
        outcome.seconds = (ContinuousClock.now - start) / .seconds(1)
        close(handle.control)
        var status: Int32 = 0
        while waitpid(handle.supervisor, &status, 0) < 0, errno == EINTR {}
        close(handle.reports)
        // What was written before the end lies in the pipes.
        _ = Self.drain(out.reader, &outcome.output, &outcome.outputBytes, keepsLast: false)
        _ = Self.drain(error.reader, &outcome.errors, &outcome.errorBytes, keepsLast: true)
        return outcome
    }

    private func wait(
        _ handle: evalh_process, _ out: Int32, _ error: Int32, until deadline: ContinuousClock.Instant,
        _ outcome: inout Outcome
    ) -> Ending {
        var (out, error) = (out, error)
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { return .timedOut }
            var events = [handle.reports, out, error].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = poll(&events, nfds_t(events.count), Int32(min(left, 60_000)) + 1)
            if events[1].revents != 0, !Self.drain(out, &outcome.output, &outcome.outputBytes, keepsLast: false) {
                out = -1
            }
            if events[2].revents != 0, !Self.drain(error, &outcome.errors, &outcome.errorBytes, keepsLast: true) {
                error = -1
            }
            guard max(outcome.outputBytes, outcome.errorBytes) <= Self.maximumBytes else { return .tooMuchOutput }
            guard events[0].revents != 0 else { continue }
            var report = evalh_process_report()
            guard read(handle.reports, &report, MemoryLayout<evalh_process_report>.size) > 0 else {
                return .notStarted("its supervisor was ended from outside")
            }
            switch Int(report.kind) {
            case EVALH_PROCESS_STARTED: continue
            case EVALH_PROCESS_NOT_STARTED: return .notStarted(String(cString: strerror(report.value)))
            default:
                let signal = report.value & 0x7F
                return signal == 0 ? .exited((report.value >> 8) & 0xFF) : .signal(signal)
            }
        }
    }

    private static func pipe() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { return (-1, -1) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    /// Takes what is there now, a megabyte at most. False at the end of the file.
    private static func drain(_ file: Int32, _ kept: inout [UInt8], _ total: inout Int, keepsLast: Bool) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        for _ in 0..<64 {
            let count = read(file, &chunk, chunk.count)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            guard count > 0 else { return false }
            total += count
            if keepsLast {
                kept = Array((kept + chunk[..<count]).suffix(keptBytes))
            } else if kept.count < keptBytes {
                kept += chunk[..<min(count, keptBytes - kept.count)]
            }
        }
        return true
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
