internal import PluginHost
internal import Synchronization

/// Counts how often plugins broke down: the third time a plugin is out for the rest of the run.
final class Quarantine: Sendable {
    static let faults = 3

    private struct Plugin: Hashable {
        var kind: PluginKind
        var id: String
    }

    private let counts = Mutex<[Plugin: (count: Int, last: String)]>([:])
    private let say: @Sendable (String) -> Void

    /// - Parameter say: told once of each plugin that is out.
    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    /// Throws if a plugin is out.
    func check(_ info: PluginInfo) throws(PluginFault) {
        let plugin = Plugin(kind: info.kind, id: info.id)
        let last = counts.withLock { counts in counts[plugin].flatMap { $0.count >= Self.faults ? $0.last : nil } }
        guard let last else { return }
        throw PluginFault(
            plugin: info.id, message: "is not run any more after \(Self.faults) breakdowns; the last: \(last)",
            isBreakdown: true)
    }

    /// Counts a breakdown that cost something.
    func count(_ info: PluginInfo, _ message: String) {
        let plugin = Plugin(kind: info.kind, id: info.id)
        let count = counts.withLock { counts in
            counts[plugin, default: (0, "")].count += 1
            counts[plugin]?.last = message
            return counts[plugin]?.count ?? 0
        }
        guard count == Self.faults else { return }
        say(
            "the \(info.kind.rawValue) \(info.id) broke down \(count) times and is not run any more in this run\n"
                + "the last: \(message)\nwhat else needs it is an error; mend it, then `evalh resume` tries again")
    }
}
