import EvalhPluginKit

struct DscParameters: PluginParameters {
    @Parameter(
        "Where the difficulty comes from: rating by a model; field of the item; probe: how far a few samples disagree.")
    var difficulty = DifficultySource.rating
    @Parameter("Difficulty, 0 to 10, up to which an item is easy.", range: 0...10) var threshold = 3.0
    @Parameter("The role of the model that rates the difficulty; empty: the arm's own (rating).") var ratingRole = ""
    @Parameter("The most tokens of a rating.", range: 1...4096) var ratingTokens = 16
    @Parameter("What the rating model is asked; {question} is filled in with the item's input.")
    var ratingPrompt = """
        Question:
        {question}

        How difficult is this question? Reply with a number from 0 (trivial) to 10 (extremely hard) and nothing else.
        """
    @Parameter("The item's field with its difficulty, a number (field).") var field = "difficulty"
    @Parameter("The field's value that counts as 10, the hardest; 0 is 0.", above: 0) var fieldScale = 10.0
    @Parameter("Samples whose disagreement is the difficulty (probe); they vote.", range: 2...256) var probeSamples = 3
    @Parameter(
        "First samples of an item of difficulty 10; others have proportionally fewer, at least 2.", range: 2...512)
    var hardestSamples = 8
    @Parameter("The most completions a session samples, the rating not counted.", range: 1...1024) var maxSamples = 40

    func validate() throws {
        guard difficulty != .probe || probeSamples <= maxSamples else {
            throw ParameterError("probe_samples (\(probeSamples)) is more than max_samples (\(maxSamples))")
        }
    }
}

/// Finds out how hard an item is, and samples accordingly.
struct DscStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "dsc", version: "1.0.0",
        title: "Difficulty-adaptive self-consistency: one sample for easy items, more for hard ones",
        description: """
            First finds the item's difficulty from 0 to 10, by `difficulty`: `rating`, the number that the model of
            `rating_role` replies with at temperature 0; `field`, the item's number `field` divided by `field_scale`,
            times 10; `probe`, from `probe_samples` first samples, 10 (k − v1) / (k − 1) with v1 of k for the most
            frequent answer. At most `threshold` (<=): easy, one sample is the answer, or the vote of the probe's. Else
            hard: a window of difficulty/10 × `hardest_samples` samples, rounded up, at least 2; then windows as large
            as all before, so that the total doubles, until all samples of a window agree or `max_samples` are drawn. A
            window that agrees is the answer, else the majority of all.

            Deviations from the paper: a session sees one item, so the model rates it alone, where the paper ranks a
            batch and searches it for the place from which on one sample is enough; and the first window is proportional
            to the difficulty, where the paper takes the sample sizes of items that are nearly as hard.

            Ties: the answer that appeared first. A completion that is cut off or has no answer does not vote, and its
            window does not agree. A rating without a number, that failed or has no budget is noted, and the item counts
            as 10. A role that the suite lacks, or a field that is missing or no number, ends the session as an error.
            Out of budget, or after a request that failed, the votes so far decide (reason "budget", "request_failed"),
            and after a failure the session is marked as served in part; without any completion the session is an error,
            or no answer for want of budget. Confidence: the answer's share of the votes; none for one sample. Nothing
            is needed of the endpoint.

            Cost: one completion if easy, else up to `max_samples`; the prompt once a window; and with `rating` one
            short completion.
            """,
        source: """
            Wang et al. 2024, Make Every Penny Count: Difficulty-Adaptive Self-Consistency for Cost-Efficient \
            Reasoning, arXiv:2408.13457; windows as in Li et al. 2024 (ESC), arXiv:2401.10480
            """,
        needs: .partial)

    private let parameters: DscParameters

    init(parameters: DscParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var vote = WindowVote()
        let difficulty: Difficulty
        switch parameters.difficulty {
        case .rating: difficulty = try await rating(of: item, session)
        case .field: difficulty = try field(of: item)
        case .probe:
            if let ending = try await vote.sample(parameters.probeSamples, session) {
                return vote.conclude(ending, session)
            }
            difficulty = Difficulty(leader: vote.tally.topTwo.first, samples: parameters.probeSamples)
        }
        session.note("difficulty", "\(difficulty.value)")
        guard difficulty.value > parameters.threshold else { return try await easy(vote, session) }
        return try await hard(vote, difficulty, session)
    }

    private func easy(_ vote: WindowVote, _ session: Session) async throws -> Answer {
        var vote = vote
        let ending = vote.drawn == 0 ? try await vote.sample(1, session) : nil
        var answer = vote.conclude(ending ?? "easy", session)
        if vote.drawn == 1 { answer.confidence = nil }
        return answer
    }

    private func hard(_ vote: WindowVote, _ difficulty: Difficulty, _ session: Session) async throws -> Answer {
        var vote = vote
        var window = difficulty.presamples(hardest: parameters.hardestSamples)
        session.note("presamples", "\(window)")
        while vote.drawn < parameters.maxSamples {
            let asked = min(window, parameters.maxSamples - vote.drawn)
            if let ending = try await vote.sample(asked, session) { return vote.conclude(ending, session) }
            if asked == window, let answer = vote.agreement {
                return vote.conclude("unanimous", session, answer: answer)
            }
            window = vote.drawn
        }
        return vote.conclude("max_samples", session)
    }

    private func rating(of item: Item, _ session: Session) async throws -> Difficulty {
        try session.requiredModel(parameters.ratingRole)
        let prompt = parameters.ratingPrompt.replacing("{question}", with: item.input)
        let batch = await session.gather(
            sampling: Sampling(temperature: 0, maxTokens: parameters.ratingTokens),
            messages: [Message(.user, prompt)], model: parameters.ratingRole)
        guard let reply = batch.choices.first else {
            session.note("rating", batch.interruptionReason ?? "no reply")
            return .unknown
        }
        guard let number = Rating.parse(reply.text) else {
            session.note("rating", "no number in the reply")
            return .unknown
        }
        return Difficulty(number)
    }

    private func field(of item: Item) throws -> Difficulty {
        guard let number = item.number(parameters.field) else {
            throw ParameterError("the item \(item.id) has no number in the field \(parameters.field)")
        }
        return Difficulty(number / parameters.fieldScale * 10)
    }

    static func estimate(_ parameters: DscParameters) -> Estimate? {
        let isRating = parameters.difficulty == .rating
        var drawn = parameters.difficulty == .probe ? parameters.probeSamples : 0
        let least = max(1, drawn) + (isRating ? 1 : 0)
        var requests = (isRating ? 1 : 0) + (drawn > 0 ? 1 : 0)
        var window = 2
        while drawn < parameters.maxSamples {
            drawn += window
            window = drawn
            requests += 1
        }
        return Estimate(
            completions: least...(parameters.maxSamples + (isRating ? 1 : 0)), promptPasses: Double(max(1, requests)))
    }
}
