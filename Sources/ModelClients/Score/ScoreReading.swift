internal import Completions
internal import JSON

extension ScoreExchange {
    /// What an answer says of the scored text.
    /// - Throws: `malformed` for what is no answer; `unsupported` where the server has done something else than what
    ///   was asked, which it will do again.
    func read(_ bytes: [UInt8], _ request: ScoreRequest) throws(ModelFailure) -> TextScore {
        let answer: PromptLogprobs
        do {
            answer = try PromptLogprobReader.read(bytes)
        } catch {
            throw ModelFailure(
                kind: .malformed,
                message: CleanText.bounded(
                    "the answer makes no sense: \(error.message), at byte \(error.offset) of \(bytes.count)"),
                isRetryable: true)
        }
        let usage = usage(answer, request)
        if let error = answer.error { throw FailureReader.failure(of: error, status: nil, spent: usage) }
        func unsupported(_ message: String) -> ModelFailure {
            ModelFailure(kind: .unsupported, message: message, spent: usage)
        }
        guard !answer.tokens.isEmpty else {
            throw unsupported(
                answer.isOfGenerated
                    ? "the server tells log-probabilities of what it writes only, not of a given text"
                    : "the server tells no log-probabilities of a given text")
        }
        guard
            let places = TokenPlaces.find(
                answer.tokens, in: text, boundary: boundary, isWhole: isWhole, generated: generated)
        else {
            throw unsupported(
                "the server's tokens do not spell the text that was sent: its tokenizer or chat template changes texts "
                    + "(white space at their ends, for one), or it tells no text of its tokens")
        }
        var score = TextScore(tokens: [], overlap: overlap(places, answer), usage: usage)
        for index in places.scored {
            let token = answer.tokens[index] ?? String(decoding: text.utf8.prefix(places.firstLength), as: UTF8.self)
            score.tokens.append(TextScore.Token(text: token, logprob: answer.logprobs[index]))
        }
        // Of a whole text nothing predicts the first token, unless the server puts a mark before it.
        let unpredicted = request.hasContext ? 0 : 1
        guard score.tokens.dropFirst(unpredicted).allSatisfy({ $0.logprob != nil }) else {
            throw unsupported(
                request.hasContext
                    ? "nothing predicts the text's first token: the context has no token of its own"
                    : "the server tells no log-probability of some tokens")
        }
        return score
    }

    private func overlap(_ places: TokenPlaces, _ answer: PromptLogprobs) -> String {
        guard places.overlap > 0 else { return "" }
        if places.overlap <= boundary {
            return String(decoding: Array(text.utf8)[(boundary - places.overlap)..<boundary], as: UTF8.self)
        }
        let first = answer.tokens[places.scored.lowerBound] ?? ""
        return String(decoding: first.utf8.prefix(places.overlap), as: UTF8.self)
    }

    private func usage(_ answer: PromptLogprobs, _ request: ScoreRequest) -> TokenUsage {
        TokenUsage(
            requests: 1, promptTokens: answer.usage?.promptTokens ?? answer.tokens.count,
            cachedPromptTokens: answer.usage?.cachedTokens ?? 0,
            completionTokens: answer.usage?.completionTokens ?? generated.first ?? 0)
    }
}
