internal import Foundation
internal import Synchronization

/// One run of a program, from its start to the end of all it started. To be run once.
final class CommandRun: Sendable {
    enum Ending: Equatable {
        /// The wait status.
        case ended(status: Int32)
        case timedOut
        case tooMuchOutput
        case cancelled
        /// For people.
        case notStarted(String)
    }

    struct Outcome {
        var ending: Ending
        /// Standard output.
        var output: [UInt8] = []
        /// The last of standard error.
        var errors: [UInt8] = []
        /// Wall time of the program.
        var seconds = 0.0
    }

    private struct Inside {
        var process: SupervisedProcess?
        var isCancelled = false
    }

    private let inside = Mutex(Inside())

    /// Ends the program and what it started, soon; `run` then returns. Before `run`: it starts nothing.
    func cancel() {
        inside.withLock { inside in
            inside.isCancelled = true
            inside.process?.askToEnd()
        }
    }

    /// Blocks the calling thread until the program and all that it started are gone.
    func run(_ configuration: CommandConfiguration, path: String, arguments: [String]) -> Outcome {
        guard var output = CapturedPipe(keepingLast: CommandLimits.output),
            var errors = CapturedPipe(keepingLast: CommandLimits.errors)
        else { return Outcome(ending: .notStarted("this process has too many open files; lower `connections`")) }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let program = SupervisedProgram(
            path: path, arguments: configuration.arguments + arguments, environment: Self.environment(configuration),
            folder: configuration.folder.path, output: output.writer, error: errors.writer, grace: CommandLimits.grace,
            memoryBytes: configuration.memory ?? 0,
            cpuSeconds: UInt64(configuration.timeout.rounded(.up)) * UInt64(cores) + 1)
        let start = RunningCall.now()
        let process: SupervisedProcess
        do {
            guard let started = try begin(program) else { return Outcome(ending: .cancelled) }
            process = started
        } catch {
            return Outcome(ending: .notStarted(error.description))
        }
        output.closeWriter()
        errors.closeWriter()
        let ending = Self.wait(for: process, until: start + configuration.timeout, &output, &errors)
        let seconds = RunningCall.now() - start
        // What the program wrote before its end is in the pipes.
        output.read()
        errors.read()
        process.end()
        let isCancelled = inside.withLock { $0.isCancelled }
        let isFlooded = output.total > CommandLimits.output
        return Outcome(
            ending: isCancelled ? .cancelled : isFlooded ? .tooMuchOutput : ending, output: output.bytes,
            errors: errors.bytes,
            seconds: seconds)
    }

    /// `nil`: cancelled before.
    private func begin(_ program: SupervisedProgram) throws(ServerFault) -> SupervisedProcess? {
        let started = inside.withLock { inside -> Result<SupervisedProcess?, ServerFault> in
            guard !inside.isCancelled else { return .success(nil) }
            return Result { () throws(ServerFault) in
                let process = try SupervisedProcess(program)
                inside.process = process
                return process
            }
        }
        return try started.get()
    }

    /// Waits for the program's own end, its deadline, or too much output; what it leaves behind is not waited for.
    private static func wait(
        for process: SupervisedProcess, until deadline: Double, _ output: inout CapturedPipe,
        _ errors: inout CapturedPipe
    ) -> Ending {
        while true {
            let left = deadline - RunningCall.now()
            guard left > 0 else { return .timedOut }
            var events = [process.reports, output.readable, errors.readable].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&events, nfds_t(events.count), Int32(min(left, 3600) * 1000) + 1)
            if events[1].revents != 0 { output.read() }
            if events[2].revents != 0 { errors.read() }
            guard output.total <= CommandLimits.output else { return .tooMuchOutput }
            guard events[0].revents != 0 else { continue }
            switch process.next(within: 0) {
            case .started, nil: continue
            case .notStarted(let error): return .notStarted(String(cString: strerror(error)))
            case .ended(let status): return .ended(status: status)
            case .over: return .notStarted("its supervisor was ended from outside")
            }
        }
    }

    private static func environment(_ configuration: CommandConfiguration) -> [String: String] {
        ProcessInfo.processInfo.environment.filter { CommandLimits.inherited.contains($0.key) }
            .merging(configuration.environment) { $1 }
    }
}
