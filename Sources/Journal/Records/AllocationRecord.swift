internal import Foundation

/// What an allocator decided in a run, as far as it has come.
package struct AllocationRecord: Codable, Hashable, Sendable {
    /// The plugin's id.
    package var allocator: String
    /// It wants no more sessions.
    package var isComplete: Bool
    /// Sessions it wanted so far.
    package var sessions: Int
    /// Rounds so far.
    package var rounds: Int
    /// Why the last round is as it is.
    package var reason: String
    /// How much items count in means, by ordinal; empty: all alike. An item without a weight does not count.
    package var weights: [Int: Double]
    /// Its own numbers: a list of metric values as JSON.
    package var valuesJSON: String

    package init(
        allocator: String, isComplete: Bool, sessions: Int, rounds: Int, reason: String, weights: [Int: Double] = [:],
        valuesJSON: String = "[]"
    ) {
        self.allocator = allocator
        self.isComplete = isComplete
        self.sessions = sessions
        self.rounds = rounds
        self.reason = reason
        self.weights = weights
        self.valuesJSON = valuesJSON
    }
}

extension Journal {
    private static let allocationKey = "allocation"

    package func setAllocation(_ record: AllocationRecord) throws(JournalError) {
        let text: String
        do { text = try JSONText.encode(record) } catch { throw JournalError(path: path, message: "\(error)") }
        try setMeta(Self.allocationKey, text)
    }

    /// `nil`: the run has no allocator, or it has not begun.
    package func allocation() throws(JournalError) -> AllocationRecord? {
        guard let text = try meta(Self.allocationKey) else { return nil }
        do { return try JSONText.decode(AllocationRecord.self, from: text) } catch {
            throw JournalError(path: path, message: "the record of the allocator cannot be read: \(error)")
        }
    }
}
