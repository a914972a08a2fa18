import EvalhPluginKit

/// What a vote weighs.
enum VoteWeight: String, CaseIterable, ParameterValue {
    case selfCertainty = "self_certainty"
    case probability
    case uniform
}

struct ConfidenceVoteParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var samples = 8
    @Parameter(
        """
        What a vote weighs: self_certainty: by the rank of the completion's self-certainty; probability: the geometric \
        mean of its tokens' probabilities; uniform: 1.
        """) var weight = VoteWeight.selfCertainty
    @Parameter(
        "p of the weight (N − r + 1)^p of rank r among N votes (self_certainty); 0: all weigh the same.", range: 0...100
    ) var power =
        0.5
    @Parameter(
        "Alternatives a token that are asked for (self_certainty); the more, the better the approximation.",
        range: 1...1024)
    var topLogprobs = 20
    @Parameter("Tokens in the model's vocabulary (self_certainty).", range: 2...10_000_000) var vocabularySize = 128_256
}

/// Samples n completions that vote with the weight of the model's confidence in them.
struct ConfidenceVoteStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "confidence-vote", version: "1.0.0",
        title: "Vote over n sampled completions, weighted by the model's confidence",
        description: """
            Samples `samples` completions of the prompt; each votes for its answer with a weight by `weight`, and the
            heaviest answer wins: its first completion is returned.

            - `self_certainty`: the completions that vote are ranked by self-certainty, −(1/nV) Σ_i Σ_j ln(V p_ij) over
              their n tokens and the V of the vocabulary; rank r of N weighs (N − r + 1)^`power` (Borda), equal ones the
              earlier first. `power: 0` is the majority. **Approximation:** endpoints tell only the `top_logprobs`
              likeliest tokens, so what these and the sampled token leave, at least 1e-7, is spread evenly over the rest
              of `vocabulary_size`. That is a lower bound of the self-certainty, and far from it where the rest is
              uneven: compare it with itself only, at the same `top_logprobs`.
            - `probability`: the geometric mean of the completion's token probabilities. `uniform`: 1, the majority; no
              log-probabilities are asked for.

            Needs log-probabilities, for self_certainty with alternatives; a completion that votes without them ends the
            session as an error.

            Ties: the answer that appeared first. Completions without an answer and cut-off ones do not vote and have no
            rank; if none votes, the first finished completion is returned, else the first cut-off one as unfinished.
            Out of budget, or after a request that failed, the completions that came vote, and after a failure the
            session is marked as served in part; if none came, the session is an error, or no answer for want of budget.
            Confidence: the winner's share of the weights. The least and greatest self-certainty are noted.

            Cost: `samples` completions; the prompt once where the endpoint returns n choices a request, else n times.
            """,
        source: """
            Kang et al. 2025, Scalable Best-of-N Selection for Large Language Models via Self-Certainty, \
            arXiv:2502.18581 (self-certainty, Borda voting); code backprop07/Self-Certainty
            """,
        needs: [.partial, .logprobs])

    private let parameters: ConfidenceVoteParameters

    init(parameters: ConfidenceVoteParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let batch = await session.gather(n: parameters.samples, sampling: sampling)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        let reason = batch.interruptionReason ?? "samples"
        guard !tally.votes.isEmpty else { return tally.answer(reason: reason) }
        var weighted = VoteTally()
        for (vote, weight) in zip(tally.votes, try weights(tally.votes, session)) {
            weighted.add(vote.choice, answer: vote.answer, weight: weight)
        }
        session.emit(weighted)
        return weighted.answer(reason: reason)
    }

    private var sampling: Sampling? {
        switch parameters.weight {
        case .selfCertainty: Sampling(topLogprobs: parameters.topLogprobs)
        case .probability: Sampling(topLogprobs: 0)
        case .uniform: nil
        }
    }

    private func weights(_ votes: [VoteTally.Vote], _ session: Session) throws -> [Double] {
        switch parameters.weight {
        case .uniform: return votes.map { _ in 1 }
        case .probability: return try votes.map { try present($0.choice.tokens.geometricMeanProbability, session) }
        case .selfCertainty:
            let certainty = SelfCertainty(vocabulary: parameters.vocabularySize)
            let values = try votes.map { try present(certainty.value($0.choice.tokens), session) }
            if let least = values.min(), let greatest = values.max() {
                session.note("self_certainty", "\(least)...\(greatest)")
            }
            return BordaVote.weights(values, power: parameters.power)
        }
    }

    private func present(_ value: Double?, _ session: Session) throws -> Double {
        guard let value else { throw MissingLogprobs(model: session.model.role) }
        return value
    }

    static func estimate(_ parameters: ConfidenceVoteParameters) -> Estimate? {
        Estimate(completions: parameters.samples...parameters.samples, promptPasses: 1)
    }
}
