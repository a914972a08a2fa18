import EvalhPluginKit

/// How far a stage's samples agree.
enum Agreement {
    /// The most frequent answer's share of the answers, in (0, 1]; `nil` without any.
    static func ofVotes(_ tally: VoteTally) -> Double? {
        tally.voteCount > 0 ? Double(tally.topTwo.first) / Double(tally.voteCount) : nil
    }

    /// Its share of all samples, in (0, 1], s = max count / samples: those without an answer count below and never win
    /// (Yue et al. 2024, arXiv:2310.03094, §3.1, vote-based decision). `nil` without an answer.
    static func ofSamples(_ tally: VoteTally) -> Double? {
        guard tally.voteCount > 0 else { return nil }
        return Double(tally.topTwo.first) / Double(tally.voteCount + tally.abstentions.count)
    }

    /// Whether two sources' most frequent answers are the same (ibid., verification-based decision); not if one has
    /// none.
    static func isEqual(_ first: VoteTally, _ second: VoteTally) -> Bool {
        guard let first = first.winner, let second = second.winner else { return false }
        return first.answer == second.answer
    }
}
