import EvalhPluginKit

/// A vote that is taken window by window.
struct WindowVote: Sendable {
    private(set) var tally = VoteTally()
    private(set) var drawn = 0
    /// The answer that all completions of the last window gave; `nil` if they did not agree.
    private(set) var agreement: String?

    /// Asks for a window of completions and counts their votes.
    ///
    /// - Returns: Why the session must end with what it has; `nil`: the window is whole.
    /// - Throws: What kept the very first completion from coming.
    mutating func sample(_ count: Int, _ session: Session) async throws -> String? {
        let before = tally.voteCount
        let batch = await session.gather(n: count)
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        drawn += batch.choices.count
        if let interruption = batch.interruption {
            guard drawn > 0 else { throw interruption }
            return batch.interruptionReason ?? "interrupted"
        }
        let votes = tally.votes[before...]
        let agrees = votes.count == count && votes.allSatisfy { $0.answer == votes.first?.answer }
        agreement = agrees ? votes.first?.answer : nil
        return nil
    }

    /// Ends with an answer, or with the most frequent one.
    func conclude(_ reason: String, _ session: Session, answer: String? = nil) -> Answer {
        session.emit(tally)
        guard let candidate = tally.candidates.first(where: { $0.answer == answer }) else {
            return tally.answer(reason: reason)
        }
        return Answer(candidate.first.text, confidence: candidate.weight / tally.totalWeight, reason: reason)
    }
}
