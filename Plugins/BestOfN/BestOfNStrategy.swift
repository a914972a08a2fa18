import EvalhPluginKit

/// What makes a completion the best.
enum Selection: String, CaseIterable, ParameterValue {
    case majority
    case logprob
    case graderModel = "grader_model"
}

struct BestOfNParameters: PluginParameters {
    @Parameter("Completions sampled.", range: 1...1024) var n = 8
    @Parameter("majority: most votes; logprob: likeliest tokens; grader_model: rated by another model.") var by = Selection.majority
    @Parameter("Add up the scores of completions with the same answer, and take the best answer.") var weighted = false
    @Parameter("The role of the model that rates completions (grader_model).") var graderRole = "grader"
    @Parameter("What the rating model is asked; {question} and {answer} are filled in.") var graderPrompt = """
        Question:
        {question}

        Proposed answer:
        {answer}

        How likely is the proposed answer to be correct? Reply with a number from 0 (certainly wrong) to 10 (certainly right) and nothing else.
        """
}

/// Samples n completions and keeps the best by votes, log-probability or a rating model.
struct BestOfNStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "best-of-n", version: "1.0.0", title: "The best of n sampled completions",
        description: """
            Samples `n` completions and scores each: by its answer's votes (`majority`), by the mean log-probability of its tokens (`logprob`,
            length-normalised), or by a number from 0 to 10 that the model of role `grader_role` replies (`grader_model`). The best one is the
            answer; with `weighted` the scores of equal answers are added (probabilities for `logprob`), and the best answer wins.

            Ties: the earlier completion. Cut-off completions are not candidates unless all are. A rating that is no number counts as 0 and is
            noted. Missing log-probabilities end the session as an error.

            Cost: `n` completions; with `grader_model` one short completion of the rating model for each.
            """,
        source:
            "Cobbe et al. 2021, arXiv:2110.14168, §4.1 (sample n, rank, take the best); weighted: Li et al. 2022, arXiv:2206.02336, §3.2")

    private let parameters: BestOfNParameters

    init(parameters: BestOfNParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let sampling = parameters.by == .logprob ? Sampling(topLogprobs: 0) : nil
        let batch = await session.gather(n: parameters.n, sampling: sampling)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        let finished = batch.choices.filter { $0.isFinished && !$0.text.isEmpty }
        guard let first = finished.first else {
            return batch.choices.first { !$0.isFinished }.map { Answer($0, reason: "cut_off") } ?? .none(reason: "empty")
        }
        let scores = try await scores(of: finished, item, session)
        if parameters.weighted || parameters.by == .majority {
            var tally = VoteTally()
            for (choice, score) in zip(finished, scores) { try session.vote(choice, in: &tally, weight: score) }
            session.emit(tally)
            return tally.answer(reason: parameters.by.rawValue)
        }
        var best = (choice: first, score: -Double.infinity)
        for (choice, score) in zip(finished, scores) {
            session.emit("choice \(choice.index)", weight: score)
            if score > best.score { best = (choice, score) }
        }
        return Answer(best.choice, reason: parameters.by.rawValue)
    }

    private func scores(of choices: [Choice], _ item: Item, _ session: Session) async throws -> [Double] {
        switch parameters.by {
        case .majority: return choices.map { _ in 1 }
        case .logprob:
            return try choices.map { choice in
                guard let mean = choice.tokens.meanLogprob else { throw MissingLogprobs(model: session.model.name) }
                // Sums need weights above 0: the geometric mean of the tokens' probabilities.
                return parameters.weighted ? choice.tokens.geometricMeanProbability ?? 0 : mean
            }
        case .graderModel: return try await ratings(of: choices, item, session)
        }
    }

    private func ratings(of choices: [Choice], _ item: Item, _ session: Session) async throws -> [Double] {
        guard session.model(parameters.graderRole) != nil else {
            throw ParameterError("the suite has no model with the role \(parameters.graderRole)")
        }
        var ratings: [Double] = []
        for choice in choices {
            let prompt = fill(parameters.graderPrompt, ["question": item.input, "answer": choice.text])
            let reply = try await session.complete(
                sampling: Sampling(temperature: 0, maxTokens: 16), messages: [Message(.user, prompt)], model: parameters.graderRole)
            if let rating = Rating.parse(reply.text) {
                ratings.append(rating)
            } else {
                session.note("rating", "choice \(choice.index): no number in the reply")
                ratings.append(0)
            }
        }
        return ratings
    }

    /// Fills names in braces in one pass, so that braces in an answer stay text.
    private func fill(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            if let close = inside.firstIndex(of: "}"), let value = values[String(inside[..<close])] {
                result += value
                rest = inside[inside.index(after: close)...]
            } else {
                result += "{"
                rest = inside
            }
        }
        return result + rest
    }

    static func estimate(_ parameters: BestOfNParameters) -> Estimate? {
        let ratings = parameters.by == .graderModel ? parameters.n : 0
        return Estimate(completions: parameters.n...(parameters.n + ratings), promptPasses: Double(1 + ratings))
    }
}

/// A model's rating.
enum Rating {
    /// The first number of a reply, within 0...10; `7/10` is 7.
    static func parse(_ text: String) -> Double? {
        let digits = text.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) || $0 == "." }
        var number = digits
        while number.last == "." { number = number.dropLast() }
        guard let value = Double(number), value <= 10 else { return nil }
        return value
    }
}
