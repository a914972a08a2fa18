import CEvalhPlugin
public import EvalhPluginKit
import EvalhStatistics

/// What a scripted session offers a strategy beside events.
public struct ScriptedHost: Sendable {
    /// The item that START tells of.
    public var item: Item
    /// The arm's own model first.
    public var models: [Model]
    /// The services that the session may call.
    public var services: [ServiceInfo] = []
    /// The session's seed, of its random numbers too.
    public var seed: UInt64
    /// From 0.
    public var repeatIndex: Int
    /// Finds the canonical answer in a text. The default takes what follows the last "=", without spaces; `nil` for a
    /// suite whose grader finds no answers in texts.
    public var extract: (@Sendable (String) -> String?)?
    /// What the session is told is left.
    public var budget: Budget
    /// Results of other arms, in order of item and arm, each with its answer; `item` says which item is the session's
    /// own.
    public var peers: [(peer: Peer, answer: String)] = []
    /// The session's own item in the run, from 0.
    public var itemNumber = 0
    /// How many items the run has.
    public var itemCount = 1
    /// A host for one session; peers are set afterwards.

    public init(
        item: Item = Item(id: "item", input: "1 + 1?", messages: [Message(.user, "1 + 1?")]),
        models: [Model] = [Model(role: "main", name: "scripted")], seed: UInt64 = 1, repeatIndex: Int = 0,
        budget: Budget = Budget(), extract: (@Sendable (String) -> String?)? = { ScriptedHost.afterEquals($0) }
    ) {
        self.item = item
        self.models = models
        self.seed = seed
        self.repeatIndex = repeatIndex
        self.budget = budget
        self.extract = extract
    }

    /// What follows the last "=" of a text, without spaces; `nil` if there is nothing.
    public static func afterEquals(_ text: String) -> String? {
        guard let place = text.lastIndex(of: "=") else { return nil }
        let answer = text[text.index(after: place)...].filter { !$0.isWhitespace }
        return answer.isEmpty ? nil : answer
    }
}

/// The host's side of one scripted session, which its `evalh_host` functions work on.
final class ScriptedHostState {
    let host: ScriptedHost
    var actions: [ScriptedAction] = []
    var error: String?
    /// How many further actions are taken.
    var room = Int.max
    private var generator: SplitMix64
    /// Keeps an extraction's texts until the next one.
    private var lent = Arena()
    private var lentTexts = Arena()

    init(_ host: ScriptedHost) {
        self.host = host
        generator = SplitMix64(seed: host.seed)
    }

    /// Any generator will do as long as it is the same in each replay.
    func random() -> UInt64 { generator.next() }

    func extract(_ text: evalh_str, finish: UInt32, into out: UnsafeMutablePointer<evalh_extraction>) -> Int32 {
        guard let extract = host.extract else { return EVALH_UNSUPPORTED }
        lent = Arena()
        out.pointee.found = 0
        let isUnfinished = finish == UInt32(EVALH_FINISH_LENGTH) || finish == UInt32(EVALH_FINISH_CANCELLED)
        if !isUnfinished, let answer = extract(String(text)) {
            out.pointee.found = 1
            out.pointee.answer = lent.text(answer)
            out.pointee.stage = lent.text("scripted")
        }
        return EVALH_OK
    }

    /// A text that lives as long as the session.
    func lend(_ text: String) -> evalh_str { lentTexts.text(text) }

    func push(_ action: UnsafePointer<evalh_action>) -> Int32 {
        guard room > 0 else { return EVALH_FAILED }
        room -= 1
        actions.append(ScriptedAction(action))
        return EVALH_OK
    }

    static func of(_ handle: UnsafeMutableRawPointer?) -> ScriptedHostState? {
        handle.map { Unmanaged<ScriptedHostState>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The host functions, the same for all sessions.
    static var functions: evalh_host {
        var host = evalh_host()
        host.struct_size = UInt32(MemoryLayout<evalh_host>.size)
        host.rand = { ScriptedHostState.of($0)?.random() ?? 0 }
        host.extract = { handle, text, finish, out in
            guard let out else { return EVALH_FAILED }
            return ScriptedHostState.of(handle)?.extract(text, finish: finish, into: out) ?? EVALH_FAILED
        }
        host.budget = { handle, out in
            guard let out, let budget = ScriptedHostState.of(handle)?.host.budget else { return EVALH_FAILED }
            out.pointee.tokens = budget.tokens.map(Int64.init) ?? -1
            out.pointee.usd = budget.usd.orNaN
            out.pointee.seconds = budget.seconds.orNaN
            return EVALH_OK
        }
        host.set_error = { handle, _, text in ScriptedHostState.of(handle)?.error = String(text) }
        host.on_session_thread = { _ in 1 }
        host.extension = { handle, id in
            guard String(id) == EVALH_PEERS_EXTENSION, ScriptedHostState.of(handle)?.host.peers.isEmpty == false else {
                return nil
            }
            return UnsafeRawPointer(ScriptedPeers.table)
        }
        return host
    }
}
