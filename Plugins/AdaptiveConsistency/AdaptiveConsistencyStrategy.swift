import EvalhPluginKit

struct AdaptiveConsistencyParameters: PluginParameters {
    @Parameter("The most completions a session samples.", range: 1...1024) var maxSamples = 40
    @Parameter(
        """
        Figure at which sampling stops: at least this, for entropy at most. Left out: 0.95; majority 0.8; entropy \
        0.75. Beta takes 0.5 and more.
        """, range: 0...1) var threshold: Double? = nil
    @Parameter(
        """
        What the figure is: beta, dirichlet, crp: probability that the leading answer stays ahead; majority: its share \
        of the votes; entropy of the votes, normalised; chi_square: 1 − p of the test that the first two answers are \
        equally likely.
        """) var rule = StoppingRule.beta
    @Parameter("How many votes' weight answers not yet seen have (crp).", range: 1...1000) var concentration = 1
    @Parameter(
        """
        Completions before which sampling does not stop; asked for at once. Above 1, majority and entropy may stop at \
        a single answer.
        """,
        range: 1...1024) var minSamples = 1
    @Parameter(
        "Completions asked for at a time. 1 saves most samples; more sends the prompt less often.", range: 1...256)
    var batch = 1
}

/// Samples until the leading answer is likely to stay ahead.
struct AdaptiveConsistencyStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "adaptive-consistency", version: "1.0.0",
        title: "Majority vote that stops when its winner is likely decided",
        description: """
            Samples completions `batch` at a time. After each batch, with v1 and v2 the counts of the two most frequent
            answers, it stops if the Beta posterior P(v1 stays ahead of v2) reaches `threshold` (>=), else goes on up to
            `max_samples`. With the default 0.95 four equal answers in a row are the earliest stop. Other rules by
            `rule`:

            - `dirichlet`: P that the leader has the largest share under Dir(v + 1), over the five most frequent
              answers, >= 0.95. Found by numeric integration, not by the published Monte Carlo, so it is the same in
              each run; below three answers it is `beta`.
            - `majority`: the leader's share of the votes, >= 0.8. `entropy`: entropy of the votes divided by that of
              equal shares over the answers seen, <= 0.75. At one distinct answer these two never stop, unless
              `min_samples` is above 1: then from there on. (The published code refuses the first sample only.)
            - `chi_square`: 1 − p of Pearson's test that the first two answers are equally likely, one degree of
              freedom, >= 0.95.
            - `crp`: P that the leader ends with the largest share in a Chinese restaurant process, >= 0.95: shares of
              the answers seen and of all yet unseen are Dir(v, `concentration`) in the limit, and the unseen count as
              one rival, so P is a lower bound.

            The paper's repository names crp but has no code for it, and has no chi_square; both are defined here.

            Ties, cut-off completions and completions without an answer: as in self-consistency; what does not vote does
            not count as a class but does count as a sample. Out of budget, or after a request that failed, the votes so
            far decide (reason "budget", "request_failed"), and after a failure the session is marked as served in part;
            without any completion the session is an error, or no answer for want of budget. Confidence: P at the stop;
            for rules without P the winner's share. The figure of a rule other than beta is noted.

            Cost: between 4 and `max_samples` completions at the defaults. Asking one at a time re-sends the prompt with
            each sample, which can cost more money than it saves in samples: compare tokens and money, not samples
            alone.
            """,
        source: """
            Aggarwal et al. 2023, Let's Sample Step by Step: Adaptive-Consistency for Efficient Reasoning and Coding \
            with LLMs, arXiv:2305.11860, §3 and appendix D (Beta, Dirichlet), §4.2 (entropy, majority); code
            Pranjal2041/AdaptiveConsistency
            """,
        needs: .partial)

    private let parameters: AdaptiveConsistencyParameters
    private let threshold: Double

    init(parameters: AdaptiveConsistencyParameters) throws {
        guard parameters.minSamples <= parameters.maxSamples else {
            throw ParameterError(
                "min_samples (\(parameters.minSamples)) is more than max_samples (\(parameters.maxSamples))")
        }
        threshold = parameters.threshold ?? parameters.rule.threshold
        guard parameters.rule != .beta || threshold >= 0.5 else {
            throw ParameterError("threshold (\(threshold)) is less than 0.5, which rule beta always reaches")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        var drawn = 0
        var reason = "max_samples"
        while drawn < parameters.maxSamples {
            let wanted = drawn == 0 ? max(parameters.batch, parameters.minSamples) : parameters.batch
            let batch = await session.gather(n: min(wanted, parameters.maxSamples - drawn))
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            drawn += batch.choices.count
            if drawn >= parameters.minSamples, mayStop(tally), let figure = figure(tally),
                parameters.rule.isReached(figure, threshold: threshold)
            {
                return conclude(tally, figure, "threshold", session)
            }
            if let interruption = batch.interruption {
                guard drawn > 0 else { throw interruption }
                reason = batch.interruptionReason ?? "interrupted"
                break
            }
        }
        return conclude(tally, figure(tally), reason, session)
    }

    private func mayStop(_ tally: VoteTally) -> Bool {
        !parameters.rule.needsTwoAnswers || parameters.minSamples > 1 || tally.candidates.count > 1
    }

    /// The rule's figure; `nil` without votes.
    private func figure(_ tally: VoteTally) -> Double? {
        guard tally.voteCount > 0 else { return nil }
        return parameters.rule.figure(tally.candidates.map(\.count), concentration: parameters.concentration)
    }

    private func conclude(_ tally: VoteTally, _ figure: Double?, _ reason: String, _ session: Session) -> Answer {
        session.emit(tally)
        var answer = tally.answer(reason: reason)
        guard let figure else { return answer }
        if parameters.rule.isProbability { answer.confidence = figure }
        if parameters.rule != .beta { session.note(parameters.rule.rawValue, "\(figure)") }
        return answer
    }

    static func estimate(_ parameters: AdaptiveConsistencyParameters) -> Estimate? {
        let first = min(parameters.maxSamples, max(parameters.batch, parameters.minSamples))
        let further = max(0, earliestStop(parameters) - first)
        let least = min(
            parameters.maxSamples, first + (further + parameters.batch - 1) / parameters.batch * parameters.batch)
        let requests = 1 + (parameters.maxSamples - first + parameters.batch - 1) / parameters.batch
        return Estimate(completions: least...parameters.maxSamples, promptPasses: Double(requests))
    }

    /// The fewest samples after which the rule can hold: equal answers, or all but one equal where equal ones do not
    /// count.
    private static func earliestStop(_ parameters: AdaptiveConsistencyParameters) -> Int {
        let rule = parameters.rule
        let threshold = parameters.threshold ?? rule.threshold
        let needsTwo = rule.needsTwoAnswers && parameters.minSamples == 1
        var least = needsTwo ? 2 : 1
        while least < parameters.maxSamples {
            let figure = rule.figure(needsTwo ? [least - 1, 1] : [least], concentration: parameters.concentration)
            if rule.isReached(figure, threshold: threshold) { break }
            least += 1
        }
        return least
    }
}
