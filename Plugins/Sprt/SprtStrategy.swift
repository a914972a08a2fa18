import EvalhPluginKit

struct SprtParameters: PluginParameters {
    @Parameter("Bayes factor of the leading answer at which sampling stops; 19 is 0.95 to 0.05.", range: 1...1e12)
    var threshold = 19.0
    @Parameter("The most completions a session samples.", range: 1...1024) var maxSamples = 40
    @Parameter("Stop as soon as no further votes up to max_samples could reach the threshold.") var stopWhenFutile =
        true
    @Parameter(
        "Completions asked for at a time. 1 saves most samples; more sends the prompt less often.", range: 1...256)
    var batch = 1
}

/// Samples until the votes are evidence enough for their leader, or can no longer become so.
struct SprtStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "sprt", version: "1.0.0",
        title: "Sequential test: stop when the Bayes factor of the leading answer decides, or never will",
        description: """
            Samples completions `batch` at a time. After each batch it tests, with v1 >= v2 the votes of the first two
            answers, that the first one is more probable than the second against that it is not. With a uniform prior on
            the first one's share x of their votes the prior odds are 1, so that the Bayes factor is the posterior odds
            P/(1 − P), P = P(x > 1/2 | v1, v2). Two boundaries:

            - Bayes factor >= `threshold` (19: P >= 0.95): the leader is decided, reason "decided". Four equal answers
              have 31.
            - Futile, if `stop_when_futile`: even if all samples that are left up to `max_samples` voted for the leader,
              the Bayes factor would be below `threshold` (<). No other votes give any answer more, so the rest cannot
              decide; the leader is the answer, reason "futile". If `max_samples` is less than the fewest that can
              decide (4), it stops after the first batch. A futile stop votes with fewer samples than were allowed: with
              a small `max_samples` it is less accurate than the full vote.

            Kass & Raftery call a factor of 3 to 20 positive evidence, 20 to 150 strong. Deviations: Wald tests simple
            hypotheses, so that the boundaries fix the error rates; here the hypotheses are composite and the leader is
            chosen after the votes are seen, so 19 is no guarantee of 5 % errors. Wald's lower boundary accepts the
            other hypothesis; here it would make the second answer the leader, so giving up takes its place.

            Ties: the answer that appeared first. A completion that is cut off or has no answer does not vote but counts
            as a sample. Out of budget, or after a request that failed, the votes so far decide (reason "budget",
            "request_failed"), and after a failure the session is marked as served in part; without any completion the
            session is an error, or no answer for want of budget. Confidence: P. The last Bayes factor is noted. Nothing
            is needed of the endpoint.

            Cost: between 4 and `max_samples` completions at the defaults, at `batch` 1 each with the prompt.
            """,
        source: """
            Wald 1945, Sequential Tests of Statistical Hypotheses, Ann. Math. Stat. 16; Kass & Raftery 1995, Bayes \
            Factors, JASA 90; posterior as in Aggarwal et al. 2023, arXiv:2305.11860, §3
            """,
        needs: .partial)

    private let parameters: SprtParameters

    init(parameters: SprtParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        var drawn = 0
        while drawn < parameters.maxSamples {
            let batch = await session.gather(n: min(parameters.batch, parameters.maxSamples - drawn))
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            drawn += batch.choices.count
            if parameters.isDecided(tally.topTwo) { return conclude(tally, "decided", session) }
            if let interruption = batch.interruption {
                guard drawn > 0 else { throw interruption }
                return conclude(tally, batch.interruptionReason ?? "interrupted", session)
            }
            if drawn < parameters.maxSamples, parameters.isFutile(tally.topTwo, left: parameters.maxSamples - drawn) {
                return conclude(tally, "futile", session)
            }
        }
        return conclude(tally, "max_samples", session)
    }

    private func conclude(_ tally: VoteTally, _ reason: String, _ session: Session) -> Answer {
        session.emit(tally)
        var answer = tally.answer(reason: reason)
        guard tally.voteCount > 0 else { return answer }
        let (v1, v2) = tally.topTwo
        session.note("bayes_factor", "\(PosteriorOdds.value(v1, v2))")
        answer.confidence = LeadProbability.beta(v1, v2)
        return answer
    }

    static func estimate(_ parameters: SprtParameters) -> Estimate? {
        let most = parameters.maxSamples
        // Equal answers decide first; votes split in two halves, or none at all, are futile first.
        let least = (1..<most).first { drawn in
            let half = drawn / 2
            return parameters.isDecided((drawn, 0)) || parameters.isFutile((0, 0), left: most - drawn)
                || parameters.isFutile((drawn - half, half), left: most - drawn)
        }
        let batches = ((least ?? most) + parameters.batch - 1) / parameters.batch
        let passes = (most + parameters.batch - 1) / parameters.batch
        return Estimate(completions: min(most, batches * parameters.batch)...most, promptPasses: Double(passes))
    }
}

extension SprtParameters {
    /// Whether the votes of the first two answers are evidence enough for the first.
    func isDecided(_ votes: (first: Int, second: Int)) -> Bool {
        votes.first > 0 && PosteriorOdds.value(votes.first, votes.second) >= threshold
    }

    /// Whether no further votes could be. The leader's own votes raise the factor most: each other answer has more to
    /// make up for.
    func isFutile(_ votes: (first: Int, second: Int), left: Int) -> Bool {
        stopWhenFutile && PosteriorOdds.value(votes.first + left, votes.second) < threshold
    }
}
