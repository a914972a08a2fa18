import EvalhPluginKit

struct AdaptiveTemperatureParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var samples = 8
    @Parameter("The temperature that is approached; left out: the suite's.", range: 0...100) var maxTemperature:
        Double? = nil
    @Parameter("annealing: T_max (1 − 2^−(k−1)); linear: from 0 to T_max; constant: T_max.") var schedule =
        TemperatureSchedule.annealing
    @Parameter(
        """
        Stop once this many of the first completions agree; they are then asked for one after another. Left out: \
        never.
        """,
        range: 2...1024)
    var agree: Int? = nil
}

/// Votes over completions sampled at rising temperatures.
struct AdaptiveTemperatureStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "adaptive-temperature", version: "1.0.0", title: "Majority vote over samples of rising temperature",
        description: """
            The k-th of `samples` completions is sampled at the temperature that `schedule` gives: with `annealing` the
            first is greedy and the next ones come quickly close to `max_temperature`, so that one or two samples are
            worth most and many are diverse. The majority wins.

            All are asked for at the same time, unless `agree` is given: then one after another, and it stops (reason
            "agreed") if the first `agree` completions all give the same answer.

            Ties: the answer that appeared first. Cut-off completions and those without an answer do not vote and do not
            agree. Out of budget, or after a request that failed, the completions that came vote, and after a failure
            the session is marked as served in part; if none came, the session is an error, or no answer for want of
            budget. Confidence: the winner's share of votes. Samples of different temperature are different requests:
            they share no pool with other arms, nor the prompt.

            Cost: up to `samples` completions, each of which sends the prompt.
            """,
        source:
            """
            Temperature annealing of Manvi et al. 2024, Adaptive Inference-Time Compute: LLMs Can Predict if They Can \
            Do Better, Even Mid-Generation, arXiv:2410.02725
            """,
        needs: .partial)

    private let parameters: AdaptiveTemperatureParameters

    init(parameters: AdaptiveTemperatureParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let limit = parameters.maxTemperature ?? session.model.sampling.temperature ?? 1
        let settings = (0..<parameters.samples).map {
            Sampling(temperature: parameters.schedule.temperature($0, of: parameters.samples, limit: limit))
        }
        var run = Run()
        if let agree = parameters.agree {
            for (index, setting) in settings.enumerated() {
                try run.add(await session.gather(sampling: setting), session)
                if run.interrupted != nil { break }
                if index + 1 == agree, run.tally.votes.count == agree, run.tally.candidates.count == 1 {
                    session.emit(run.tally)
                    return run.tally.answer(reason: "agreed")
                }
            }
        } else {
            for batch in await session.gather(each: settings) { try run.add(batch, session) }
        }
        if run.drawn == 0, let interruption = run.interrupted?.interruption { throw interruption }
        session.emit(run.tally)
        return run.tally.answer(reason: run.interrupted?.interruptionReason ?? "samples")
    }

    /// What came so far.
    private struct Run {
        var tally = VoteTally()
        var drawn = 0
        var interrupted: Batch?

        mutating func add(_ batch: Batch, _ session: Session) throws {
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            drawn += batch.choices.count
            if batch.interruption != nil { interrupted = interrupted ?? batch }
        }
    }

    static func estimate(_ parameters: AdaptiveTemperatureParameters) -> Estimate? {
        let least = min(parameters.agree ?? parameters.samples, parameters.samples)
        return Estimate(completions: least...parameters.samples, promptPasses: Double(parameters.samples))
    }
}
