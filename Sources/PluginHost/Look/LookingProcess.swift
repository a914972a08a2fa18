internal import CProcess
internal import Foundation
internal import Glibc

/// A child process that looks into one library. It is ended with all that it started when it has answered, when it
/// passes a limit, or when this process is gone.
struct LookingProcess {
    let program: String
    let arguments: [String]
    let environment: [String: String]
    let limits: LookLimits

    struct Outcome {
        enum End: Equatable {
            case exited(Int32)
            case signal(Int32)
            case outOfTime
            case saidTooMuch
            /// An `errno`.
            case notStarted(Int32)
        }

        var end: End
        /// What it gave as its answer.
        var answer: Data
        /// The end of what it wrote besides, for people.
        var words: String
    }

    /// Bytes that are kept of what a child writes besides its answer.
    private static let wordBytes = 4096

    func run() -> Outcome {
        guard let answer = PipeEnds(), let words = PipeEnds() else {
            return Outcome(end: .notStarted(errno), answer: Data(), words: "")
        }
        var handle = evalh_process()
        let error = start(answer.writing, words.writing, &handle)
        answer.closeWriting()
        words.closeWriting()
        guard error == 0 else { return Outcome(end: .notStarted(error), answer: Data(), words: "") }
        defer {
            close(handle.reports)
            var status: Int32 = 0
            while waitpid(handle.supervisor, &status, 0) < 0, errno == EINTR {}
        }
        var collected = Collected(answer: answer.reading, words: words.reading, reports: handle.reports)
        let end = collected.wait(limits)
        close(handle.control)
        return Outcome(end: end, answer: collected.answerBytes, words: collected.wordsText(Self.wordBytes))
    }

    private func start(_ output: Int32, _ error: Int32, _ handle: inout evalh_process) -> Int32 {
        let argv = CStrings([program] + arguments)
        let envp = CStrings(environment.map { "\($0.key)=\($0.value)" }.sorted())
        return withExtendedLifetime((argv, envp)) {
            program.withCString { path in
                var wanted = evalh_process_program(
                    path: path, argv: argv.pointer, envp: envp.pointer, directory: nil, input: -1, output: output,
                    error: error,
                    grace_ms: 0, memory_bytes: UInt64(limits.memoryBytes), cpu_seconds: UInt64(limits.cpuSeconds))
                return evalh_process_start(&wanted, &handle)
            }
        }
    }
}

/// Both ends of a pipe, closed when it goes.
private final class PipeEnds {
    let reading: Int32
    private(set) var writing: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    deinit {
        closeWriting()
        close(reading)
    }
}

/// Strings as a C array that ends with NULL.
private final class CStrings {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointer = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { (pointer + index).initialize(to: strdup(string)) }
        (pointer + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { free(pointer[index]) }
        pointer.deallocate()
    }
}

/// What comes from a child until it has ended.
private struct Collected {
    let answer: Int32
    let words: Int32
    let reports: Int32
    private(set) var answerBytes = Data()
    private var wordBytes = Data()
    private var pid: Int32 = 0

    init(answer: Int32, words: Int32, reports: Int32) {
        self.answer = answer
        self.words = words
        self.reports = reports
    }

    mutating func wait(_ limits: LookLimits) -> LookingProcess.Outcome.End {
        let (start, limit) = (ContinuousClock.now, limits.answerBytes)
        var deadline = start + .seconds(limits.seconds)
        while true {
            if deadline <= .now {
                deadline = start + .seconds(min(limits.mostSeconds, limits.seconds + secondsKeptWaiting()))
            }
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { return .outOfTime }
            var events = [answer, words, reports].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&events, 3, Int32(min(left + 1, 60_000))) >= 0 || errno == EINTR else { return .outOfTime }
            drain(limit)
            guard answerBytes.count <= limit else { return .saidTooMuch }
            guard events[2].revents != 0, let end = nextReport() else {
                // A closed pipe is always readable.
                if events.contains(where: { $0.revents & Int16(POLLHUP) != 0 }) { usleep(1000) }
                continue
            }
            // What is left of a process that has ended lies in the pipes: no need to wait for its children.
            drain(limit)
            return answerBytes.count > limit ? .saidTooMuch : end
        }
    }

    /// How the child ended; `nil`: it goes on.
    private mutating func nextReport() -> LookingProcess.Outcome.End? {
        var record = evalh_process_report()
        let size = MemoryLayout<evalh_process_report>.size
        guard read(reports, &record, size) == size else { return .notStarted(ECHILD) }
        switch Int(record.kind) {
        case EVALH_PROCESS_STARTED:
            pid = record.value
            return nil
        case EVALH_PROCESS_NOT_STARTED: return .notStarted(record.value)
        default:
            let signal = record.value & 0x7F
            return signal == 0 ? .exited((record.value >> 8) & 0xFF) : .signal(signal)
        }
    }

    /// Seconds that the child could have run, had it been given a processor (proc(5), `schedstat`, second number).
    private func secondsKeptWaiting() -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/schedstat", encoding: .utf8) else { return 0 }
        let numbers = text.split(whereSeparator: \.isWhitespace)
        return numbers.count > 1 ? (Double(numbers[1]) ?? 0) / 1e9 : 0
    }

    private mutating func drain(_ limit: Int) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while answerBytes.count <= limit, case let count = read(answer, &buffer, buffer.count), count > 0 {
            answerBytes.append(contentsOf: buffer[..<count])
        }
        // One that writes without end must not keep us here.
        for _ in 0..<64 {
            let count = read(words, &buffer, buffer.count)
            guard count > 0 else { return }
            wordBytes.append(contentsOf: buffer[..<count])
            wordBytes = Data(wordBytes.suffix(65_536))
        }
    }

    func wordsText(_ most: Int) -> String { String(decoding: wordBytes.suffix(most), as: UTF8.self) }
}
