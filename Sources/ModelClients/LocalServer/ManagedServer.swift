internal import Foundation
internal import Synchronization

/// A local model server that this process started, and that goes when this process goes.
package final class ManagedServer: Sendable {
    /// On 127.0.0.1; 0 where it listens on a socket.
    package let port: Int
    /// "http://127.0.0.1:49152", or "unix:/tmp/reference.sock".
    package var origin: String { command.socket.map { "unix:\($0)" } ?? "http://127.0.0.1:\(port)" }
    /// The server's process, leader of a group of its own.
    package let processID: Int32

    private let process: SupervisedProcess
    private let command: ServerCommand
    private let exit = Mutex<Int32?>(nil)

    private init(port: Int, processID: Int32, process: SupervisedProcess, command: ServerCommand) {
        self.port = port
        self.processID = processID
        self.process = process
        self.command = command
    }

    /// Starts the server and waits until it is ready: until `GET /health` answers 200. Refused connections and other
    /// answers (503 while the model loads) mean that it is not. Blocks the calling thread meanwhile.
    /// - Throws: `ServerFault` with the exit status and the end of the log when it ends or is not ready in time; then
    ///   nothing of it is left running.
    package static func start(_ command: ServerCommand) throws(ServerFault) -> ManagedServer {
        if command.socket != nil { return try start(command, port: 0) }
        var lastFault = ServerFault("the server did not start")
        // A free port can be taken by another program before the server has it.
        for _ in 0..<3 {
            let port = try LoopbackProbe.freePort()
            do {
                return try start(command, port: port)
            } catch {
                lastFault = error
                guard LoopbackProbe.isOpen(port: port) else { throw error }
            }
        }
        throw lastFault
    }

    private static func start(_ command: ServerCommand, port: Int) throws(ServerFault) -> ManagedServer {
        let program = try command.program()
        let log = try openLog(command.log)
        defer { close(log) }
        let process = try SupervisedProcess(
            SupervisedProgram(
                path: program, arguments: command.arguments(port: port),
                environment: ProcessInfo.processInfo.environment.merging(command.environment) { $1 },
                folder: command.folder.path,
                output: log, error: log, grace: command.grace))
        let deadline = ContinuousClock.now + .seconds(command.startupTimeout)
        var processID: Int32 = 0
        var wait = 0.0
        while true {
            switch process.next(within: wait) {
            case .started(let pid): processID = pid
            case .notStarted(let error):
                process.end()
                throw ServerFault("the server '\(program)' did not start: \(String(cString: strerror(error)))")
            case .ended(let status):
                process.end()
                let how = SupervisedProcess.describe(status: status)
                throw ServerFault("the server ended with \(how) before it was ready\(logTail(command.log))")
            case .over:
                process.end()
                throw ServerFault("the server's supervisor was killed\(logTail(command.log))")
            case nil: break
            }
            // A report may be waiting behind the one just read; the answer of another program on this port must not
            // count.
            if processID > 0,
                LoopbackProbe.status(command.socket.map { .unix($0) } ?? .port(port), path: "/health") == 200, wait > 0
            {
                if let report = process.next(within: 0) {
                    if case .ended(let status) = report {
                        process.end()
                        let how = SupervisedProcess.describe(status: status)
                        throw ServerFault("the server ended with \(how) before it was ready\(logTail(command.log))")
                    }
                } else {
                    return ManagedServer(port: port, processID: processID, process: process, command: command)
                }
            }
            guard ContinuousClock.now < deadline else {
                process.end()
                let seconds = Int(command.startupTimeout)
                throw ServerFault(
                    "the server was not ready within \(seconds) s (startup_timeout)\(logTail(command.log))")
            }
            wait = 0.05
        }
    }

    /// Why the server ended by itself, with the end of its log; `nil` while it runs.
    package func fault() -> ServerFault? {
        let status = exit.withLock { exit -> Int32? in
            if exit == nil {
                switch process.next(within: 0) {
                case .ended(let status): exit = status
                case .over: exit = 9
                case .started, .notStarted, nil: break
                }
            }
            return exit
        }
        return status.map {
            ServerFault(
                "the server ended with \(SupervisedProcess.describe(status: $0))\(ManagedServer.logTail(command.log))")
        }
    }

    /// Ends the server with SIGTERM to its group, after the grace time with SIGKILL, and waits for it. Again: nothing.
    package func stop() {
        process.end()
    }

    // MARK: Log

    private static func openLog(_ url: URL) throws(ServerFault) -> Int32 {
        try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let file = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw ServerFault("the server's log \(url.path) cannot be written: \(String(cString: strerror(errno)))")
        }
        return file
    }

    /// The last lines of the log as an appendix to a message, at most 2 KiB of them.
    private static func logTail(_ url: URL) -> String {
        guard let file = try? FileHandle(forReadingFrom: url) else { return "" }
        defer { try? file.close() }
        let length = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: length > 2048 ? length - 2048 : 0)
        let text = String(decoding: (try? file.read(upToCount: 2048)) ?? Data(), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(8).map { "  | " + CleanText.clean(String($0)) }
        guard !lines.isEmpty else { return "; its log is empty (\(url.path))" }
        return "; the end of its log (\(url.path)):\n" + lines.joined(separator: "\n")
    }
}
