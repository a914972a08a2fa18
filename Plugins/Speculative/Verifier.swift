import EvalhPluginKit

/// Lets the target accept or reject what was proposed.
struct Verifier {
    let parameters: SpeculativeParameters
    let session: Session
    let target: Model

    func verify(_ draft: [Token], after prefix: String, atMost limit: Int, _ run: inout SpeculativeRun) async throws
        -> SpeculativeRound
    {
        switch (parameters.mode, parameters.verify) {
        case (.greedy, .generate): return try await generated(draft, prefix, limit, &run)
        case (.greedy, .score):
            if let round = try await greedyScored(draft, prefix, &run) { return round }
            return greedy(draft, try await positions(draft, prefix, .greedy, &run))
        case (.sampling, _):
            if let round = try await scored(draft, prefix, &run) { return round }
            return try sampled(draft, try await positions(draft, prefix, raw, &run))
        }
    }

    private var raw: Sampling { .raw(maxTokens: 1, topLogprobs: min(parameters.alternatives, target.topLogprobs)) }

    // MARK: The target writes

    /// The target continues the same text; what both wrote is accepted, in whole tokens of the target, and its next
    /// token is added.
    private func generated(_ draft: [Token], _ prefix: String, _ limit: Int, _ run: inout SpeculativeRun) async throws
        -> SpeculativeRound
    {
        let sampling = Sampling(temperature: 0, maxTokens: min(draft.count + 1, limit), topLogprobs: 0)
        let choice = try await session.complete(sampling: sampling, prefix: prefix, model: parameters.target)
        run.count(choice)
        guard choice.text.isEmpty || !choice.tokens.isEmpty else { throw MissingLogprobs(model: target.role) }
        let proposed = Array(draft.map(\.text).joined().utf8)
        var round = SpeculativeRound()
        var matched = 0
        for token in choice.text.isEmpty ? [] : choice.tokens {
            round.tokens += 1
            round.text += token.text
            let end = matched + token.text.utf8.count
            guard end <= proposed.count, proposed[matched..<end].elementsEqual(token.text.utf8) else { break }
            matched = end
        }
        let isWhole = choice.text.isEmpty || round.tokens == choice.tokens.count
        if isWhole { round.text = choice.text }
        round.hasEnded = isWhole && choice.isFinished
        round.accepted = Self.wholeTokens(of: draft, in: matched)
        let hasDiffered = round.text.utf8.count > matched || round.hasEnded
        round.isRejected = hasDiffered && matched < proposed.count
        return round
    }

    private static func wholeTokens(of draft: [Token], in bytes: Int) -> Int {
        var end = 0
        return draft.prefix { token in
            end += token.text.utf8.count
            return end <= bytes
        }.count
    }

    // MARK: One token at each position

    /// What the target says after each of the proposed tokens, and before the first, all at once.
    private func positions(_ draft: [Token], _ prefix: String, _ sampling: Sampling, _ run: inout SpeculativeRun)
        async throws -> [Choice]
    {
        var sampling = sampling
        sampling.maxTokens = 1
        var text = prefix
        let texts =
            [text]
            + draft.map { token in
                text += token.text
                return text
            }
        let batches = await session.sideBySide(texts) { [sampling] in
            await session.gather(sampling: sampling, prefix: $0, model: parameters.target)
        }
        var choices: [Choice] = []
        for batch in batches {
            if let interruption = batch.interruption { throw interruption }
            let choice = try batch.first()
            run.count(choice)
            choices.append(choice)
        }
        return choices
    }

    private func greedy(_ draft: [Token], _ choices: [Choice]) -> SpeculativeRound {
        var round = SpeculativeRound()
        for (token, choice) in zip(draft, choices) {
            guard Array(choice.text.utf8) == Array(token.text.utf8) else {
                round.isRejected = true
                round.take(choice)
                return round
            }
            round.accept(token)
            if choice.isFinished {
                round.hasEnded = true
                return round
            }
        }
        round.take(choices[draft.count])
        return round
    }

    private func sampled(_ draft: [Token], _ choices: [Choice]) throws -> SpeculativeRound {
        var round = SpeculativeRound()
        for (token, choice) in zip(draft, choices) {
            guard !choice.text.isEmpty else {
                // The target drew its end, whose probability endpoints do not tell.
                round.typical += 1
                round.isRejected = true
                round.take(choice)
                return round
            }
            guard let drawn = choice.tokens.first else { throw MissingLogprobs(model: target.role) }
            let (p, q) = (Distribution(drawn), Distribution(token))
            if p.isComplete, q.isComplete {
                round.exact += 1
                if Acceptance.isAccepted(
                    p.probability(of: token.text), q.probability(of: token.text), uniform: session.uniform())
                {
                    round.accept(token)
                    continue
                }
                round.isRejected = true
                if let text = p.residual(over: q, uniform: session.uniform()) {
                    round.append(text)
                } else {
                    round.take(choice)
                }
                return round
            }
            round.typical += 1
            guard p.probability(of: token.text) >= acceptance.least(entropy: p.entropy) else {
                round.isRejected = true
                round.take(choice)
                return round
            }
            round.accept(token)
        }
        round.take(choices[draft.count])
        return round
    }

    private var acceptance: Acceptance { Acceptance(epsilon: parameters.epsilon, delta: parameters.typicalDelta) }

    // MARK: A service that scores

    /// The target's log-probabilities of the draft's tokens, by one call; `nil` where no service tells them for the
    /// same tokens.
    private func score(_ draft: [Token], _ prefix: String, _ run: inout SpeculativeRun) async throws -> [Token]? {
        guard session.scorer(parameters.target) != nil, !draft.isEmpty else { return nil }
        let score: Score
        do {
            score = try await session.score(draft.map(\.text).joined(), prefix: prefix, model: parameters.target)
        } catch let rejected as Rejected where rejected.reason == .unsupported || rejected.reason == .invalid {
            return nil
        } catch let failed as RequestFailed where failed.failure == .request {
            return nil
        }
        run.targetCalls += 1
        run.targetPromptTokens += max(0, score.usage.promptTokens)
        return score.tokens.map(\.text) == draft.map(\.text) ? score.tokens : nil
    }

    /// A token of more than half of the target's probability is the one it would write at temperature 0; the rounding
    /// of sums in 32 bits is allowed for. About the others the target is asked.
    private static let certain = 0.5 + 1e-4

    /// Exactly what the target writes at temperature 0, with a question for each token that is less than certain.
    private func greedyScored(_ draft: [Token], _ prefix: String, _ run: inout SpeculativeRun) async throws
        -> SpeculativeRound?
    {
        guard let scores = try await score(draft, prefix, &run) else { return nil }
        var sampling = Sampling.greedy
        sampling.maxTokens = 1
        var round = SpeculativeRound()
        for (token, scored) in zip(draft, scores) {
            guard scored.probability <= Self.certain else {
                round.accept(token)
                continue
            }
            let choice = try await session.complete(
                sampling: sampling, prefix: prefix + round.text, model: parameters.target)
            run.count(choice)
            guard Array(choice.text.utf8) == Array(token.text.utf8) else {
                round.isRejected = true
                round.take(choice)
                return round
            }
            round.accept(token)
            if choice.isFinished {
                round.hasEnded = true
                return round
            }
        }
        let next = try await session.complete(sampling: sampling, prefix: prefix + round.text, model: parameters.target)
        run.count(next)
        round.take(next)
        return round
    }

    /// By the log-probabilities of the draft's text, where a service tells them for the same tokens; `nil` where none
    /// does. It tells no distributions, so that a token needs a probability of ε.
    private func scored(_ draft: [Token], _ prefix: String, _ run: inout SpeculativeRun) async throws
        -> SpeculativeRound?
    {
        guard let scores = try await score(draft, prefix, &run) else { return nil }
        var round = SpeculativeRound()
        for (token, scored) in zip(draft, scores) {
            round.typical += 1
            guard scored.probability >= acceptance.least(entropy: nil) else {
                round.isRejected = true
                break
            }
            round.accept(token)
        }
        let next = try await session.complete(sampling: raw, prefix: prefix + round.text, model: parameters.target)
        run.count(next)
        round.take(next)
        return round
    }
}

extension SpeculativeRound {
    mutating func accept(_ token: Token) {
        accepted += 1
        append(token.text)
    }

    mutating func append(_ token: String) {
        text += token
        tokens += 1
    }

    /// The target's own token, or its end.
    mutating func take(_ choice: Choice) {
        if !choice.text.isEmpty { append(choice.text) }
        hasEnded = choice.isFinished
    }
}
