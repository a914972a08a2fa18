import EvalhPluginKit

/// What the model says of its own answer: whether starting over would give a better one.
struct SelfEvaluation {
    /// s = P(No) / (P(No) + P(Yes)), in [0, 1]: that nothing better is to be expected. 1/2 if the model said neither.
    let value: Double
    let isUndecided: Bool

    /// From the first token of a reply and its alternatives, in any case and with spaces or punctuation around it.
    init(_ token: Token, fine: String, again: String) {
        var listed = token.alternatives.map {
            (text: $0.text, probability: Token($0.text, logprob: $0.logprob).probability)
        }
        if !listed.contains(where: { $0.text == token.text }) { listed.append((token.text, token.probability)) }
        func mass(of word: String) -> Double {
            listed.reduce(0) {
                Self.letters($1.text) == Self.letters(word) && !$1.probability.isNaN ? $0 + $1.probability : $0
            }
        }
        self.init(fine: mass(of: fine), again: mass(of: again))
    }

    /// From several replies, by the words they begin with.
    init(_ replies: [String], fine: String, again: String) {
        let words = replies.map(Self.firstWord)
        self.init(
            fine: Double(words.count { $0 == Self.letters(fine) }),
            again: Double(words.count { $0 == Self.letters(again) }))
    }

    private init(fine: Double, again: Double) {
        isUndecided = !(fine + again > 0)
        value = isUndecided ? 0.5 : fine / (fine + again)
    }

    private static func letters(_ text: String) -> String { text.filter(\.isLetter).lowercased() }

    private static func firstWord(_ text: String) -> String {
        String(text.drop { !$0.isLetter }.prefix { $0.isLetter }).lowercased()
    }
}

/// Asks for self-evaluations.
struct SelfEvaluator {
    let parameters: AdaptiveInferenceComputeParameters
    let item: Item
    let session: Session

    /// By the log-probabilities of a reply's first token, or, without them, by several replies.
    func evaluate(_ text: String) async throws -> SelfEvaluation {
        let messages = item.messages + [Message(.assistant, text), Message(.user, parameters.question)]
        let (fine, again) = (parameters.fineWord, parameters.againWord)
        let alternatives = min(parameters.alternatives, session.model.topLogprobs)
        if alternatives >= 2 {
            let sampling = Sampling(temperature: 0, maxTokens: 1, topLogprobs: alternatives)
            let reply = try await session.complete(sampling: sampling, messages: messages)
            if let token = reply.tokens.first, !token.logprob.isNaN {
                return SelfEvaluation(token, fine: fine, again: again)
            }
        }
        let replies = try await session.generate(
            n: parameters.replies, sampling: Sampling(maxTokens: 4), messages: messages)
        return SelfEvaluation(replies.map(\.text), fine: fine, again: again)
    }

    /// All at once; `nil` where one could not be had, with the first reason.
    func evaluate(all texts: [String]) async -> (evaluations: [SelfEvaluation?], interruption: (any Error)?) {
        let results = await withTaskGroup(of: (Int, Result<SelfEvaluation, any Error>).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask {
                    do { return (index, .success(try await evaluate(text))) } catch { return (index, .failure(error)) }
                }
            }
            return await group.reduce(into: [Int: Result<SelfEvaluation, any Error>]()) { $0[$1.0] = $1.1 }
        }
        var evaluations: [SelfEvaluation?] = []
        var interruption: (any Error)?
        for index in texts.indices {
            evaluations.append(try? results[index]?.get())
            if case .failure(let error) = results[index] { interruption = interruption ?? error }
        }
        return (evaluations, interruption)
    }
}
