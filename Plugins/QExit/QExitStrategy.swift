import EvalhPluginKit

/// How the exit is found from the halting probabilities.
enum ExitPolicy: String, CaseIterable, ParameterValue {
    case quantile
    case sample
}

struct QExitParameters: PluginParameters {
    @Parameter(
        """
        Halting probability after each sample: a number, or agreement: the probability that the leading answer stays \
        ahead.
        """,
        range: 0...1)
    var lambda = Halting.constant(0.1)
    @Parameter(
        """
        quantile: stop at the first sample at which the probability of having halted is above q; sample: halt by \
        chance.
        """
    )
    var policy = ExitPolicy.quantile
    @Parameter("The quantile; 0: take all samples, as 1 does.", range: 0...1) var q = 0.5
    @Parameter("The most completions a session samples.", range: 1...1024) var maxSamples = 12
}

/// Samples until a quantile of the exit distribution is passed.
struct QExitStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "q-exit", version: "1.0.0", title: "Quantile exit: stop at a quantile of the exit distribution",
        description: """
            Samples one completion after the other. After sample i there is a halting probability λ_i: `lambda` itself,
            or with `agreement` the Beta posterior probability that the most frequent answer stays ahead of the second
            (0 without votes). Then p_i = λ_i ∏_{k<i} (1 − λ_k) and CDF_i = 1 − ∏_{k<=i} (1 − λ_k). With `policy:
            quantile` (Q-exit) it stops at the first i with CDF_i > `q`, strictly: no chance is involved. With `policy:
            sample` (PonderNet) it stops after sample i with probability λ_i, by the session's random numbers. If
            nothing stops it, `max_samples` do. The answer is the majority of the samples so far. Exit and CDF are
            noted.

            `q: 0` takes all samples, as the published code treats it; so does `q: 1`. `agreement` is 0.75 after one
            vote, so that with `q` up to that the first sample is the answer; 0.99 needs three equal ones.

            Deviations: the paper's steps are the layers of a network whose trained heads give λ_i; here they are
            samples of a model that is taken as it is.

            Ties: the answer that appeared first. A completion that is cut off or has no answer does not vote but counts
            as a sample. Out of budget, or after a request that failed, the votes so far decide (reason "budget",
            "request_failed"), and after a failure the session is marked as served in part; without any completion the
            session is an error, or no answer for want of budget. Confidence: the winner's share of the votes. Nothing
            is needed of the endpoint.

            Cost: 1 to `max_samples` completions, each with the prompt; with a constant λ, quantile takes ⌊ln(1 − q) /
            ln(1 − λ)⌋ + 1.
            """,
        source: """
            Balagansky & Gavrilov 2022, PALBERT: Teaching ALBERT to Ponder, arXiv:2204.03276 (Q-exit); code \
            tinkoff-ai/palbert, palbert_fast.py; Banino et al. 2021, PonderNet, arXiv:2107.05407 (sample)
            """,
        needs: .partial)

    private let parameters: QExitParameters

    init(parameters: QExitParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        var distribution = ExitDistribution()
        var reason = "max_samples"
        var drawn = 0
        while drawn < parameters.maxSamples {
            let batch = await session.gather()
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            drawn += batch.choices.count
            if let interruption = batch.interruption {
                guard drawn > 0 else { throw interruption }
                reason = batch.interruptionReason ?? "interrupted"
                break
            }
            let halting = parameters.lambda.probability(tally.topTwo)
            distribution.step(halting: halting)
            if exits(distribution, halting, session) {
                reason = parameters.policy.rawValue
                break
            }
        }
        session.note("exit", "\(drawn)")
        session.note("cdf", "\(distribution.cumulative)")
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    private func exits(_ distribution: ExitDistribution, _ halting: Double, _ session: Session) -> Bool {
        switch parameters.policy {
        case .quantile: parameters.q > 0 && distribution.cumulative > parameters.q
        case .sample: Double.random(in: 0..<1, using: &session.generator) < halting
        }
    }

    static func estimate(_ parameters: QExitParameters) -> Estimate? {
        Estimate(completions: 1...parameters.maxSamples, promptPasses: Double(parameters.maxSamples))
    }
}
