import EvalhPluginKit

/// Asks for one sample after another and stops as soon as two have the same answer.
struct FirstVote: Strategy {
    struct Parameters: PluginParameters {
        @Parameter("The most completions a session samples.", range: 2...64) var maxSamples = 3
    }

    static let descriptor = Descriptor(
        id: "org.example.first-vote-swift", version: "1.0.0", title: "The first answer with two votes",
        description: """
            Samples one completion at a time, at most `max_samples`. The first answer that two completions agree on
            wins; if no two agree, the first one seen. Cut-off completions and those without an answer do not vote.

            Cost: 2 to `max_samples` completions, each of which sends the prompt.
            """,
        source: "an example for plugin authors")

    let parameters: Parameters

    init(parameters: Parameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        for _ in 0..<parameters.maxSamples {
            let batch = await session.gather()
            // With votes in hand a request that fails, a spent budget or a stop is no reason to give up.
            if let interruption = batch.interruption {
                guard tally.voteCount > 0 else { throw interruption }
                return tally.answer(reason: batch.interruptionReason ?? "")
            }
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            if tally.topTwo.first == 2 { return tally.answer(reason: "agreed") }
        }
        return tally.answer(reason: "max_samples")
    }

    static func estimate(_ parameters: Parameters) -> Estimate? {
        Estimate(completions: 2...parameters.maxSamples, promptPasses: Double(parameters.maxSamples))
    }
}
