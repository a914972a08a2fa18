import EvalhPluginKit

/// What a stage makes of its own samples.
struct Opinion {
    var answer: Answer
    /// In [0, 1]; `nil`: there is no finished answer, or nothing to judge it by.
    var score: Double?
    var isKept: Bool
}

/// A stage of a cascade that may keep its answer.
struct Stage: Sendable {
    let parameters: CascadeParameters
    let item: Item
    /// The model's role; empty: the arm's own.
    let role: String
    let threshold: Double

    /// - Throws: What kept all samples from coming.
    func opinion(_ session: Session) async throws -> Opinion {
        if parameters.judgesOneSample { return try await opinionOfOne(session) }
        let (first, second) = await sources(session)
        let interruption = first.interruption ?? second?.interruption
        let reason = first.interruptionReason ?? second?.interruptionReason
        var choices = first.choices
        var tallies = [VoteTally(), VoteTally()]
        for choice in first.choices { try session.vote(choice, in: &tallies[0]) }
        for choice in second?.choices ?? [] { try session.vote(choice, in: &tallies[1]) }
        choices += second?.choices ?? []
        if choices.isEmpty, let interruption { throw interruption }
        var all = tallies[0]
        for vote in tallies[1].votes { all.add(vote.choice, answer: vote.answer) }
        for choice in tallies[1].abstentions { all.add(choice, answer: nil) }
        session.emit(all)
        let score = parameters.rule == .threshold ? Agreement.ofVotes(all) : Agreement.ofSamples(all)
        let isKept =
            switch parameters.rule {
            case .threshold, .vote: score.map { $0 >= threshold } ?? false
            case .verify: Agreement.isEqual(tallies[0], tallies[1])
            }
        var answer = (parameters.rule == .verify && isKept ? tallies[0] : all).answer(
            reason: reason ?? parameters.rule.rawValue)
        if answer.kind == .answered { answer.confidence = score }
        return Opinion(answer: answer, score: score, isKept: isKept)
    }

    private func sources(_ session: Session) async -> (first: Batch, second: Batch?) {
        guard parameters.hasTwoSources else { return (await session.gather(n: parameters.samples, model: role), nil) }
        let messages = parameters.secondAs.adding(parameters.secondInstruction, to: item.messages)
        async let first = session.gather(n: parameters.samples, model: role)
        async let second = session.gather(n: parameters.samples, messages: messages, model: role)
        return (await first, await second)
    }

    private func opinionOfOne(_ session: Session) async throws -> Opinion {
        let sampling = parameters.by == .probability ? Sampling(topLogprobs: 0) : nil
        let batch = await session.gather(sampling: sampling, model: role)
        let choice = try batch.first()
        var opinion = Opinion(answer: Answer(choice, reason: parameters.rule.rawValue), isKept: false)
        guard opinion.answer.kind == .answered else { return opinion }
        switch parameters.by {
        case .agreement: break
        case .probability:
            guard let probability = choice.tokens.geometricMeanProbability else {
                throw MissingLogprobs(model: session.model(role)?.role ?? role)
            }
            opinion.score = probability
        case .rating: opinion.score = try await rating(of: choice, session)
        case .selfVerification: opinion.score = try await check(choice, session)
        }
        opinion.answer.confidence = opinion.score
        opinion.isKept = opinion.score.map { $0 >= threshold } ?? false
        return opinion
    }

    /// In [0, 1]; `nil` and a note if there is none.
    private func rating(of choice: Choice, _ session: Session) async throws -> Double? {
        let prompt = Template.fill(parameters.verifierPrompt, ["question": item.input, "answer": choice.text])
        let batch = await session.gather(
            sampling: Sampling(temperature: 0, maxTokens: parameters.verifierTokens),
            messages: [Message(.user, prompt)],
            model: parameters.verifierRole)
        try batch.throwIfImpossible()
        let rating = batch.choices.first.flatMap { Rating.parse($0.text) }
        if rating == nil { session.note("verification", batch.interruptionReason ?? "no number in the reply") }
        return rating.map { $0 / 10 }
    }

    /// The share of positive checks among those that came; `nil` and a note if none came.
    private func check(_ choice: Choice, _ session: Session) async throws -> Double? {
        let values = [
            "question": item.input, "answer": choice.text, "positive": parameters.positive,
            "negative": parameters.negative,
        ]
        let batch = await session.gather(
            n: parameters.checks, sampling: Sampling(maxTokens: parameters.verifierTokens),
            messages: [Message(.user, Template.fill(parameters.checkPrompt, values))], model: role)
        try batch.throwIfImpossible()
        if let reason = batch.interruptionReason { session.note("verification", reason) }
        return SelfVerification.confidence(
            batch.choices.map(\.text), positive: parameters.positive, negative: parameters.negative)
    }
}
