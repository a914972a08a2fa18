import EvalhPluginKit

/// How a verifier's reply becomes a score.
enum VerifierReading: String, CaseIterable, ParameterValue {
    case token
    case number
}

/// What a rating model says of one text.
struct Verdict: Sendable {
    /// `nil`: nothing that could be read.
    var score: Double?
    /// Why there is no score, in a few words.
    var failure = ""
    /// What kept the reply from coming.
    var interruption: (any Error)?
    var interruptionReason: String?
}

/// A model that rates completions.
struct Verifier<Parameters: SelectionParameters>: Sendable {
    let parameters: Parameters
    let question: String

    private var rating: RatingParameters { parameters.rating }

    /// A completion's rating from 0 to 10.
    func rating(of text: String, _ session: Session) async throws -> Verdict {
        try await ask(rating.graderPrompt, ["question": question, "answer": text], .number, session)
    }

    /// How sure the model is that a completion is correct, in [0, 1].
    func correctness(of text: String, _ session: Session) async throws -> Verdict {
        try await verify(["answer": text], session)
    }

    /// How sure it is of each step, one after the other. Once the budget or the session is at its end no further step
    /// is asked for.
    func correctness(ofSteps text: String, _ session: Session) async throws -> [Verdict] {
        let steps = Steps(text, delimiter: rating.stepDelimiter, limit: rating.maxSteps).all
        var verdicts: [Verdict] = []
        for step in steps {
            if let last = verdicts.last, let interruption = last.interruption, !(interruption is RequestFailed) {
                verdicts.append(last)
            } else {
                verdicts.append(try await verify(["answer": step.solution, "step": step.text], session))
            }
        }
        return verdicts
    }

    private func verify(_ values: [String: String], _ session: Session) async throws -> Verdict {
        let words = ["question": question, "positive": rating.positive, "negative": rating.negative]
        let prompt = rating.verifierPrompt ?? Prompts.verification(parameters.by, rating.verifierReads)
        var verdict = try await ask(prompt, values.merging(words) { own, _ in own }, rating.verifierReads, session)
        if rating.verifierReads == .number { verdict.score = verdict.score.map { $0 / 10 } }
        return verdict
    }

    private func ask(_ prompt: String, _ values: [String: String], _ reading: VerifierReading, _ session: Session)
        async throws -> Verdict
    {
        let sampling =
            reading == .token
            ? Sampling(temperature: 0, maxTokens: 1, topLogprobs: 5)
            : Sampling(temperature: 0, maxTokens: rating.graderTokens)
        let batch = await session.gather(
            sampling: sampling, messages: [Message(.user, Template.fill(prompt, values))], model: rating.graderRole)
        guard let reply = batch.choices.first else {
            let reason = batch.interruptionReason
            return Verdict(failure: reason ?? "no reply", interruption: batch.interruption, interruptionReason: reason)
        }
        switch reading {
        case .number:
            let number = Rating.parse(reply.text)
            return Verdict(score: number, failure: number == nil ? "no number in the reply" : "")
        case .token:
            guard let token = reply.tokens.first else {
                if reply.text.isEmpty { return Verdict(failure: "empty reply") }
                throw MissingLogprobs(model: rating.graderRole)
            }
            let share = token.share(of: rating.positive, against: rating.negative)
            return Verdict(score: share, failure: share == nil ? "neither word in the reply" : "")
        }
    }
}

/// The rating model never replied with anything that is a score.
struct NoRating: Error, CustomStringConvertible {
    let role: String
    let isNumber: Bool

    var description: String {
        let wanted = isNumber ? "is a number from 0 to 10" : "begins with one of the two words"
        return "the model \(role) rated nothing: none of its replies \(wanted)"
    }
}
