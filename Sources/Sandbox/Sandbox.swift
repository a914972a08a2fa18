internal import CSandbox
internal import Foundation

/// Runs programs that nobody trusts where they can do no harm: `evalh_sandbox.h` says how.
package enum Sandbox {
    /// Runs a program and waits for its end. Any thread, several at once.
    ///
    /// Whoever runs programs of models calls `check` before the first.
    package static func run(_ program: SandboxedProgram) throws(SandboxRefusal) -> SandboxOutcome {
        let arguments = program.interpreter.command + ["/program/" + program.sourceName]
        let (result, output) = run(program, arguments, bait: nil)
        guard result.end != EVALH_SANDBOX_NOT_RUN else { throw SandboxRefusal(result, program) }
        return SandboxOutcome(
            end: end(of: result), output: output, mark: mark(of: result), cpuSeconds: result.cpu_seconds)
    }

    static func run(_ program: SandboxedProgram, _ arguments: [String], bait: UnsafePointer<evalh_sandbox_bait>?)
        -> (evalh_sandbox_result, output: String)
    {
        var result = evalh_sandbox_result()
        let limits = program.limits
        var output = [CChar](repeating: 0, count: max(1, limits.outputBytes))
        let lists = [program.interpreter.visible, arguments, Self.environment].map(CStrings.init)
        let texts = [program.sourceName, program.source, program.input].map { Array($0.utf8CString) }
        texts[0].withUnsafeBufferPointer { name in
            texts[1].withUnsafeBufferPointer { source in
                texts[2].withUnsafeBufferPointer { input in
                    var job = evalh_sandbox_job()
                    job.visible = lists[0].constants
                    job.argv = UnsafePointer(lists[1].pointers)
                    job.envp = UnsafePointer(lists[2].pointers)
                    job.source_name = name.baseAddress
                    // Behind a text stands its zero byte.
                    (job.source, job.source_size) = (source.baseAddress, source.count - 1)
                    (job.input, job.input_size) = (input.baseAddress, input.count - 1)
                    job.limits = evalh_sandbox_limits(
                        cpu_seconds: limits.cpuSeconds, wall_seconds: limits.wallSeconds,
                        memory_bytes: UInt64(limits.memoryBytes), file_bytes: UInt64(limits.fileBytes),
                        folder_bytes: UInt64(limits.fileBytes), output_bytes: limits.outputBytes,
                        processes: UInt32(limits.processes))
                    job.bait = bait
                    evalh_sandbox_run(&job, &output, &result)
                }
            }
        }
        withExtendedLifetime(lists) {}
        let text = output.prefix(result.output_size).map { UInt8(bitPattern: $0) }
        return (result, String(decoding: text, as: UTF8.self))
    }

    /// What programs find in their environment. Hashes do not vary, so that a verdict can be had again; libraries that
    /// start a thread a core would pass the limit of processes.
    private static let environment = [
        "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8", "PYTHONHASHSEED=0",
        "PYTHONDONTWRITEBYTECODE=1", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1",
    ]

    static func mark(of result: evalh_sandbox_result) -> String {
        withUnsafeBytes(of: result.mark) { String(decoding: $0.prefix(result.mark_size), as: UTF8.self) }
    }

    private static func end(of result: evalh_sandbox_result) -> SandboxOutcome.End {
        switch result.end {
        case EVALH_SANDBOX_WALL_TIME: return .outOfWallTime
        case EVALH_SANDBOX_OUTPUT: return .tooMuchOutput
        default: break
        }
        let signal = Int(result.status & 0x7f)
        guard signal != 0 else { return .exited(Int(result.status >> 8) & 0xff) }
        return [SIGPROF, SIGXCPU].contains(Int32(signal)) ? .outOfCPUTime : .killed(signal: signal)
    }
}

/// Texts as C wants lists of them, ending with NULL.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: count + 1)
        for (place, text) in texts.enumerated() { pointers.advanced(by: place).initialize(to: strdup(text)) }
        pointers.advanced(by: count).initialize(to: nil)
    }

    var constants: UnsafePointer<UnsafePointer<CChar>?> {
        UnsafeRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }

    deinit {
        for place in 0..<count { free(pointers[place]) }
        pointers.deallocate()
    }
}
