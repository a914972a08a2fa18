import EvalhPluginKit

struct BestOfNParameters: SelectionParameters {
    @Parameter("Completions sampled.", range: 1...1024) var n = 8
    @Parameter(
        """
        majority: most votes; logprob: likeliest tokens; grader_model: rated by another model; verifier: held to be \
        correct by another model; steps: each step held to be correct by another model.
        """) var by = Selection.majority
    @Parameter(
        """
        Add up the scores of completions with the same answer, and take the best answer; by default for grader_model \
        only.
        """
    )
    var weighted: Bool? = nil
    var rating = RatingParameters()

    var isWeighted: Bool { weighted ?? (by == .graderModel) }
}

/// Samples n completions and keeps the best by votes, log-probability or another model.
struct BestOfNStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "best-of-n", version: "1.0.0", title: "The best of n sampled completions",
        description: """
            Samples `n` completions and scores each: by its answer's votes (`majority`), by the mean log-probability of
            its tokens (`logprob`, length-normalised), or by the model of role `grader_role`. That model replies with a
            number from 0 to 10 (`grader_model`); or it is asked whether the solution is correct (`verifier`) or each of
            its steps (`steps`), and the score is in [0, 1]: with `verifier_reads: token` P(positive) / (P(positive) +
            P(negative)) at the reply's first token, words in any case, summed over the 5 likeliest tokens; with
            `number` a tenth of the number replied. A completion's steps become one score by `aggregate`.

            The best one is the answer; with `weighted` the scores of equal answers are added (probabilities for
            `logprob`), and the best answer wins. Majority is always weighted, with 1 a vote. Confidence: the winner's
            share of the scores if weighted, the score itself for `verifier` and `steps`, else none.

            Ties: the earlier completion. Cut-off completions and those without an answer are no candidates unless there
            are no others; the first finished one is then returned, else the first cut-off one as unfinished. Missing
            log-probabilities end the session as an error. A request that fails, of a completion or a rating, makes the
            session an error. A completion without a rating (no number in the reply, no budget) drops out of
            `grader_model` and is noted; with `verifier` and `steps` what could not be scored counts as 0, and how many
            there were is noted. Without any rating the majority decides if the budget was the cause (reason "budget"),
            and the session is an error otherwise.

            Cost: `n` completions; with `grader_model` and `verifier` one short completion of the rating model for each,
            with `steps` one for each of its steps, each of which sends the solution so far.
            """,
        source:
            """
            Cobbe et al. 2021, arXiv:2110.14168, §4.1 (sample n, rank, take the best); weighted: Li et al. 2022, \
            arXiv:2206.02336, §3.2; steps: Lightman et al. 2023, arXiv:2305.20050, §2.6 (product, min); last: Snell et \
            al. 2024, arXiv:2408.03314, §5.1
            """
    )

    private let parameters: BestOfNParameters

    init(parameters: BestOfNParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        try await Contest(parameters: parameters, question: item.input).answer(in: session)
    }

    static func estimate(_ parameters: BestOfNParameters) -> Estimate? { parameters.estimate }
}
