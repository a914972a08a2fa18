internal import Foundation
internal import ModelClients

/// A program that is written lines to and answers by lines, under a supervisor that ends it with its whole tree when we
/// are gone. One thread at a time uses it.
final class LineProgram: @unchecked Sendable {
    // Sendable: all but the wake pipe is used by one thread at a time, and that never changes.
    private let process: SupervisedProcess
    private var output: CapturedLines
    private var errors: CapturedPipe
    /// Our end of its standard input; -1 once closed.
    private var input: Int32
    /// Written to from any thread: the program's user looks up from waiting.
    private let wake: (reader: Int32, writer: Int32)
    /// The wait status.
    private(set) var status: Int32?

    /// - Throws: `notStarted`.
    init(_ settings: ProgramSettings) throws(ProgramFault) {
        let path = try Self.look(for: settings)
        var ends: [Int32] = [-1, -1, -1, -1]
        guard Self.open(&ends), let errors = CapturedPipe(keepingLast: 2 << 10),
            let output = CapturedLines(limit: settings.outputBytes)
        else {
            for end in ends where end >= 0 { close(end) }
            throw ProgramFault(reason: .notStarted("this process has too many open files; lower `connections`"))
        }
        self.errors = errors
        self.output = output
        input = ends[1]
        wake = (ends[2], ends[3])
        do throws(ServerFault) {
            process = try SupervisedProcess(
                SupervisedProgram(
                    path: path, arguments: settings.command, environment: settings.variables,
                    folder: settings.folder.path, input: ends[0], output: self.output.writer,
                    error: self.errors.writer, grace: 1, memoryBytes: settings.memory ?? 0))
        } catch {
            for end in ends { close(end) }
            throw ProgramFault(reason: .notStarted(error.description))
        }
        close(ends[0])
        self.output.closeWriter()
        self.errors.closeWriter()
    }

    /// The program's file.
    /// - Throws: `notStarted` where there is none.
    @discardableResult
    static func look(for settings: ProgramSettings) throws(ProgramFault) -> String {
        do throws(ServerFault) {
            return try ProgramPath.find(settings.command.first ?? "", from: settings.folder)
        } catch {
            throw ProgramFault(reason: .notStarted(error.description))
        }
    }

    /// Two pipes, nothing of which another program inherits; our ends do not wait.
    private static func open(_ ends: inout [Int32]) -> Bool {
        for first in [0, 2] {
            var pair: [Int32] = [-1, -1]
            guard pipe(&pair) == 0 else { return false }
            for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (ends[first], ends[first + 1]) = (pair[0], pair[1])
        }
        for end in ends.dropFirst() { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return true
    }

    deinit {
        end()
        close(wake.reader)
        close(wake.writer)
    }

    /// Whether it has ended by itself.
    var hasEnded: Bool {
        if status == nil { readReport() }
        return status != nil
    }

    /// Writes a line, taking what the program writes meanwhile.
    func write(_ line: [UInt8], until deadline: Double, timeout: Double, _ stop: CallStop) throws(ProgramFault) {
        var rest = (line + [UInt8(ascii: "\n")])[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            guard count < 0, errno == EAGAIN || errno == EINTR else {
                // Nobody reads: it has closed its input, as it does when it ends.
                try wait(until: deadline, timeout: timeout, stop, writes: false)
                if status == nil { throw fault(.misspoke("closed its standard input before it was asked")) }
                throw ended()
            }
            try wait(until: deadline, timeout: timeout, stop, writes: true)
            if status != nil { throw ended() }
        }
    }

    /// The next line that is not blank.
    func line(until deadline: Double, timeout: Double, _ stop: CallStop) throws(ProgramFault) -> [UInt8] {
        while true {
            output.read()
            while let line = output.next() {
                if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { return line }
            }
            if output.isTooLong { throw fault(.tooLongLine(limit: output.limit)) }
            if status != nil { throw ended() }
            try wait(until: deadline, timeout: timeout, stop, writes: false)
        }
    }

    /// Closes its input, gives it a moment to leave by itself, then ends it with all that it started.
    func end() {
        guard input >= 0 else { return }
        close(input)
        input = -1
        // Its start may not have been looked at yet.
        for _ in 0..<2 where status == nil {
            guard let report = process.next(within: 0.5) else { break }
            if case .ended(let ended) = report { status = ended }
        }
        process.end()
    }

    /// The last of its standard error so far.
    func lastErrors() -> [UInt8] {
        errors.read()
        return errors.bytes
    }

    func fault(_ reason: ProgramFault.Reason) -> ProgramFault { ProgramFault(reason: reason, errors: lastErrors()) }

    private func ended() -> ProgramFault { fault(.ended(status: status ?? 0)) }

    /// Waits until something has happened: output, its end, room to write where wanted, or a stop.
    private func wait(until deadline: Double, timeout: Double, _ stop: CallStop, writes: Bool) throws(ProgramFault) {
        let writer = wake.writer
        stop.whenStopped {
            var byte: UInt8 = 0
            _ = Foundation.write(writer, &byte, 1)
        }
        defer { stop.whenStopped(nil) }
        if stop.isStopped { throw fault(.stopped) }
        let left = deadline - Self.now()
        guard left > 0 else { throw fault(.timedOut(seconds: timeout)) }
        var events = [process.reports, output.readable, errors.readable, wake.reader].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if writes { events.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
        _ = poll(&events, nfds_t(events.count), Int32(min(left, 3600) * 1000) + 1)
        if events[1].revents != 0 { output.read() }
        if events[2].revents != 0 { errors.read() }
        if events[0].revents != 0 { readReport() }
        if output.isFlooded { throw fault(.tooLongLine(limit: output.limit)) }
    }

    private func readReport() {
        switch process.next(within: 0) {
        case .ended(let ended): status = ended
        case .notStarted(let error): status = error << 8
        case .over: status = 9
        case .started, nil: return
        }
        // What it wrote before its end is in the pipes.
        output.read()
        errors.read()
    }

    /// Seconds of a clock that never goes back.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
