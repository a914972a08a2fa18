import EvalhPluginKit

/// What makes a completion the best.
enum Selection: String, CaseIterable, ParameterValue {
    case majority
    case logprob
    case graderModel = "grader_model"
}

struct BestOfNParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var n = 8
    @Parameter("majority: most votes; logprob: likeliest tokens; grader_model: rated by another model.") var by = Selection.majority
    @Parameter("Add up the scores of completions with the same answer, and take the best answer; by default for grader_model only.")
    var weighted: Bool? = nil
    @Parameter("The role of the model that rates completions (grader_model).") var graderRole = "grader"
    @Parameter("The most tokens of a rating.", range: 1...4096) var graderTokens = 16
    @Parameter("What the rating model is asked; {question} and {answer} are filled in.") var graderPrompt = """
        Question:
        {question}

        Proposed answer:
        {answer}

        How likely is the proposed answer to be correct? Reply with a number from 0 (certainly wrong) to 10 (certainly right) and nothing else.
        """
}

/// A candidate with what it is worth.
struct Scored {
    let vote: VoteTally.Vote
    let score: Double

    init(vote: VoteTally.Vote, score: Double) {
        self.vote = vote
        self.score = score
    }

    /// By the mean log-probability of the tokens. Sums need weights above 0: there it is the geometric mean of the probabilities.
    init(_ vote: VoteTally.Vote, isWeighted: Bool, model: String) throws {
        guard let mean = vote.choice.tokens.meanLogprob, let probability = vote.choice.tokens.geometricMeanProbability else {
            throw MissingLogprobs(model: model)
        }
        self.init(vote: vote, score: isWeighted ? probability : mean)
    }
}

/// The rating model never replied with a number.
struct NoRating: Error, CustomStringConvertible {
    let role: String

    var description: String { "the model \(role) rated nothing: none of its replies is a number from 0 to 10" }
}

/// Samples n completions and keeps the best by votes, log-probability or a rating model.
struct BestOfNStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "best-of-n", version: "1.0.0", title: "The best of n sampled completions",
        description: """
            Samples `n` completions and scores each: by its answer's votes (`majority`), by the mean log-probability of its tokens (`logprob`,
            length-normalised), or by a number from 0 to 10 that the model of role `grader_role` replies (`grader_model`). The best one is the
            answer; with `weighted` the scores of equal answers are added (probabilities for `logprob`), and the best answer wins. Majority is
            always weighted, with 1 a vote.

            Ties: the earlier completion. Cut-off completions and those without an answer are no candidates unless there are no others; the
            first finished one is then returned, else the first cut-off one as unfinished. Missing log-probabilities end the session as an
            error. A completion without a rating (no number in the reply, a failed request, no budget) drops out and is noted; without any
            rating the majority decides if the budget was the cause (reason "budget"), and the session is an error otherwise.

            Cost: `n` completions; with `grader_model` one short completion of the rating model for each.
            """,
        source:
            "Cobbe et al. 2021, arXiv:2110.14168, §4.1 (sample n, rank, take the best); weighted: Li et al. 2022, arXiv:2206.02336, §3.2")

    private let parameters: BestOfNParameters

    init(parameters: BestOfNParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let sampling = parameters.by == .logprob ? Sampling(topLogprobs: 0) : nil
        let batch = await session.gather(n: parameters.n, sampling: sampling)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        let candidates = tally.votes
        guard !candidates.isEmpty, parameters.by != .majority else {
            return conclude(tally, batch.interruptionReason ?? parameters.by.rawValue, session)
        }
        let scored: [Scored]
        switch parameters.by {
        case .majority: scored = []
        case .logprob: scored = try candidates.map { try Scored($0, isWeighted: isWeighted, model: session.model.role) }
        case .graderModel:
            let ratings = try await rate(candidates, item, session)
            if ratings.scored.isEmpty { return conclude(tally, ratings.interruption, session) }
            scored = ratings.scored
        }
        return select(scored, batch.interruptionReason ?? parameters.by.rawValue, session)
    }

    private var isWeighted: Bool { parameters.weighted ?? (parameters.by == .graderModel) }

    private func conclude(_ tally: VoteTally, _ reason: String, _ session: Session) -> Answer {
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    private func select(_ scored: [Scored], _ reason: String, _ session: Session) -> Answer {
        if isWeighted {
            var tally = VoteTally()
            for one in scored { tally.add(one.vote.choice, answer: one.vote.answer, weight: one.score) }
            return conclude(tally, reason, session)
        }
        for one in scored {
            session.emit(one.vote.answer, weight: one.score, evidence: "choice \(one.vote.choice.index)")
        }
        let best = scored.reduce(nil) { (best: Scored?, next) in best.map { next.score > $0.score ? next : $0 } ?? next }
        return best.map { Answer($0.vote.choice, reason: reason) } ?? .none(reason: reason)
    }

    /// Asks for all ratings at once.
    private func rate(_ votes: [VoteTally.Vote], _ item: Item, _ session: Session) async throws -> (
        scored: [Scored], interruption: String
    ) {
        guard session.model(parameters.graderRole) != nil else {
            throw ParameterError("the suite has no model with the role \(parameters.graderRole)")
        }
        let batches = await withTaskGroup(of: (Int, Batch).self) { group in
            for (index, vote) in votes.enumerated() {
                let prompt = fill(parameters.graderPrompt, ["question": item.input, "answer": vote.choice.text])
                group.addTask { [parameters] in
                    let sampling = Sampling(temperature: 0, maxTokens: parameters.graderTokens)
                    let messages = [Message(.user, prompt)]
                    return (index, await session.gather(sampling: sampling, messages: messages, model: parameters.graderRole))
                }
            }
            return await group.reduce(into: [Int: Batch]()) { $0[$1.0] = $1.1 }
        }
        var scored: [Scored] = []
        var interruption: Batch?
        for (index, vote) in votes.enumerated() {
            guard let batch = batches[index] else { continue }
            if batch.interruption != nil { interruption = interruption ?? batch }
            if let reply = batch.choices.first, let rating = Rating.parse(reply.text) {
                scored.append(Scored(vote: vote, score: rating))
            } else {
                session.note("rating", "choice \(vote.choice.index): \(batch.interruptionReason ?? "no number in the reply")")
            }
        }
        if !scored.isEmpty { return (scored, "") }
        guard let interruption, let error = interruption.interruption else { throw NoRating(role: parameters.graderRole) }
        // For want of budget or time the votes decide; a rating model that cannot be asked is an error.
        guard (error as? Rejected)?.reason == .budget || error is SessionStopped else { throw error }
        return ([], interruption.interruptionReason ?? "budget")
    }

    /// Fills names in braces in one pass, so that braces in an answer stay text.
    private func fill(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            if let close = inside.firstIndex(of: "}"), let value = values[String(inside[..<close])] {
                result += value
                rest = inside[inside.index(after: close)...]
            } else {
                result += "{"
                rest = inside
            }
        }
        return result + rest
    }

    static func estimate(_ parameters: BestOfNParameters) -> Estimate? {
        let ratings = parameters.by == .graderModel ? parameters.n : 0
        return Estimate(completions: parameters.n...(parameters.n + ratings), promptPasses: Double(1 + ratings))
    }
}
