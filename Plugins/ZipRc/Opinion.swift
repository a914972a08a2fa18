import EvalhPluginKit

/// What the model says of texts of its own: whether starting over would give a better answer.
enum Opinion {
    /// s = P(No) / (P(No) + P(Yes)) of a reply's first token for each text, in [0, 1]; `nil` where it could not be had,
    /// or neither word came.
    static func of(_ texts: [String], by evaluator: SelfEvaluator) async throws -> [Double?] {
        let session = evaluator.session
        let batches = await session.sideBySide(texts) { await evaluator.reply(about: $0, alternatives: 20) }
        return try batches.map { batch in
            guard let reply = batch.choices.first, !reply.text.isEmpty else { return nil }
            guard let token = reply.tokens.first else { throw MissingLogprobs(model: session.model.role) }
            return share(token)
        }
    }

    private static func share(_ token: Token) -> Double? {
        let no = token.probability(of: "No", comparing: .letters)
        let yes = token.probability(of: "Yes", comparing: .letters)
        guard no + yes > 0 else { return nil }
        // Of a word that is not listed, at most the mass of all that are not is known.
        let rest = token.unlistedProbability
        return (no > 0 ? no : rest) / ((no > 0 ? no : rest) + (yes > 0 ? yes : rest))
    }
}
