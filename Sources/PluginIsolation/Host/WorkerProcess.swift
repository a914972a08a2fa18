internal import CPluginWorker
internal import CProcess
internal import Completions
internal import Foundation
internal import Glibc

/// One child process that holds instances of a library's plugins. Used by one thread at a time.
///
/// It runs under the supervisor of `CProcess`, so that it ends when we do, however that may be.
final class WorkerProcess {
    /// Of `evalh_worker_confine`.
    private(set) var confinement: UInt32 = 0
    private let mailbox: Mailbox
    private var process: evalh_process
    /// Reading end of what it writes to standard output and error.
    private let words: Int32
    private var said: [UInt8] = []
    private var calls = 0
    private var status: Int32?
    private var isOver = false

    /// Starts it and waits until its library is open.
    init(_ program: WorkerProgram, library: String, isolation: Isolation) throws(WorkerEnd) {
        var box: OpaquePointer?
        var memory: Int32 = -1
        let error = evalh_mailbox_make(&box, &memory)
        guard error == 0, let box else { throw WorkerEnd(.notStarted(String(cString: strerror(error)))) }
        mailbox = Mailbox(
            box, side: Int32(EVALH_MAILBOX_HOST), processors: ProcessInfo.processInfo.activeProcessorCount)
        defer { close(memory) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WorkerEnd(.notStarted(String(cString: strerror(errno)))) }
        // A plugin that writes more than is read loses words, no time.
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        defer { close(ends[1]) }
        words = ends[0]
        process = evalh_process(supervisor: 0, control: -1, reports: -1)
        let arguments = [program.binary, "internal", "plugin-worker", library, isolation.rawValue]
        let environment = program.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let failure = Self.start(
            program.binary, arguments, environment, output: memory, error: ends[1], memoryBytes: program.memoryBytes,
            &process)
        guard failure == 0 else {
            isOver = true
            throw WorkerEnd(.notStarted(String(cString: strerror(failure))))
        }
        _ = fcntl(process.reports, F_SETFL, O_NONBLOCK)
        var reader = WireReader(try receive(within: program.limits.start))
        do {
            switch WorkerWord(rawValue: try reader.get(UInt8.self)) {
            case .value: confinement = try reader.get()
            case .fault: throw WorkerEnd(.notOpened(try reader.text()))
            case .request, nil: throw WireFault("no greeting")
            }
        } catch let end as WorkerEnd {
            _ = finish(.exit(0))
            throw end
        } catch {
            throw finish(.nonsense("no greeting"))
        }
    }

    deinit {
        if !isOver { finish() }
        close(words)
    }

    /// Sends a message and gives the reply. `serve` answers what the plugin's call asks of the host; what it throws
    /// is nonsense. After a throw the worker is gone.
    func exchange(
        _ message: [UInt8], within seconds: Double, serve: (inout WireReader) throws(WireFault) -> [UInt8]
    ) throws(WorkerEnd) -> [UInt8] {
        calls += 1
        if calls % 256 == 0 { listen() }
        var left = seconds
        var message = message
        while true {
            try send(message, within: &left)
            let reply = try receive(within: &left)
            guard reply.first == WorkerWord.request.rawValue else { return reply }
            var reader = WireReader(reply)
            do throws(WireFault) {
                _ = try reader.get(UInt8.self)
                message = try serve(&reader)
            } catch {
                throw finish(.nonsense(error.message))
            }
        }
    }

    /// It sent what cannot be read.
    func isNonsense(_ fault: WireFault) -> WorkerEnd { finish(.nonsense(fault.message)) }

    private func send(_ message: [UInt8], within left: inout Double) throws(WorkerEnd) {
        try mailbox.send(message) { () throws(WorkerEnd) in try wait(within: &left) }
    }

    private func receive(within seconds: Double) throws(WorkerEnd) -> [UInt8] {
        var left = seconds
        return try receive(within: &left)
    }

    private func receive(within left: inout Double) throws(WorkerEnd) -> [UInt8] {
        try wait(within: &left)
        let message = try mailbox.receive { () throws(WorkerEnd) in try wait(within: &left) }
        guard let message else { throw finish(.nonsense("its size")) }
        return message
    }

    /// Waits for our turn. What the host does meanwhile is not counted against the plugin.
    private func wait(within left: inout Double) throws(WorkerEnd) {
        if mailbox.wait(nanoseconds: 200_000) { return }
        let start = ContinuousClock.now
        let most = left
        var slice: UInt64 = 500_000
        while !mailbox.wait(nanoseconds: slice) {
            slice = min(slice * 2, 20_000_000)
            if let ended = endStatus() { throw finish(Self.cause(of: ended)) }
            let passed = (ContinuousClock.now - start) / .seconds(1)
            if passed > most { throw finish(.hung(seconds: most)) }
        }
        left -= (ContinuousClock.now - start) / .seconds(1)
    }

    private static func cause(of status: Int32) -> WorkerEnd.Cause {
        let signal = status & 0x7F
        return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }

    /// How it ended, as its supervisor reports; `nil`: it lives.
    private func endStatus() -> Int32? {
        if let status { return status }
        var report = evalh_process_report()
        while true {
            let size = read(process.reports, &report, MemoryLayout<evalh_process_report>.size)
            if size < 0, errno == EINTR { continue }
            if size == 0 {
                // The supervisor itself is gone, and has taken it along.
                status = SIGKILL
                return status
            }
            guard size == MemoryLayout<evalh_process_report>.size else { return nil }
            switch report.kind {
            case Int32(EVALH_PROCESS_ENDED): status = report.value
            case Int32(EVALH_PROCESS_NOT_STARTED): status = 127 << 8
            default: continue
            }
            return status
        }
    }

    /// Keeps the last of what it wrote, so that there is room for more.
    private func listen() {
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let size = read(words, &room, room.count)
            guard size > 0 else { return }
            said = Array((said + room[0..<size]).suffix(4096))
        }
    }

    @discardableResult
    private func finish() -> Int32? {
        isOver = true
        close(process.control)
        var ended: Int32 = 0
        while waitpid(process.supervisor, &ended, 0) < 0, errno == EINTR {}
        _ = endStatus()
        close(process.reports)
        return status
    }

    /// Ends it and says why.
    private func finish(_ cause: WorkerEnd.Cause) -> WorkerEnd {
        var end = WorkerEnd(cause)
        guard !isOver else { return end }
        finish()
        listen()
        var crash = evalh_worker_crash()
        evalh_mailbox_read_crash(mailbox.box, &crash)
        end.function = UInt8(exactly: crash.function).flatMap(WorkerCall.init(rawValue:))
        if case .signal = cause {
            end.symbol = Self.text(of: &crash.symbol)
            end.file = Self.text(of: &crash.file)
        }
        let lines = String(decoding: said, as: UTF8.self).split(whereSeparator: \.isNewline)
        end.lastWords = lines.last.map { String($0.prefix(300)) } ?? ""
        return end
    }

    private static func text<T>(of characters: inout T) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func start(
        _ path: String, _ arguments: [String], _ environment: [String], output: Int32, error: Int32,
        memoryBytes: UInt64, _ process: inout evalh_process
    ) -> Int32 {
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        return path.withCString { path in
            argv.withUnsafeMutableBufferPointer { argv in
                envp.withUnsafeMutableBufferPointer { envp in
                    guard let arguments = argv.baseAddress, let environment = envp.baseAddress else { return EINVAL }
                    var program = evalh_process_program(
                        path: path, argv: arguments, envp: environment, directory: nil, input: -1, output: output,
                        error: error,
                        grace_ms: 0, memory_bytes: memoryBytes, cpu_seconds: 0)
                    return evalh_process_start(&program, &process)
                }
            }
        }
    }
}
