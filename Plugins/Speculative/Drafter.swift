import EvalhPluginKit

/// Lets the arm's own model propose tokens.
struct Drafter {
    let parameters: SpeculativeParameters
    let session: Session

    /// The tokens proposed after a text; none if the model ends there.
    ///
    /// - Parameter limit: The most tokens the round may add, the target's own included.
    func propose(after prefix: String, atMost limit: Int) async throws -> [Token] {
        guard limit > 1 else { return [] }
        return parameters.length == .fixed ? try await fixed(prefix, limit - 1) : try await adaptive(prefix, limit - 1)
    }

    private func sampling(_ tokens: Int) -> Sampling {
        let wanted = parameters.mode == .sampling || parameters.acceptance == .entropy ? parameters.alternatives : 0
        let alternatives = min(wanted, session.model.topLogprobs)
        guard parameters.mode == .sampling else {
            return Sampling(temperature: 0, maxTokens: tokens, topLogprobs: alternatives)
        }
        return .raw(maxTokens: tokens, topLogprobs: alternatives)
    }

    private func fixed(_ prefix: String, _ limit: Int) async throws -> [Token] {
        let choice = try await session.complete(sampling: sampling(min(parameters.candidates, limit)), prefix: prefix)
        guard choice.text.isEmpty || !choice.tokens.isEmpty else { throw MissingLogprobs(model: session.model.role) }
        return choice.text.isEmpty ? [] : choice.textTokens
    }

    /// Streams, so that what is not wanted any more is not written.
    private func adaptive(_ prefix: String, _ limit: Int) async throws -> [Token] {
        let stream = try session.stream(sampling: sampling(min(parameters.maxCandidates, limit)), prefix: prefix)
        var product = AcceptanceProduct()
        var tokens: [Token] = []
        var text = ""
        for try await chunk in stream {
            text += chunk.text
            guard chunk.text.isEmpty || !chunk.tokens.isEmpty else { throw MissingLogprobs(model: session.model.role) }
            for token in chunk.tokens {
                guard let probability = parameters.acceptance.value(token, gamma: parameters.gamma) else {
                    throw MissingLogprobs(model: session.model.role)
                }
                tokens.append(token)
                product.add(probability)
                guard product.isOver(parameters.threshold, least: parameters.minCandidates) else { continue }
                _ = try await stream.cancel()
                return tokens
            }
        }
        return Choice.textTokens(tokens, of: text)
    }
}

extension Sampling {
    /// From the distribution that log-probabilities are of.
    static func raw(maxTokens: Int, topLogprobs: Int) -> Sampling {
        Sampling(temperature: 1, topP: 1, minP: 0, topK: 0, maxTokens: maxTokens, topLogprobs: topLogprobs)
    }
}
