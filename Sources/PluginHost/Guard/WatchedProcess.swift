internal import CPluginGuard
internal import Foundation

/// The two processes that evalh is: one that works and runs plugins, and its parent, which knows how the other ended
/// and which plugin was at work then. See `evalh_guard.h`.
package enum WatchedProcess {
    package enum Half {
        /// It does the work. Where the process could not be split, it is all there is.
        case worker
        case parent(of: Int32)
    }

    /// How the worker ended.
    package enum End: Hashable, Sendable {
        /// As it meant to, with this code.
        case left(Int32)
        /// Something ended it with this code.
        case exited(Int32)
        case signalled(Int32)
    }

    /// Splits the process, which must have one thread.
    package static func split() -> Half {
        let child = evalh_guard_fork()
        return child > 0 ? .parent(of: child) : .worker
    }

    /// In the worker that `split` made: does the work, which ends the process, on a thread of its own. See
    /// `evalh_guard_run_apart`.
    package static func work(_ body: @convention(c) () -> Void) { evalh_guard_run_apart(body) }

    /// In the worker: it is about to end by its own will. Whatever ends it then, this is its code.
    package static func sayGoodbye(_ code: Int32) { evalh_guard_say_goodbye(code) }

    /// In the worker: keeps standard output for evalh. What plugins print there goes to standard error.
    /// - Returns: the descriptor that is evalh's alone.
    package static func takeOutput() -> Int32 {
        evalh_guard_note_folder()
        return evalh_guard_take_output()
    }

    /// In the worker: comes back to the folder that it was started in, wherever a plugin has gone.
    package static func restoreFolder() { evalh_guard_restore_folder() }

    /// In the worker: names the run that goes on, for messages and for the record of crashes.
    /// - Parameter folder: absolute.
    package static func note(run folder: String, shown: String) { evalh_guard_set_run(folder, shown) }

    /// The run that the worker named; `nil`: none.
    package static var run: (folder: String, shown: String)? {
        let folder = String(cString: evalh_guard_run_folder())
        return folder.isEmpty ? nil : (folder, String(cString: evalh_guard_run_shown()))
    }

    /// In the parent: whether the worker has said goodbye.
    package static var isLeaving: Bool { evalh_guard_goodbye() >= 0 }

    /// In the parent: whether the worker is ending by a fatal signal, which takes a while where a core file is written.
    package static var isCrashing: Bool { evalh_guard_crash_now().signal != 0 }

    /// In the parent: waits for the worker's end, at most so many seconds.
    package static func wait(for worker: Int32, seconds: Double) -> End? {
        var status: Int32 = 0
        guard evalh_guard_wait(worker, Int32(max(1, seconds * 1000)), &status) == 1 else { return nil }
        let code = evalh_guard_goodbye()
        if code >= 0 { return .left(code) }
        let number = status & 0x7F
        return number == 0 ? .exited(status >> 8 & 0xFF) : .signalled(number)
    }

    /// "SIGSEGV".
    package static func name(ofSignal number: Int32) -> String {
        evalh_guard_signal_name(number).map { "SIG" + String(cString: $0) } ?? "signal \(number)"
    }

    /// In the parent: ends as the worker did.
    package static func die(by signal: Int32) -> Never { evalh_guard_die_by(signal) }

    /// In the parent: the plugin that ended the worker, as far as can be told.
    package static func culprit(of end: End) -> Culprit {
        let crash = evalh_guard_crash_now()
        switch end {
        case .left: return .nobody
        case .signalled where crash.signal != 0:
            guard crash.slot >= 0, let call = PluginCall(slot: Int(crash.slot)) else { return .nobody }
            return .call(call, instruction: crash.instruction, address: crash.address)
        case .signalled(let number):
            // Signals that people and systems end programs by say nothing of who was at work.
            return [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE].contains(number) ? .nobody : only()
        case .exited:
            let slot = Int(evalh_guard_exit_slot())
            if slot == EVALH_GUARD_NO_EXIT { return only() }
            return PluginCall(slot: slot).map { .call($0, instruction: 0, address: 0) } ?? .unknown
        }
    }

    package enum Culprit: Hashable, Sendable {
        /// No plugin.
        case nobody
        /// Some plugin, but which cannot be told.
        case unknown
        /// - instruction: where it was when a signal came; 0: not known.
        /// - address: what it touched.
        case call(PluginCall, instruction: UInt64, address: UInt64)
    }

    private static func only() -> Culprit {
        let calls = PluginCall.all
        guard let first = calls.first else { return .unknown }
        return calls.allSatisfy { $0.plugin == first.plugin && $0.kind == first.kind && $0.library == first.library }
            ? .call(first, instruction: 0, address: 0) : .unknown
    }
}
