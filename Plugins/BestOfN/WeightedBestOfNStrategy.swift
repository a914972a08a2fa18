import EvalhPluginKit

struct WeightedBestOfNParameters: SelectionParameters {
    @Parameter("Completions sampled.", range: 1...1024) var n = 8
    @Parameter(
        """
        What is added up: majority: votes; logprob: mean token probability; grader_model: another model's ratings; \
        verifier: how sure another model is that a completion is correct; steps: the same of its steps.
        """) var by = Selection.verifier
    var rating = RatingParameters()

    var isWeighted: Bool { true }
}

/// Samples n completions and takes the answer whose completions have the highest sum of scores.
struct WeightedBestOfNStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "weighted-best-of-n", version: "1.0.0",
        title: "The answer with the highest sum of scores over n sampled completions",
        description: """
            As best-of-n with `weighted: true`: the scores of completions with the same answer are added, the answer
            with the highest sum wins, and its first completion is returned. A verifier that scores all completions
            alike makes it a majority vote. The weights are the scores themselves, in [0, 1] for `verifier` and `steps`,
            and are not normalised to their least and largest as the code of Liu et al. 2025 (Bag of Tricks,
            arXiv:2502.07191) does.

            Ties: the answer that appeared first. Confidence: the winner's share of the scores; none if all are 0.
            Cut-off completions, those without an answer, missing log-probabilities, failures of the verifier, its
            replies and the end of the budget: as in best-of-n.

            Cost: `n` completions; with `grader_model` and `verifier` one short completion of the rating model for each,
            with `steps` one for each of its steps, each of which sends the solution so far.
            """,
        source: "Li et al. 2022, arXiv:2206.02336, §3.2; Snell et al. 2024, arXiv:2408.03314, §5.1 (best-of-N weighted)"
    )

    private let parameters: WeightedBestOfNParameters

    init(parameters: WeightedBestOfNParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        try await Contest(parameters: parameters, question: item.input).answer(in: session)
    }

    static func estimate(_ parameters: WeightedBestOfNParameters) -> Estimate? { parameters.estimate }
}
