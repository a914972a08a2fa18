import EvalhPluginKit

/// A candidate with what it is worth.
struct Scored {
    let vote: VoteTally.Vote
    let score: Double

    init(vote: VoteTally.Vote, score: Double) {
        self.vote = vote
        self.score = score
    }

    /// By the mean log-probability of the tokens. Sums need weights above 0: there it is the geometric mean of the
    /// probabilities.
    init(_ vote: VoteTally.Vote, isWeighted: Bool, model: String) throws {
        guard let mean = vote.choice.tokens.meanLogprob, let probability = vote.choice.tokens.geometricMeanProbability
        else {
            throw MissingLogprobs(model: model)
        }
        self.init(vote: vote, score: isWeighted ? probability : mean)
    }
}

/// n completions, of which one wins.
struct Contest<Parameters: SelectionParameters>: Sendable {
    let parameters: Parameters
    let question: String

    func answer(in session: Session) async throws -> Answer {
        if parameters.by != .majority, parameters.by != .logprob {
            try session.requiredModel(parameters.rating.graderRole)
        }
        let sampling = parameters.by == .logprob ? Sampling(topLogprobs: 0) : nil
        let batch = await session.gather(n: parameters.n, sampling: sampling)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        let reason = batch.interruptionReason ?? parameters.by.rawValue
        guard !tally.votes.isEmpty, parameters.by != .majority else { return conclude(tally, reason, session) }
        if parameters.by == .logprob {
            let scored = try tally.votes.map {
                try Scored($0, isWeighted: parameters.isWeighted, model: session.model.role)
            }
            return select(scored, reason, session)
        }
        let verdicts = try await verdicts(tally.votes, session)
        if let interruption = try interruption(verdicts.flatMap { $0 }) {
            return conclude(tally, interruption, session)
        }
        return select(score(tally.votes, verdicts, session), reason, session)
    }

    private func conclude(_ tally: VoteTally, _ reason: String, _ session: Session) -> Answer {
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    private func select(_ scored: [Scored], _ reason: String, _ session: Session) -> Answer {
        if parameters.isWeighted {
            var tally = VoteTally()
            for one in scored { tally.add(one.vote.choice, answer: one.vote.answer, weight: one.score) }
            return conclude(tally, reason, session)
        }
        for one in scored {
            session.emit(one.vote.answer, weight: one.score, evidence: "choice \(one.vote.choice.index)")
        }
        let best = scored.reduce(nil) { (best: Scored?, next) in best.map { next.score > $0.score ? next : $0 } ?? next
        }
        let claims = parameters.by == .verifier || parameters.by == .steps
        return best.map { Answer($0.vote.choice, confidence: claims ? $0.score : nil, reason: reason) }
            ?? .none(reason: reason)
    }

    /// What the rating model says of each completion, one verdict or, by steps, several. All completions are asked
    /// about at once.
    private func verdicts(_ votes: [VoteTally.Vote], _ session: Session) async throws -> [[Verdict]] {
        let verifier = Verifier(parameters: parameters, question: question)
        let found = try await withThrowingTaskGroup(of: (Int, [Verdict]).self) { group in
            for (index, vote) in votes.enumerated() {
                let text = vote.choice.text
                group.addTask {
                    switch verifier.parameters.by {
                    case .majority, .logprob: (index, [])
                    case .graderModel: (index, [try await verifier.rating(of: text, session)])
                    case .verifier: (index, [try await verifier.correctness(of: text, session)])
                    case .steps: (index, try await verifier.correctness(ofSteps: text, session))
                    }
                }
            }
            return try await group.reduce(into: [Int: [Verdict]]()) { $0[$1.0] = $1.1 }
        }
        return votes.indices.map { found[$0] ?? [] }
    }

    /// The reason for which votes must decide, since nothing was rated for want of budget or time; `nil` if something
    /// was rated. A rating model that cannot be asked or does not do as it is told is an error.
    private func interruption(_ verdicts: [Verdict]) throws -> String? {
        guard verdicts.allSatisfy({ $0.score == nil }) else { return nil }
        guard let first = verdicts.first(where: { $0.interruption != nil }), let error = first.interruption else {
            let isNumber = parameters.by == .graderModel || parameters.rating.verifierReads == .number
            throw NoRating(role: parameters.rating.graderRole, isNumber: isNumber)
        }
        guard (error as? Rejected)?.reason == .budget || error is SessionStopped else { throw error }
        return first.interruptionReason ?? "budget"
    }

    private func score(_ votes: [VoteTally.Vote], _ verdicts: [[Verdict]], _ session: Session) -> [Scored] {
        var scored: [Scored] = []
        for (vote, verdicts) in zip(votes, verdicts) {
            if parameters.by != .graderModel {
                let scores = verdicts.map { $0.score ?? 0 }
                scored.append(
                    Scored(
                        vote: vote,
                        score: parameters.by == .steps ? parameters.rating.aggregate.value(scores) : scores.first ?? 0))
            } else if let rating = verdicts.first?.score {
                scored.append(Scored(vote: vote, score: rating))
            } else {
                session.note("rating", "choice \(vote.choice.index): \(verdicts.first?.failure ?? "none")")
            }
        }
        let all = verdicts.flatMap { $0 }
        let failures = all.filter { $0.score == nil }
        if parameters.by != .graderModel, let first = failures.first {
            session.note("verifier_failures", "\(failures.count) of \(all.count), the first: \(first.failure)")
        }
        return scored
    }
}
