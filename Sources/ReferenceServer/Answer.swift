internal import Foundation
internal import ReferenceModel

/// What clients get: the shapes of OpenAI's interface, and an `evalh` object where the request had one.
struct Answer: Encodable {
    struct Choice: Encodable {
        var index: Int
        var message: Message?
        var delta: Message?
        var text: String?
        var logprobs: Logprobs?
        var finishReason: String?
        /// With completions; with chat they stand beside the choices.
        var promptLogprobs: [PromptToken?]?
        var evalh: Evalh?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(index, forKey: .index)
            try container.encodeIfPresent(message, forKey: .message)
            try container.encodeIfPresent(delta, forKey: .delta)
            try container.encodeIfPresent(text, forKey: .text)
            try container.encode(logprobs, forKey: .logprobs)
            try container.encode(finishReason, forKey: .finishReason)
            try container.encodeIfPresent(promptLogprobs, forKey: .promptLogprobs)
            try container.encodeIfPresent(evalh, forKey: .evalh)
        }
        enum Key: String, CodingKey { case index, message, delta, text, logprobs, finishReason, promptLogprobs, evalh }
    }

    struct Message: Encodable {
        var role: String?
        var content: String?
    }

    struct Alternative: Encodable {
        var token: String
        var logprob: Double
        var bytes: [UInt8]
    }

    struct Token: Encodable {
        var token: String
        var logprob: Double
        var bytes: [UInt8]
        var topLogprobs: [Alternative]
    }

    /// `content` with chat, the other four with completions.
    struct Logprobs: Encodable {
        var content: [Token]?
        var tokens: [String]?
        var tokenLogprobs: [Double?]?
        var topLogprobs: [[String: Double]?]?
        var textOffset: [Int]?
    }

    /// vLLM's shape: the token and its alternatives by their numbers.
    typealias PromptToken = [String: PromptLogprob]

    struct PromptLogprob: Encodable {
        var logprob: Double
        /// From 1.
        var rank: Int
        var decodedToken: String
    }

    /// What the inside of the model did.
    struct Evalh: Encodable {
        /// Layers each token's prediction was made from.
        var layers: [Int]
        /// Mean share of the layers.
        var depth: Double
        /// Mean work a token as a share of full depth, heads included. With a draft model: what is done one after the
        /// other, so tokens that are checked together count as one.
        var compute: Double
        var predictions: Predictions?
        var speculative: Speculative?
    }

    struct Predictions: Encodable {
        /// Probability that the finished answer is right, after each token.
        var correct: [Double]
        /// Tokens that remain, after each token.
        var remaining: [Double]
    }

    struct Speculative: Encodable {
        var rounds, drafted, accepted, targetCalls: Int
    }

    struct Usage: Encodable {
        struct Details: Encodable { var cachedTokens: Int }
        var promptTokens, completionTokens, totalTokens: Int
        var promptTokensDetails: Details
    }

    var id: String
    var object: String
    var created: Int
    var model: String
    var choices: [Choice]
    var usage: Usage?
    var promptLogprobs: [PromptToken?]?
}

/// Turns generations into answers.
struct AnswerWriter {
    let job: CompletionJob
    let model: ReferenceModel
    let id: String
    let created: Int

    func whole(_ generations: [Generation], _ ends: [GenerationEnd]) -> Answer {
        let choices = generations.indices.map { index in
            let generation = generations[index]
            let text = (job.echo ?? "") + String(decoding: generation.text, as: UTF8.self)
            var choice = Answer.Choice(index: index, finishReason: reason(ends[index]))
            if job.isChat {
                choice.message = Answer.Message(role: "assistant", content: text)
            } else {
                choice.text = text
            }
            choice.logprobs = logprobs(generation, generation.tokens[...])
            if job.tellsPromptLogprobs, !job.isChat { choice.promptLogprobs = promptLogprobs(generation) }
            if job.reportsEvalh { choice.evalh = inside(generation) }
            return choice
        }
        return Answer(
            id: id, object: job.isChat ? "chat.completion" : "text_completion", created: created,
            model: model.file.name, choices: choices,
            usage: usage(generations.first, generations.reduce(0) { $0 + $1.tokens.count }),
            promptLogprobs: job.tellsPromptLogprobs && job.isChat ? generations.first.map(promptLogprobs) : nil)
    }

    /// Null for the first token, which nothing predicts.
    private func promptLogprobs(_ generation: Generation) -> [Answer.PromptToken?] {
        let vocabulary = model.vocabulary
        return [nil]
            + generation.promptScores.map { score in
                var told: Answer.PromptToken = [:]
                for (place, alternative) in score.alternatives.enumerated() {
                    told["\(alternative.token)"] = Answer.PromptLogprob(
                        logprob: alternative.logprob, rank: place + 1,
                        decodedToken: vocabulary.text(of: alternative.token))
                }
                told["\(score.token)"] = Answer.PromptLogprob(
                    logprob: score.logprob, rank: score.rank ?? 1, decodedToken: vocabulary.text(of: score.token))
                return told
            }
    }

    /// A piece of a stream.
    /// - Parameters:
    ///   - new: tokens since the piece before.
    ///   - count: tokens of the choice up to and including these.
    func piece(
        _ generation: Generation, index: Int, text: [UInt8], new: ArraySlice<GeneratedToken>, count: Int, isFirst: Bool,
        end: GenerationEnd?
    ) -> Answer {
        var choice = Answer.Choice(index: index, finishReason: end.map(reason))
        let content = String(decoding: text, as: UTF8.self)
        if job.isChat {
            choice.delta = Answer.Message(role: isFirst ? "assistant" : nil, content: content)
        } else {
            choice.text = content
        }
        choice.logprobs = logprobs(generation, new)
        if job.reportsEvalh, end != nil { choice.evalh = inside(generation) }
        return chunk([choice], usage: job.includesUsageAlways ? usage(generation, count) : nil)
    }

    func closing(_ generations: [Generation]) -> Answer {
        chunk([], usage: usage(generations.first, generations.reduce(0) { $0 + $1.tokens.count }))
    }

    private func chunk(_ choices: [Answer.Choice], usage: Answer.Usage?) -> Answer {
        Answer(
            id: id, object: job.isChat ? "chat.completion.chunk" : "text_completion", created: created,
            model: model.file.name,
            choices: choices,
            usage: usage)
    }

    private func reason(_ end: GenerationEnd) -> String { end == .stop ? "stop" : "length" }

    private func usage(_ first: Generation?, _ completion: Int) -> Answer.Usage {
        let prompt = first?.request.prompt.count ?? 0
        return Answer.Usage(
            promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion,
            promptTokensDetails: .init(cachedTokens: first?.cachedPromptTokens ?? 0))
    }

    private func logprobs(_ generation: Generation, _ tokens: ArraySlice<GeneratedToken>) -> Answer.Logprobs? {
        guard generation.request.topLogprobs != nil else { return nil }
        let vocabulary = model.vocabulary
        if job.isChat {
            return Answer.Logprobs(
                content: tokens.map { token in
                    Answer.Token(
                        token: vocabulary.text(of: token.token), logprob: token.logprob,
                        bytes: vocabulary.bytes(of: token.token),
                        topLogprobs: token.alternatives.map {
                            .init(
                                token: vocabulary.text(of: $0.token), logprob: $0.logprob,
                                bytes: vocabulary.bytes(of: $0.token))
                        })
                })
        }
        var result = Answer.Logprobs(tokens: [], tokenLogprobs: [], topLogprobs: [], textOffset: [])
        var offset = 0
        func add(_ token: Int, _ known: GeneratedToken?) {
            result.tokens?.append(vocabulary.text(of: token))
            result.tokenLogprobs?.append(known?.logprob)
            result.topLogprobs?.append(
                known.map { known in
                    Dictionary(known.alternatives.map { (vocabulary.text(of: $0.token), $0.logprob) }) { first, _ in
                        first
                    }
                })
            result.textOffset?.append(offset)
            // Code points, as servers in Python count.
            offset += String(decoding: vocabulary.bytes(of: token), as: UTF8.self).unicodeScalars.count
        }
        if job.echo != nil {
            for (index, token) in generation.request.prompt.enumerated() {
                add(token, index == 0 ? nil : generation.promptScores[index - 1])
            }
        }
        for token in tokens { add(token.token, token) }
        return result
    }

    private func inside(_ generation: Generation) -> Answer.Evalh {
        let tokens = generation.tokens
        let count = Double(max(1, tokens.count))
        let layers = tokens.map(\.layers)
        var result = Answer.Evalh(
            layers: layers, depth: Double(layers.reduce(0, +)) / count / Double(model.layers),
            compute: tokens.reduce(0) { $0 + $1.compute } / count)
        if generation.request.predicts {
            result.predictions = Answer.Predictions(
                correct: tokens.map { $0.prediction?.correct ?? 0 },
                remaining: tokens.map { $0.prediction?.remaining ?? 0 })
        }
        if generation.request.speculation != .none {
            let counts = generation.speculation
            // The first token comes from the prompt's own pass.
            result.compute = (1 + Double(generation.targetCalls) + Double(counts.drafted) * model.draftShare) / count
            result.speculative = Answer.Speculative(
                rounds: counts.rounds, drafted: counts.drafted, accepted: counts.accepted,
                targetCalls: generation.targetCalls)
        }
        return result
    }
}
