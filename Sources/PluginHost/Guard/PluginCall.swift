internal import CEvalhPlugin
internal import CPluginGuard

/// A call into a plugin as it was noted: by this process, or by the one that it watches.
package struct PluginCall: Hashable, Sendable {
    /// "strategy", …; empty: the library as a whole.
    package var kind: String
    package var plugin: String
    package var version: String
    package var library: String
    /// Where the library lies in memory; 0: not known.
    package var base: UInt64
    package var function: PluginFunction
    package var subject: CallSubject
    /// "START", …; empty: the call hands over no events.
    package var event: String

    package init(
        kind: String, plugin: String, version: String, library: String, base: UInt64 = 0, function: PluginFunction,
        subject: CallSubject, event: String = ""
    ) {
        self.kind = kind
        self.plugin = plugin
        self.version = version
        self.library = library
        self.base = base
        self.function = function
        self.subject = subject
        self.event = event
    }

    /// The innermost call of a slot, with the session of the calls around it where it names none; `nil`: no plugin's
    /// code runs there, or the host works for it.
    package init?(slot: Int) {
        let frames = Self.frames(slot)
        guard let top = frames.last, let own = Self.plugin(top.plugin),
            let function = PluginFunction(rawValue: top.function)
        else { return nil }
        self = own
        self.function = function
        event = Self.events[Int(top.event)] ?? ""
        subject = CallSubject(
            arm: frames.reversed().lazy.map { Self.text($0.arm) }.first { !$0.isEmpty } ?? "",
            item: frames.reversed().lazy.map { Self.text($0.item) }.first { !$0.isEmpty } ?? "")
    }

    /// Calls that are under way in plugins' own code, by slot.
    package static var all: [PluginCall] { (0..<slotCount).compactMap { PluginCall(slot: $0) } }

    /// Every plugin that calls may name, with no call of it.
    package static var plugins: [PluginCall] {
        (0..<evalh_guard_plugin_count()).compactMap { plugin($0) }
    }

    static var slotCount: Int { EVALH_GUARD_SLOTS }

    /// The calls that a slot's thread is inside of, the innermost last; without a function: the host at work.
    static func calls(_ slot: Int) -> [(number: UInt64, function: PluginFunction?)] {
        frames(slot).map { frame in
            (frame.call, frame.plugin == EVALH_GUARD_HOST ? nil : PluginFunction(rawValue: frame.function))
        }
    }

    private static func frames(_ slot: Int) -> [evalh_guard_frame] {
        guard slot >= 0, let slot = evalh_guard_slot_at(UInt32(slot)), slot.pointee.depth > 0 else { return [] }
        let frames = withUnsafeBytes(of: slot.pointee.frames) { Array($0.bindMemory(to: evalh_guard_frame.self)) }
        return Array(frames.prefix(Int(slot.pointee.depth)))
    }

    private static func plugin(_ number: UInt32) -> PluginCall? {
        guard let entry = evalh_guard_plugin_at(number)?.pointee else { return nil }
        return PluginCall(
            kind: text(entry.kind), plugin: text(entry.plugin), version: text(entry.version),
            library: text(entry.library), base: entry.base, function: .load, subject: .none)
    }

    /// A C text of fixed room.
    private static func text<T>(_ characters: T) -> String {
        withUnsafeBytes(of: characters) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static let events: [Int: String] = [
        Int(EVALH_EVENT_START): "START", Int(EVALH_EVENT_DELTA): "DELTA", Int(EVALH_EVENT_DONE): "DONE",
        Int(EVALH_EVENT_REQUEST_FAILED): "REQUEST_FAILED", Int(EVALH_EVENT_CANCELLED): "CANCELLED",
        Int(EVALH_EVENT_TIMER): "TIMER", Int(EVALH_EVENT_RESULT): "RESULT", Int(EVALH_EVENT_BUDGET): "BUDGET",
        Int(EVALH_EVENT_REJECTED): "REJECTED",
        Int(EVALH_EVENT_STOP): "STOP",
    ]
}
