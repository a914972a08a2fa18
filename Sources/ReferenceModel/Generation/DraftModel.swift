internal import Foundation

/// The small model that proposes tokens for the large one to check.
final class DraftModel {
    let transformer: Transformer
    private let pass: ForwardPass
    private let head: AcceptanceHead?
    private let distribution: TokenDistribution

    struct Proposal {
        var token: Int
        /// The distribution it was drawn from, [vocabulary].
        var probabilities: FloatBuffer
    }

    init?(_ file: ModelFile, _ vocabulary: Vocabulary, context: Int) throws {
        guard let shape = file.header.draft else { return nil }
        transformer = try Transformer(file, shape, prefix: "draft.", context: context)
        pass = ForwardPass(transformer)
        head = try AcceptanceHead(file, width: shape.width)
        distribution = TokenDistribution(vocabulary, count: shape.vocabulary)
    }

    /// Proposes what follows a generation's tokens.
    func propose(for generation: Generation) -> [Proposal] {
        let longest: Int
        var threshold = Double.infinity
        switch generation.request.speculation {
        case .none: return []
        case .fixed(let length): longest = length
        case .adaptive(let limit, let length): (threshold, longest) = (limit, length)
        }
        let room = min(
            generation.cache.capacity - generation.all.count - 1,
            generation.request.maxTokens - generation.tokens.count - 1)
        let cache = generation.draftCache ?? KeyValueCache(transformer.shape, capacity: transformer.context)
        generation.draftCache = cache
        var fed = generation.all
        var proposals: [Proposal] = []
        var survives = 1.0
        while proposals.count < min(longest, room) {
            let last = feed(fed, cache, &generation.draftFilled)
            let count = transformer.shape.vocabulary
            let probabilities = FloatBuffer(count)
            probabilities.pointer.update(from: pass.logits(last), count: count)
            distribution.mask(probabilities.pointer)
            distribution.apply(generation.request.rule, to: probabilities.pointer)
            let token = distribution.draw(probabilities.pointer, unit: generation.random.unit())
            proposals.append(Proposal(token: token, probabilities: probabilities))
            fed.append(token)
            if token == Vocabulary.end { break }
            if threshold < .infinity {
                survives *= head?.probability(pass.state(last)) ?? 1
                // P(some proposal so far is rejected) = 1 − ∏ p.
                if 1 - survives > threshold { break }
            }
        }
        return proposals
    }

    /// Feeds what the cache lacks; the last row's logits stand in the pass then.
    private func feed(_ tokens: [Int], _ cache: KeyValueCache, _ filled: inout Int) -> Int {
        var last = 0
        while filled < tokens.count {
            let end = min(tokens.count, filled + ForwardPass.rows)
            var rows = (filled..<end).map {
                PassRow(cache: cache, token: tokens[$0], position: $0, wantsLogits: $0 == tokens.count - 1)
            }
            pass.run(&rows)
            last = rows.count - 1
            filled = end
        }
        return last
    }
}
