/// Counts votes for canonical answers. Unfinished completions and those without an answer do not vote. Of answers with
/// equal weight the one that was seen first wins: nothing depends on hashing.
public struct VoteTally: Sendable {
    /// An answer with what was counted for it.
    public struct Candidate: Hashable, Sendable {
        /// Canonical.
        public var answer: String
        /// The sum of its votes' weights.
        public var weight: Double
        /// How many voted for it.
        public var count: Int
        /// The first completion that gave it: what to return as the session's answer.
        public var first: Choice
    }

    /// A completion that voted.
    public struct Vote: Hashable, Sendable {
        /// The completion.
        public var choice: Choice
        /// Canonical.
        public var answer: String
    }

    /// All that voted, in order.
    public private(set) var votes: [Vote] = []
    /// In order of first appearance.
    public private(set) var candidates: [Candidate] = []
    /// Completions that did not vote.
    public private(set) var abstentions: [Choice] = []

    /// A tally without votes.
    public init() {}

    /// Counts a completion with a weight; without an answer it abstains.
    public mutating func add(_ choice: Choice, answer: String?, weight: Double = 1) {
        guard let answer else {
            abstentions.append(choice)
            return
        }
        votes.append(Vote(choice: choice, answer: answer))
        if let index = candidates.firstIndex(where: { $0.answer == answer }) {
            candidates[index].weight += weight
            candidates[index].count += 1
        } else {
            candidates.append(Candidate(answer: answer, weight: weight, count: 1, first: choice))
        }
    }

    /// Votes that were counted.
    public var voteCount: Int { votes.count }
    /// The weight of all votes.
    public var totalWeight: Double { candidates.reduce(0) { $0 + $1.weight } }

    /// The heaviest answer, the earlier of equal ones.
    public var winner: Candidate? {
        candidates.reduce(nil) { best, next in best.map { next.weight > $0.weight ? next : $0 } ?? next }
    }

    /// The counts of the two most frequent answers.
    public var topTwo: (first: Int, second: Int) {
        let counts = candidates.map(\.count).sorted(by: >)
        return (counts.first ?? 0, counts.count > 1 ? counts[1] : 0)
    }

    /// The session's answer: the winner's first completion, with the winner's share of the weight as confidence.
    /// Without votes it is the first finished completion, which the grader will find no answer in; if all were cut off,
    /// the first of those, as unfinished.
    public func answer(reason: String) -> Answer {
        if let winner {
            let confidence = totalWeight > 0 ? winner.weight / totalWeight : nil
            return Answer(winner.first.text, confidence: confidence, reason: reason)
        }
        if let finished = abstentions.first(where: { $0.isFinished && !$0.text.isEmpty }) {
            return Answer(finished, reason: reason)
        }
        if let cutOff = abstentions.first(where: { !$0.isFinished }) { return Answer(cutOff, reason: reason) }
        return .none(reason: abstentions.isEmpty ? reason : "empty")
    }
}

extension Session {
    /// Counts a completion's vote by the suite's grader.
    public func vote(_ choice: Choice, in tally: inout VoteTally, weight: Double = 1) throws {
        tally.add(choice, answer: try extract(choice)?.answer, weight: weight)
    }

    /// Puts a tally on the session's record.
    public func emit(_ tally: VoteTally) {
        for candidate in tally.candidates {
            emit(candidate.answer, weight: candidate.weight, evidence: "\(candidate.count) of \(tally.voteCount) votes")
        }
    }
}
