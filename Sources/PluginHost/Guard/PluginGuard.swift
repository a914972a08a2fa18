internal import CPluginGuard

/// A plugin as calls into it are noted: whoever looks after a crash or from outside sees which plugin was at work, in
/// which function, for which session. See `evalh_guard.h`.
package struct PluginGuard: Sendable {
    private let number: UInt32

    /// - Parameters:
    ///   - kind: a strategy, a grader …; empty: the library as a whole.
    ///   - base: where the library lies in memory; 0: not known yet.
    init(kind: String, id: String, version: String, library: String, base: UInt64) {
        number = evalh_guard_register(kind, id, version, library, base)
    }

    func setBase(_ base: UInt64) { evalh_guard_set_base(number, base) }

    /// Calls the plugin.
    /// - Parameter event: type of the last event that is handed over (EVALH_EVENT_*).
    func call<R, E: Error>(
        _ function: PluginFunction, _ subject: CallSubject = .none, event: UInt16 = 0, _ body: () throws(E) -> R
    ) throws(E) -> R {
        enter(function, subject, event)
        defer {
            evalh_guard_leave()
            if function.isSeldom { evalh_guard_restore_folder() }
        }
        return try body()
    }

    /// The host at work for the plugin that has called it: neither this time nor what happens in it is the plugin's.
    static func asHost<R>(_ body: () throws -> R) rethrows -> R {
        evalh_guard_enter_host()
        defer { evalh_guard_leave() }
        return try body()
    }

    private func enter(_ function: PluginFunction, _ subject: CallSubject, _ event: UInt16) {
        subject.enter(number, function.rawValue, event)
    }
}

extension CallSubject {
    /// The host at work for a session: calls within that name none are about it.
    package func during<R>(_ body: () throws -> R) rethrows -> R {
        enter(UInt32(EVALH_GUARD_HOST), 0, 0)
        defer { evalh_guard_leave() }
        return try body()
    }

    fileprivate func enter(_ plugin: UInt32, _ function: UInt16, _ event: UInt16) {
        var (arm, item) = (self.arm, self.item)
        arm.withUTF8 { arm in
            item.withUTF8 { item in
                // Bytes of text are bytes of `char`.
                let (armBytes, itemBytes) = (UnsafeRawPointer(arm.baseAddress), UnsafeRawPointer(item.baseAddress))
                evalh_guard_enter(
                    plugin, function, event, armBytes?.assumingMemoryBound(to: CChar.self), arm.count,
                    itemBytes?.assumingMemoryBound(to: CChar.self), item.count)
            }
        }
    }
}
