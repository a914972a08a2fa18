/// The results that a strategy over other arms needs are not there.
public struct PeersMissing: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    /// What is missing, in a sentence.
    public init(_ description: String) {
        self.description = description
    }
}

/// Which of the run's other arms a strategy chooses from.
public enum PeerChoice {
    /// The peers of the session's own item that did not fail.
    ///
    /// - Parameters:
    ///   - session: The session that chooses.
    ///   - arms: Names, with levels as in reports; empty: all.
    /// - Throws: `PeersMissing` if there are none at all, or if a name is no arm of the run.
    public static func own(_ session: Session, arms: [String]) throws -> [Peer] {
        let own = session.peers.own
        _ = try names(arms, among: own)
        return own.filter { (arms.isEmpty || arms.contains($0.arm)) && !$0.isError }
    }

    /// The arms to choose from: those given, else all of the own item, in the suite's order.
    ///
    /// - Throws: `PeersMissing` if there are no results of other arms, or if a name is no arm of the run.
    public static func names(_ arms: [String], among peers: [Peer]) throws -> [String] {
        var known: [String] = []
        for peer in peers where peer.isOwn && !known.contains(peer.arm) { known.append(peer.arm) }
        guard !known.isEmpty else {
            throw PeersMissing("there are no results of other arms of this item: the suite needs arms that ask a model")
        }
        for name in arms where !known.contains(name) {
            throw PeersMissing("no arm is called '\(name)'; the run has: \(known.joined(separator: ", "))")
        }
        return arms.isEmpty ? known : arms
    }
}
