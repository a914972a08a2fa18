import EvalhPluginKit

/// A majority vote that stops as soon as no answer can catch up.
struct MajorityVote: Strategy {
    struct Parameters: PluginParameters {
        @Parameter("The most completions asked for.", range: 1...64) var samples = 5
    }

    static let descriptor = Descriptor(
        id: "org.example.my-plugin", version: "1.0.0", title: "A majority vote that stops when it is decided",
        description: """
            Asks for samples one at a time and stops as soon as no other answer can catch up.

            Cost: up to `samples` completions in sequence. Ties: the earliest answer wins. Samples without an answer,
            cut-off ones among them, have no vote; a session without any vote has no answer.
            """,
        source: "self-consistency, Wang et al. 2022, with an early stop")

    let parameters: Parameters

    init(parameters: Parameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        for asked in 1...parameters.samples {
            let batch = await session.gather()
            switch batch.interruption {
            case nil: break
            case let rejected as Rejected where rejected.reason == .budget: return answer(tally, "budget")
            case is SessionStopped: return answer(tally, "stop")
            // A failure is never an answer.
            case let failure?: throw failure
            }
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            let votes = tally.topTwo
            if votes.first - votes.second > parameters.samples - asked { return answer(tally, "majority") }
        }
        return answer(tally, "samples")
    }

    private func answer(_ tally: VoteTally, _ reason: String) -> Answer {
        tally.voteCount > 0 ? tally.answer(reason: reason) : .none(reason: reason)
    }

    static func estimate(_ parameters: Parameters) -> Estimate? {
        Estimate(
            completions: (parameters.samples / 2 + 1)...parameters.samples, promptPasses: Double(parameters.samples))
    }
}
