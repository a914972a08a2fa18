import EvalhPluginKit

/// Asks the model whether starting over would give a better answer.
struct SelfEvaluator {
    let parameters: ZipRcParameters
    let item: Item
    let session: Session

    /// s = P(No) / (P(No) + P(Yes)) of a reply's first token for each text, in [0, 1]; `nil` where it could not be had,
    /// or neither word came.
    func evaluate(_ texts: [String]) async throws -> [Double?] {
        let sampling = Sampling(temperature: 0, maxTokens: 1, topLogprobs: min(20, session.model.topLogprobs))
        let batches = await withTaskGroup(of: (Int, Batch).self) { group in
            for (index, text) in texts.enumerated() {
                let messages = item.messages + [Message(.assistant, text), Message(.user, parameters.question)]
                group.addTask { (index, await session.gather(sampling: sampling, messages: messages)) }
            }
            return await group.reduce(into: [Int: Batch]()) { $0[$1.0] = $1.1 }
        }
        return try texts.indices.map { index in
            guard let reply = batches[index]?.choices.first, !reply.text.isEmpty else { return nil }
            guard let token = reply.tokens.first else { throw MissingLogprobs(model: session.model.role) }
            return share(token)
        }
    }

    private func share(_ token: Token) -> Double? {
        var listed = token.alternatives.map { Token($0.text, logprob: $0.logprob) }
        if !listed.contains(where: { $0.text == token.text }) { listed.append(token) }
        func mass(_ word: String) -> Double {
            listed.reduce(0) { $1.text.filter(\.isLetter).lowercased() == word ? $0 + $1.probability : $0 }
        }
        let rest = max(0, 1 - listed.reduce(0) { $0 + $1.probability })
        let (no, yes) = (mass("no"), mass("yes"))
        guard no + yes > 0 else { return nil }
        // Of a word that is not listed, at most the mass of all that are not is known.
        return (no > 0 ? no : rest) / ((no > 0 ? no : rest) + (yes > 0 ? yes : rest))
    }
}
