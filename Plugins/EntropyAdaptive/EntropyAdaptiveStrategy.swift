import EvalhPluginKit

struct EntropyAdaptiveParameters: PluginParameters {
    @Parameter("Tokens generated at a time, after which the next step is chosen.", range: 1...4096) var chunkTokens = 16
    @Parameter("Alternatives a token that are asked for.", range: 1...200) var alternatives = 20
    @Parameter("The most tokens; left out: the suite's.", range: 1...1_000_000) var maxTokens: Int? = nil
    @Parameter("Text put in once where the model is undecided between many tokens.") var thinkWord =
        "\nWait, let me think."
    @Parameter("Continuations compared where the model is torn between a few.", range: 2...16) var branches = 2
    @Parameter("Entropy in nats at which the suite's temperature is kept; more raises it, less lowers it.", above: 0)
    var referenceEntropy =
        1.2
}

/// Generates in chunks; how undecided the model was in the last one says how the next is sampled.
struct EntropyAdaptiveStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "entropy-adaptive", version: "1.0.0",
        title: "Decoding that adapts to the entropy and varentropy of the model's tokens",
        description: """
            Generates `chunk_tokens` at a time, each chunk continuing the text so far. The mean entropy H and varentropy
            V of a chunk's tokens choose what comes next; the first of these that applies:

            - H < 0.3, V < 1.2: the next chunk is greedy.
            - H > 2.5, V < 1.2: `think_word` is put in, once a session.
            - H < 2.5, V > 2.5: the next chunk is sampled `branches` times; the one of highest mean log-probability is
              kept.
            - H > 1.2, V > 2.5: the chunk is thrown away and sampled once more.
            - else the suite's temperature times H / `reference_entropy`, within [½, 1½].

            **Approximation** of the entropix sampler, which decides at every token and knows the whole distribution:
            here H and V are over the `alternatives` likeliest tokens, the rest of the probability counting as one
            token, and decisions hold for a chunk. There is no published result to compare with.

            Needs log-probabilities and prefix continuation; without log-probabilities the session is an error. A text
            that reaches `max_tokens` is unfinished. Out of budget the text so far is the answer, as unfinished; without
            any there is no answer. A request that fails makes the session an error. Confidence: none. Regimes are
            noted.

            Cost: one completion in chunks, up to `branches` + 1 times where it branches or samples anew; each chunk
            sends prompt and text so far (served from the prefix cache where the server has one).
            """,
        source: "xjdr-alt/entropix (public code, 2024), sampler's regimes and thresholds", needs: [.logprobs, .prefix],
        topLogprobs: 1)

    private let parameters: EntropyAdaptiveParameters

    init(parameters: EntropyAdaptiveParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var text = ""
        var left = parameters.maxTokens ?? session.model.sampling.maxTokens ?? 512
        var regime = Regime.temperature
        var state: TokenUncertainty?
        var counts: [(Regime, Int)] = []
        var hasThought = false
        defer { session.note("regimes", counts.map { "\($0.0.rawValue): \($0.1)" }.joined(separator: ", ")) }
        while left > 0 {
            let chunk: Choice
            do {
                chunk = try await next(text, regime, state, left, session)
            } catch  where !text.isEmpty {
                return Answer(
                    text, kind: .unfinished,
                    reason: Batch.reason(of: error) ?? "interrupted")
            }
            left -= max(1, chunk.usage.completionTokens)
            if chunk.isFinished || chunk.text.isEmpty {
                text += chunk.text
                if text.isEmpty { return .none(reason: "empty") }
                return chunk.isFinished
                    ? Answer(text, reason: "complete") : Answer(text, kind: .unfinished, reason: "cut_off")
            }
            guard let measured = TokenUncertainty.mean(chunk.tokens) else {
                throw MissingLogprobs(model: session.model.role)
            }
            let repeats = regime == .resample
            state = measured
            regime = Regime(measured)
            // A chunk is thrown away once only, and the think word comes once.
            if regime == .resample, repeats { regime = .temperature }
            if regime == .think, hasThought { regime = .temperature }
            if let place = counts.firstIndex(where: { $0.0 == regime }) {
                counts[place].1 += 1
            } else {
                counts.append((regime, 1))
            }
            if regime != .resample { text += chunk.text }
            if regime == .think {
                hasThought = true
                text += parameters.thinkWord
            }
        }
        return Answer(text, kind: .unfinished, reason: "max_tokens")
    }

    /// The next chunk of the text.
    private func next(_ text: String, _ regime: Regime, _ state: TokenUncertainty?, _ left: Int, _ session: Session)
        async throws -> Choice
    {
        let suites = session.model.sampling.temperature ?? 1
        var sampling = Sampling(maxTokens: min(parameters.chunkTokens, left), topLogprobs: parameters.alternatives)
        switch regime {
        case .greedy: sampling.temperature = 0
        case .think, .branch, .resample: sampling.temperature = suites
        case .temperature:
            let factor = state.map { min(max($0.entropy / parameters.referenceEntropy, 0.5), 1.5) } ?? 1
            sampling.temperature = suites * factor
        }
        guard regime == .branch else { return try await session.complete(sampling: sampling, prefix: text) }
        let choices = try await session.generate(n: parameters.branches, sampling: sampling, prefix: text)
        var best = choices[0]
        for choice in choices.dropFirst() {
            guard let value = choice.tokens.meanLogprob, let current = best.tokens.meanLogprob else { continue }
            if value > current { best = choice }
        }
        return best
    }

    static func estimate(_ parameters: EntropyAdaptiveParameters) -> Estimate? {
        // Without a limit of its own it generates at most a token a chunk of the suite's limit, which is not known
        // here.
        guard let limit = parameters.maxTokens else { return Estimate(completions: 1...100_000, promptPasses: 100_000) }
        return Estimate(completions: 1...limit * parameters.branches, promptPasses: Double(limit))
    }
}
