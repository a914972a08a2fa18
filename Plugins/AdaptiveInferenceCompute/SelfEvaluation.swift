import EvalhPluginKit

/// What the model says of its own answer: whether starting over would give a better one.
struct SelfEvaluation {
    /// s = P(No) / (P(No) + P(Yes)), in [0, 1]: that nothing better is to be expected. 1/2 if the model said neither.
    let value: Double
    let isUndecided: Bool

    /// From the first token of a reply and its alternatives, in any case and with spaces or punctuation around it.
    init(_ token: Token, fine: String, again: String) {
        self.init(
            fine: token.probability(of: fine, comparing: .letters),
            again: token.probability(of: again, comparing: .letters))
    }

    /// From several replies, by the words they begin with.
    init(_ replies: [String], fine: String, again: String) {
        let words = replies.map(Self.firstWord)
        self.init(
            fine: Double(words.count { $0 == WordComparison.letters.form(of: fine) }),
            again: Double(words.count { $0 == WordComparison.letters.form(of: again) }))
    }

    private init(fine: Double, again: Double) {
        isUndecided = !(fine + again > 0)
        value = isUndecided ? 0.5 : fine / (fine + again)
    }

    private static func firstWord(_ text: String) -> String {
        String(text.drop { !$0.isLetter }.prefix { $0.isLetter }).lowercased()
    }
}

/// Asks for self-evaluations.
struct Evaluator {
    private let parameters: AdaptiveInferenceComputeParameters
    private let model: SelfEvaluator
    private let session: Session

    init(parameters: AdaptiveInferenceComputeParameters, item: Item, session: Session) {
        self.parameters = parameters
        self.session = session
        model = SelfEvaluator(parameters.question, about: item, in: session)
    }

    /// By the log-probabilities of a reply's first token, or, without them, by several replies.
    func evaluate(_ text: String) async throws -> SelfEvaluation {
        let (fine, again) = (parameters.fineWord, parameters.againWord)
        if min(parameters.alternatives, session.model.topLogprobs) >= 2 {
            let reply = try await model.reply(about: text, alternatives: parameters.alternatives).first()
            if let token = reply.tokens.first, !token.logprob.isNaN {
                return SelfEvaluation(token, fine: fine, again: again)
            }
        }
        let replies = try await session.generate(
            n: parameters.replies, sampling: Sampling(maxTokens: 4), messages: model.messages(about: text))
        return SelfEvaluation(replies.map(\.text), fine: fine, again: again)
    }

    /// All at once; `nil` where one could not be had, with the first reason.
    func evaluate(all texts: [String]) async -> (evaluations: [SelfEvaluation?], interruption: (any Error)?) {
        let results = await session.sideBySide(texts) { text -> Result<SelfEvaluation, any Error> in
            do { return .success(try await evaluate(text)) } catch { return .failure(error) }
        }
        let interruption = results.lazy.compactMap { result -> (any Error)? in
            if case .failure(let error) = result { error } else { nil }
        }.first
        return (results.map { try? $0.get() }, interruption)
    }
}
