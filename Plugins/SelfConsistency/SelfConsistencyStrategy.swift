import EvalhPluginKit

struct SelfConsistencyParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var samples = 8
}

/// Samples n completions and takes the most frequent answer.
struct SelfConsistencyStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "self-consistency", version: "1.0.0", title: "Majority vote over n sampled completions",
        description: """
            Samples `samples` completions of the prompt at the suite's temperature and answers with the most frequent
            answer, as the suite's grader reads it: the first completion that gave it.

            Ties: the answer that appeared first wins. Completions without an answer and cut-off ones do not vote; if
            none votes, the first finished completion is returned, else the first cut-off one as unfinished. If a
            request fails, the completions that came vote, and the session is marked as served in part; if none came, it
            is an error. Confidence: the winner's share of the votes.

            Cost: `samples` completions; the prompt once where the endpoint returns n choices a request, else n times.
            """,
        source:
            """
            Wang et al. 2022, Self-Consistency Improves Chain of Thought Reasoning in Language Models, \
            arXiv:2203.11171, §2
            """,
        needs: .partial)

    private let parameters: SelfConsistencyParameters

    init(parameters: SelfConsistencyParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let batch = await session.gather(n: parameters.samples)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        session.emit(tally)
        return tally.answer(reason: batch.interruptionReason ?? "samples")
    }

    static func estimate(_ parameters: SelfConsistencyParameters) -> Estimate? {
        Estimate(completions: parameters.samples...parameters.samples, promptPasses: 1)
    }
}
