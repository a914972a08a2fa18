internal import Foundation
internal import PluginHost
internal import Runs

/// evalh is two processes: a worker, which does everything, and its parent, which does nothing but wait. However a
/// plugin ends the worker, by a signal, by `exit(0)` or by never coming back, the parent tells which plugin it was and
/// on what, notes it in the run's folder, and ends with code 7. What the worker says at its end is the only other code.
enum Supervisor {
    /// Seconds that a worker may take to go once it has said goodbye.
    private static let patience = 10.0
    /// Seconds that a fatal signal may take: a core file, or a runtime that prints a backtrace.
    private static let lastBreath = 120.0

    /// Does the work in the worker, and waits in its parent. `EVALH_UNSUPERVISED=1` leaves it one process, for
    /// debuggers.
    static func enter(_ work: @convention(c) () -> Void) {
        guard !isOwnHelper else { return work() }
        guard variable("EVALH_UNSUPERVISED") == nil else {
            StandardOutput.take()
            return work()
        }
        if case .parent(let worker) = WatchedProcess.split() { watch(worker) }
        StandardOutput.take()
        WatchedProcess.work(work)
    }

    /// What another evalh has started watches over itself, and has its own use of standard output.
    private static var isOwnHelper: Bool {
        let words = CommandLine.arguments.dropFirst().prefix(2)
        return words.first == "internal" || (words.first == "plugin" && words.last?.hasSuffix("-process") == true)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func watch(_ worker: Int32) -> Never {
        var calls = CallWatch(limit: variable("EVALH_CALL_SECONDS").flatMap(Double.init).flatMap { $0 > 0 ? $0 : nil })
        var leaving = 0.0
        var last = ContinuousClock.now
        while true {
            if let ended = WatchedProcess.wait(for: worker, seconds: calls.interval) { conclude(ended) }
            let now = ContinuousClock.now
            let seconds = (now - last) / .seconds(1)
            last = now
            if WatchedProcess.isLeaving || WatchedProcess.isCrashing {
                leaving += min(seconds, 1)
                if leaving > (WatchedProcess.isLeaving ? patience : lastBreath) { kill(worker, SIGKILL) }
            } else if let overrun = calls.look(after: seconds).first {
                kill(worker, SIGKILL)
                while WatchedProcess.wait(for: worker, seconds: 1) == nil {}
                end(by: PluginCrash(overrun.call, .hung, how: "\(Int(overrun.seconds.rounded())) s"))
            }
        }
    }

    private static func conclude(_ end: WatchedProcess.End) -> Never {
        if case .left(let code) = end { exit(code) }
        switch WatchedProcess.culprit(of: end) {
        case .call(let call, let instruction, let address):
            let place =
                instruction > call.base && call.base > 0
                ? ElfFunctions.name(at: instruction - call.base, in: call.library) : nil
            Self.end(by: PluginCrash(call, manner(end), how: how(end, address), place: place ?? ""))
        case .unknown:
            Terminal.standard.error(
                "something other than evalh ended its process: \(how(end, 0)); a plugin must have done it"
                    + loaded
                    + (WatchedProcess.run.map { "; the journal is whole; go on with: evalh resume \($0.shown)" } ?? ""))
            exit(RunExit.pluginFault.rawValue)
        case .nobody:
            if case .signalled(let number) = end { WatchedProcess.die(by: number) }
            exit(RunExit.pluginFault.rawValue)
        }
    }

    private static func end(by crash: PluginCrash) -> Never {
        if let run = WatchedProcess.run { CrashHistory.add(crash, folder: run.folder) }
        Terminal.standard.error(crash.message(run: WatchedProcess.run?.shown))
        exit(RunExit.pluginFault.rawValue)
    }

    /// The libraries that are not evalh's own.
    private static var loaded: String {
        let files = Set(PluginCall.plugins.map(\.library)).filter {
            !$0.hasSuffix("/" + PluginLocation.shippedLibrary)
        }
        return files.isEmpty ? "" : "; loaded are \(files.sorted().joined(separator: ", "))"
    }

    private static func manner(_ end: WatchedProcess.End) -> PluginCrash.Manner {
        if case .signalled = end { .crashed } else { .ended }
    }

    private static func how(_ end: WatchedProcess.End, _ address: UInt64) -> String {
        switch end {
        case .left(let code), .exited(let code): return "exit code \(code)"
        case .signalled(let number):
            let name = WatchedProcess.name(ofSignal: number)
            switch number {
            case SIGSEGV, SIGBUS: return "\(name) at address 0x\(String(address, radix: 16))"
            case SIGKILL: return "\(name), for want of memory or from outside"
            default: return name
            }
        }
    }
}
