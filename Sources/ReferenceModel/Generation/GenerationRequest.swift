/// What one completion is made from.
package struct GenerationRequest: Sendable {
    /// How the draft model proposes tokens.
    package enum Speculation: Hashable, Sendable {
        case none
        /// Always this many, 1 or more.
        case fixed(length: Int)
        /// Until some token is rejected with more than this probability, by the acceptance head (SpecDec++, Huang et
        /// al. 2024, arXiv:2405.19715, §3), and never more than `length`.
        case adaptive(threshold: Double, length: Int)
    }

    package var prompt: [Int]
    package var rule: SamplingRule
    package var maxTokens: Int
    package var seed: UInt64
    /// Texts that end the completion.
    package var stop: [[UInt8]]
    /// Alternatives a token; `nil`: no log-probabilities.
    package var topLogprobs: Int?
    package var exit: ExitPolicy
    package var speculation: Speculation
    /// Whether predictions of the reserved logits are wanted.
    package var predicts: Bool
    /// Whether log-probabilities of the prompt's own tokens are wanted.
    package var scoresPrompt: Bool
    /// Alternatives of each of the prompt's tokens; `nil`: as many as of the others.
    package var promptLogprobs: Int?
    /// Whether the mean of the prompt's final states is wanted.
    package var embeds: Bool

    package init(
        prompt: [Int], rule: SamplingRule = SamplingRule(), maxTokens: Int, seed: UInt64, stop: [[UInt8]] = [],
        topLogprobs: Int? = nil,
        exit: ExitPolicy = .none, speculation: Speculation = .none, predicts: Bool = false, scoresPrompt: Bool = false,
        promptLogprobs: Int? = nil, embeds: Bool = false
    ) {
        self.promptLogprobs = promptLogprobs
        self.embeds = embeds
        self.prompt = prompt
        self.rule = rule
        self.maxTokens = maxTokens
        self.seed = seed
        self.stop = stop
        self.topLogprobs = topLogprobs
        self.exit = exit
        self.speculation = speculation
        self.predicts = predicts
        self.scoresPrompt = scoresPrompt
    }
}

extension GenerationRequest {
    /// Whether something of every position is wanted, so that none can be taken from an earlier prompt.
    var readsWholePrompt: Bool { scoresPrompt || embeds }
}

/// A token with what is known of it.
package struct GeneratedToken: Sendable {
    package var token: Int
    /// Natural logarithm of its probability before temperature and cuts, at the exit taken. 0 where none were asked
    /// for.
    package var logprob: Double
    package var alternatives: [(token: Int, logprob: Double)]
    /// Its place among all tokens, the likeliest first, from 1; of a prompt's tokens only.
    package var rank: Int?
    /// Layers the prediction was made from.
    package var layers: Int
    /// As a share of a token at full depth.
    package var compute: Double
    /// Predicted probability that the finished answer is right, and tokens that remain; `nil` unless asked for.
    package var prediction: (correct: Double, remaining: Double)?
}

/// What speculative decoding did.
package struct SpeculationCounts: Sendable {
    package var rounds = 0
    package var drafted = 0
    package var accepted = 0
}

package enum GenerationEnd: String, Sendable {
    case stop
    case length
    case cancelled
}
