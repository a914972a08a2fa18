import CEvalhPlugin

extension Session {
    /// The finished sessions of the run's other arms in this repeat, in order of item, arm and level. Empty unless the
    /// plugin's descriptor says that it needs `.peers`, and where the host has none.
    public var peers: Peers { Peers(session: self) }

    /// Does what a peer of this session's item did: from then on this session is charged what the peer was, its clock
    /// has gone on by the peer's seconds, and the peer's answer is its own to give.
    ///
    /// - Returns: The peer's answer, with its confidence.
    /// - Throws: `PeerUnavailable` if it is another item's, or failed.
    public func adopt(_ peer: Peer, reason: String) throws -> Answer {
        guard let answer = peers.answer(of: peer) else { throw PeerUnavailable(arm: peer.arm) }
        var action = evalh_action_adopt()
        action.header = header(EVALH_ACTION_ADOPT, of: evalh_action_adopt.self)
        action.peer = UInt64(peer.index)
        push(action)
        return Answer(answer.text, kind: answer.kind, confidence: peer.confidence, reason: reason)
    }
}

/// A finished session of another arm.
public struct Peer: Hashable, Sendable {
    /// Its place among the peers.
    public var index: Int
    /// The item's number in the run, from 0.
    public var item: Int
    /// The arm's id, with its level as in reports: "scaling@samples=4".
    public var arm: String
    /// Whether it is of this session's own item.
    public var isOwn: Bool
    /// The session failed: no score, no answer.
    public var isError: Bool
    /// 0 to 1. `nil`: it failed, or it is of the own item and the plugin is no oracle.
    public var score: Double?
    /// In [0, 1]; `nil`: it claimed none.
    public var confidence: Double?
    /// Tokens it was charged.
    public var usage: Usage
    /// `nil`: no price is known.
    public var usd: Double?
    /// Its critical path.
    public var seconds: Double

    /// A finished session; for tests, as strategies get theirs from `Session.peers`.
    public init(
        index: Int, item: Int, arm: String, isOwn: Bool, isError: Bool = false, score: Double?,
        confidence: Double? = nil,
        usage: Usage = Usage(), usd: Double? = nil, seconds: Double = 0
    ) {
        self.index = index
        self.item = item
        self.arm = arm
        self.isOwn = isOwn
        self.isError = isError
        self.score = score
        self.confidence = confidence
        self.usage = usage
        self.usd = usd
        self.seconds = seconds
    }
}

/// A peer that cannot be adopted.
public struct PeerUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The arm's name.
    public var arm: String

    /// The arm whose result cannot be taken over.
    public init(arm: String) {
        self.arm = arm
    }

    public var description: String { "the arm '\(arm)' has no result of this item that could be taken over" }
}

/// The peers of a session, read one by one from the host.
public struct Peers: RandomAccessCollection, Sendable {
    let session: Session

    private var table: UnsafePointer<evalh_peers>? {
        var arena = Arena()
        let found = session.host.pointee.extension?(session.handle, arena.text(EVALH_PEERS_EXTENSION))
        withExtendedLifetime(arena) {}
        return found?.assumingMemoryBound(to: evalh_peers.self)
    }

    /// The number of this session's item in the run, from 0.
    public var item: Int { table.flatMap { $0.pointee.item?(session.handle) }.map { Int(clamping: $0) } ?? 0 }
    /// How many items the run has.
    public var itemCount: Int {
        table.flatMap { $0.pointee.item_count?(session.handle) }.map { Int(clamping: $0) } ?? 0
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { table.flatMap { $0.pointee.count?(session.handle) }.map { Int(clamping: $0) } ?? 0 }

    public subscript(index: Int) -> Peer {
        guard let peer = table.flatMap({ read($0, index) }) else { preconditionFailure("peer \(index) of \(endIndex)") }
        return peer
    }

    /// All of them at once: cheaper than one by one.
    public var all: [Peer] {
        guard let table, let count = table.pointee.count?(session.handle) else { return [] }
        return (0..<Int(clamping: count)).compactMap { read(table, $0) }
    }

    /// Those of this session's own item: found by halving, as they lie together.
    public var own: [Peer] {
        guard let table else { return [] }
        let count = endIndex
        let item = item
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            guard let peer = read(table, middle) else { return [] }
            if peer.item < item { low = middle + 1 } else { high = middle }
        }
        var own: [Peer] = []
        while low < count, let peer = read(table, low), peer.isOwn {
            own.append(peer)
            low += 1
        }
        return own
    }

    private func read(_ table: UnsafePointer<evalh_peers>, _ index: Int) -> Peer? {
        var wire = evalh_peer()
        wire.struct_size = UInt32(MemoryLayout<evalh_peer>.size)
        guard let get = table.pointee.get, get(session.handle, UInt64(index), &wire) == EVALH_OK else { return nil }
        return Peer(
            index: index, item: Int(clamping: wire.item), arm: String(wire.arm),
            isOwn: Int32(bitPattern: wire.flags) & EVALH_PEER_OWN != 0,
            isError: Int32(bitPattern: wire.flags) & EVALH_PEER_ERROR != 0, score: wire.score.present,
            confidence: wire.confidence.present,
            usage: Usage(wire.usage), usd: wire.usd.present, seconds: wire.seconds)
    }

    func answer(of peer: Peer) -> (text: String, kind: Answer.Kind)? {
        guard let table, let answer = table.pointee.answer else { return nil }
        var text = evalh_str()
        var flags: UInt32 = 0
        guard answer(session.handle, UInt64(peer.index), &text, &flags) == EVALH_OK else { return nil }
        let bits = Int32(bitPattern: flags)
        let kind: Answer.Kind =
            bits & EVALH_ANSWER_NONE != 0 ? .none : bits & EVALH_ANSWER_UNFINISHED != 0 ? .unfinished : .answered
        return (String(text), kind)
    }
}
