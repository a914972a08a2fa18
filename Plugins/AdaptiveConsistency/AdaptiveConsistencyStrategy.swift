import EvalhPluginKit

/// When the vote counts as decided.
enum StoppingRule: String, CaseIterable, ParameterValue {
    case beta
}

struct AdaptiveConsistencyParameters: PluginParameters {
    @Parameter("The most completions a session samples.", range: 1...1024) var maxSamples = 40
    @Parameter("Probability that the leading answer stays ahead at which sampling stops.", range: 0.5...1) var threshold = 0.95
    @Parameter("How that probability is found: beta, from the counts of the two most frequent answers.") var rule = StoppingRule.beta
    @Parameter("Completions before which sampling does not stop; asked for at once.", range: 1...1024) var minSamples = 1
    @Parameter("Completions asked for at a time. 1 saves most samples; more sends the prompt less often.", range: 1...256) var batch = 1
}

/// Samples until the leading answer is likely to stay ahead.
struct AdaptiveConsistencyStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "adaptive-consistency", version: "1.0.0", title: "Majority vote that stops when its winner is likely decided",
        description: """
            Samples completions `batch` at a time. After each batch, with v1 and v2 the counts of the two most frequent answers, it stops if the
            Beta posterior P(v1 stays ahead of v2) reaches `threshold`, else goes on up to `max_samples`. With the default 0.95 four equal
            answers in a row are the earliest stop.

            Ties, cut-off completions and completions without an answer: as in self-consistency; what does not vote does not count as a
            class but does count as a sample. Out of budget, or after a request that failed, the votes so far decide (reason "budget",
            "request_failed"); without any completion the session is an error, or no answer for want of budget. Confidence: P at the stop.

            Cost: between 4 and `max_samples` completions at the defaults. Asking one at a time re-sends the prompt with each sample, which can
            cost more money than it saves in samples: compare tokens and money, not samples alone.
            """,
        source:
            "Aggarwal et al. 2023, Let's Sample Step by Step: Adaptive-Consistency for Efficient Reasoning and Coding with LLMs, arXiv:2305.11860, §3 (Beta stopping criterion)"
    )

    private let parameters: AdaptiveConsistencyParameters

    init(parameters: AdaptiveConsistencyParameters) throws {
        guard parameters.minSamples <= parameters.maxSamples else {
            throw ParameterError("min_samples (\(parameters.minSamples)) is more than max_samples (\(parameters.maxSamples))")
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
            let (v1, v2) = tally.topTwo
            let probability = BetaRule.probability(v1, v2)
            if v1 > 0, drawn >= parameters.minSamples, probability >= parameters.threshold {
                session.emit(tally)
                var answer = tally.answer(reason: "threshold")
                answer.confidence = probability
                return answer
            }
            if let interruption = batch.interruption {
                guard drawn > 0 else { throw interruption }
                reason = batch.interruptionReason ?? "interrupted"
                break
            }
        }
        session.emit(tally)
        var answer = tally.answer(reason: reason)
        if tally.voteCount > 0 { answer.confidence = BetaRule.probability(tally.topTwo.first, tally.topTwo.second) }
        return answer
    }

    static func estimate(_ parameters: AdaptiveConsistencyParameters) -> Estimate? {
        var least = 1
        while least < parameters.maxSamples, BetaRule.probability(least, 0) < parameters.threshold { least += 1 }
        let first = min(parameters.maxSamples, max(parameters.batch, parameters.minSamples))
        let further = max(0, least - first)
        least = min(parameters.maxSamples, first + (further + parameters.batch - 1) / parameters.batch * parameters.batch)
        let requests = 1 + (parameters.maxSamples - first + parameters.batch - 1) / parameters.batch
        return Estimate(completions: least...parameters.maxSamples, promptPasses: Double(requests))
    }
}
