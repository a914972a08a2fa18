import EvalhPluginKit

struct MinPSweepParameters: PluginParameters {
    @Parameter(
        "Shares of the likeliest token's probability below which a token is not sampled, each in [0, 1]; 0: no limit.")
    var minP = [0.05, 0.1, 0.2]
    @Parameter("Temperatures, each in [0, 100]; empty: the suite's.") var temperature: [Double] = []
    @Parameter("Completions at each setting.", range: 1...256) var samplesEach = 2

    /// Every temperature with every min_p.
    var settings: [Sampling] {
        let temperatures: [Double?] = temperature.isEmpty ? [nil] : temperature
        return temperatures.flatMap { temperature in minP.map { Sampling(temperature: temperature, minP: $0) } }
    }
}

/// Votes over completions sampled at several settings of min-p and temperature.
struct MinPSweepStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "min-p-sweep", version: "1.0.0", title: "Majority vote over settings of min-p and temperature",
        description: """
            Samples `samples_each` completions at every pair of a `temperature` and a `min_p`, all at the same time, and
            takes the majority of all. min-p keeps the tokens whose probability is at least that share of the likeliest
            one's; whether temperature comes before or after it is the server's doing. One value of each is the plain
            sampler: levels over `min_p` or `temperature` then sweep it.

            Ties: the answer that appeared first, in the order of settings. Cut-off completions and those without an
            answer do not vote. Out of budget, or after a request that failed, the completions that came vote, and after
            a failure the session is marked as served in part; if none came, the session is an error, or no answer for
            want of budget. Confidence: the winner's share of votes. Each setting's answers are noted.

            Cost: `samples_each` completions for each pair, each pair sending the prompt once where the endpoint returns
            n choices.
            """,
        source:
            """
            Nguyen et al. 2024, Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs, \
            arXiv:2407.01082
            """,
        needs: .partial)

    private let parameters: MinPSweepParameters

    init(parameters: MinPSweepParameters) throws {
        guard !parameters.minP.isEmpty else { throw ParameterError("min_p has no value") }
        guard parameters.minP.allSatisfy({ (0...1).contains($0) }) else {
            throw ParameterError("min_p must be in [0, 1]")
        }
        guard parameters.temperature.allSatisfy({ (0...100).contains($0) }) else {
            throw ParameterError("temperature must be in [0, 100]")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let settings = parameters.settings
        var tally = VoteTally()
        var interrupted: Batch?
        var drawn = 0
        for (setting, batch) in zip(settings, await session.gather(each: settings, n: parameters.samplesEach)) {
            let before = tally.votes.count
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            drawn += batch.choices.count
            if batch.interruption != nil { interrupted = interrupted ?? batch }
            let answers = tally.votes[before...].map(\.answer).joined(separator: ", ")
            session.note(
                "min_p \(setting.minP ?? 0)" + (setting.temperature.map { ", temperature \($0)" } ?? ""), answers)
        }
        if drawn == 0, let interruption = interrupted?.interruption { throw interruption }
        session.emit(tally)
        return tally.answer(reason: interrupted?.interruptionReason ?? "samples")
    }

    static func estimate(_ parameters: MinPSweepParameters) -> Estimate? {
        let count = parameters.settings.count
        return Estimate(
            completions: count * parameters.samplesEach...count * parameters.samplesEach, promptPasses: Double(count))
    }
}
