internal import Foundation
internal import ReferenceModel

/// A request that has been understood: what to generate, and how to answer.
struct CompletionJob {
    static let mostChoices = 128
    static let mostAlternatives = 20

    var requests: [GenerationRequest]
    var isChat: Bool
    var isStream: Bool
    var includesUsage: Bool
    var includesUsageAlways: Bool
    /// Text of the prompt before the completion, with `echo`.
    var echo: String?
    /// Whether the prompt's log-probabilities are told in vLLM's shape.
    var tellsPromptLogprobs: Bool
    var reportsEvalh: Bool

    /// - Throws: `APIError`.
    init(_ body: RequestBody, isChat: Bool, model: ReferenceModel) throws {
        self.isChat = isChat
        isStream = body.stream ?? false
        includesUsage = body.streamOptions?.includeUsage ?? false
        includesUsageAlways = body.streamOptions?.continuousUsageStats ?? false
        reportsEvalh = body.evalh != nil
        try Self.refuse(body)
        if let name = body.model, name != model.file.name, name != "default" {
            throw APIError(
                status: 404, message: "there is no model `\(name)` here, only `\(model.file.name)`", parameter: "model",
                code: "model_not_found")
        }
        let prompt = isChat ? try Self.chat(body, model.vocabulary) : try Self.text(body, model.vocabulary)
        let room = ReferenceModel.context - prompt.count
        guard room > 0 else {
            throw APIError.bad(
                isChat ? "messages" : "prompt",
                "the prompt has \(prompt.count) tokens; the model takes \(ReferenceModel.context) with the completion",
                code: "context_length_exceeded")
        }
        let wantsEcho = body.echo ?? false
        if wantsEcho, isChat || isStream {
            throw APIError.bad("echo", "`echo` is for /v1/completions without `stream`")
        }
        let least = wantsEcho ? 0 : 1
        let asked = body.maxCompletionTokens ?? body.maxTokens ?? room
        guard asked >= least else { throw APIError.bad("max_tokens", "`max_tokens` must be at least \(least)") }
        let count = body.n ?? 1
        guard (1...Self.mostChoices).contains(count) else {
            throw APIError.bad("n", "`n` must be from 1 to \(Self.mostChoices)")
        }
        let alternatives = try Self.alternatives(body, isChat)
        let stop = (body.stop?.all ?? []).map { Array($0.utf8) }
        guard stop.count <= 16, stop.allSatisfy({ (1...1024).contains($0.count) }) else {
            throw APIError.bad("stop", "`stop` takes up to 16 texts of 1 to 1024 bytes")
        }
        let rule = try Self.rule(body)
        let exit = try Self.exit(body.evalh?.exit, model)
        let speculation = try Self.speculation(body.evalh?.speculative, model)
        if exit != .none, speculation != .none {
            throw APIError.bad("evalh", "exits and speculative decoding exclude each other")
        }
        if body.evalh?.predictions == true, !model.predicts {
            throw APIError.bad("evalh.predictions", "this model has no reserved predictions")
        }
        try Self.checkPromptLogprobs(body)
        tellsPromptLogprobs = body.promptLogprobs != nil
        let seed = body.seed.map { UInt64(bitPattern: $0) } ?? UInt64.random(in: .min ... .max)
        echo = wantsEcho ? model.vocabulary.decode(prompt) : nil
        requests = (0..<count).map { index in
            GenerationRequest(
                prompt: prompt, rule: rule, maxTokens: min(asked, room),
                seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15, stop: stop,
                topLogprobs: alternatives, exit: exit, speculation: speculation,
                predicts: body.evalh?.predictions ?? false,
                scoresPrompt: (wantsEcho && alternatives != nil) || body.promptLogprobs != nil,
                promptLogprobs: body.promptLogprobs.map { max($0, wantsEcho ? alternatives ?? 0 : 0) })
        }
    }

    private static func checkPromptLogprobs(_ body: RequestBody) throws {
        guard let number = body.promptLogprobs else { return }
        guard (0...mostAlternatives).contains(number) else {
            throw APIError.bad("prompt_logprobs", "`prompt_logprobs` must be from 0 to \(mostAlternatives)")
        }
        if body.stream == true {
            throw APIError.bad("prompt_logprobs", "`prompt_logprobs` is for answers without `stream`")
        }
    }

    private static func refuse(_ body: RequestBody) throws {
        let unsupported: [(String, Bool)] = [
            ("presence_penalty", (body.presencePenalty ?? 0) != 0),
            ("frequency_penalty", (body.frequencyPenalty ?? 0) != 0),
            ("repeat_penalty", (body.repeatPenalty ?? 1) != 1), ("logit_bias", !(body.logitBias ?? [:]).isEmpty),
            ("tools", !(body.tools ?? []).isEmpty), ("functions", !(body.functions ?? []).isEmpty),
            ("response_format", body.responseFormat.map { $0.type != "text" } ?? false), ("suffix", body.suffix != nil),
            ("best_of", (body.bestOf ?? 1) != 1),
        ]
        if let name = unsupported.first(where: \.1)?.0 {
            throw APIError.bad(name, "the embedded model does not support `\(name)`", code: "unsupported_parameter")
        }
    }

    /// The conversation as tokens. The model has learnt no instructions: what a system message says is left out.
    private static func chat(_ body: RequestBody, _ vocabulary: Vocabulary) throws -> [Int] {
        guard let messages = body.messages, !messages.isEmpty else {
            throw APIError.bad("messages", "`messages` must hold at least one message")
        }
        var tokens: [Int] = []
        for (index, message) in messages.enumerated() {
            let text = vocabulary.encode((message.content?.all ?? []).joined())
            switch message.role {
            case "system", "developer": continue
            case "user": tokens += [Vocabulary.user] + text + [Vocabulary.assistant]
            case "assistant":
                if tokens.last != Vocabulary.assistant { tokens.append(Vocabulary.assistant) }
                tokens += text
                // A last message of the assistant is one to be gone on with.
                if index < messages.count - 1 { tokens.append(Vocabulary.end) }
            default:
                throw APIError.bad(
                    "messages[\(index)].role",
                    "the role `\(message.role)` is not known; there are system, user and assistant")
            }
        }
        guard !tokens.isEmpty else { throw APIError.bad("messages", "`messages` must hold a message of the user") }
        return tokens
    }

    private static func text(_ body: RequestBody, _ vocabulary: Vocabulary) throws -> [Int] {
        let tokens: [Int]
        switch body.prompt {
        case nil: throw APIError.bad("prompt", "`prompt` is missing")
        case .text(let text): tokens = vocabulary.encode(text, readsSpecials: true)
        case .tokens(let list): tokens = list
        }
        guard !tokens.isEmpty else { throw APIError.bad("prompt", "`prompt` is empty") }
        guard tokens.allSatisfy({ (0..<vocabulary.count).contains($0) }) else {
            throw APIError.bad("prompt", "tokens are numbers from 0 to \(vocabulary.count - 1)")
        }
        return tokens
    }

    private static func alternatives(_ body: RequestBody, _ isChat: Bool) throws -> Int? {
        let number: Int?
        switch body.logprobs {
        case nil: number = nil
        case .flag(false): number = nil
        case .flag(true): number = body.topLogprobs ?? 0
        case .number(let most): number = isChat ? (most > 0 ? most : nil) : most
        }
        guard number.map({ (0...mostAlternatives).contains($0) }) ?? true else {
            throw APIError.bad(isChat ? "top_logprobs" : "logprobs", "at most \(mostAlternatives) alternatives a token")
        }
        return number
    }

    private static func rule(_ body: RequestBody) throws -> SamplingRule {
        let rule = SamplingRule(
            temperature: body.temperature ?? 1, topP: body.topP ?? 1, topK: body.topK ?? 0, minP: body.minP ?? 0)
        guard (0...100).contains(rule.temperature) else {
            throw APIError.bad("temperature", "`temperature` must be from 0 to 100")
        }
        guard rule.topP > 0, rule.topP <= 1 else {
            throw APIError.bad("top_p", "`top_p` must be above 0 and at most 1")
        }
        guard rule.topK >= 0 else { throw APIError.bad("top_k", "`top_k` must be 0 (off) or more") }
        guard (0...1).contains(rule.minP) else { throw APIError.bad("min_p", "`min_p` must be from 0 to 1") }
        return rule
    }

    private static func exit(_ exit: RequestBody.Evalh.Exit?, _ model: ReferenceModel) throws -> ExitPolicy {
        guard let exit else { return .none }
        func threshold(_ standard: Double) throws -> Double {
            let value = exit.threshold ?? standard
            guard (0...1).contains(value) else {
                throw APIError.bad("evalh.exit.threshold", "`threshold` must be from 0 to 1")
            }
            return value
        }
        if exit.policy.hasPrefix("lambda"), !model.hasHaltingHeads {
            throw APIError.bad("evalh.exit.policy", "this model has no halting heads")
        }
        switch exit.policy {
        case "none": return .none
        case "confidence": return .confidence(threshold: try threshold(0.9))
        case "lambda-q": return .lambdaQuantile(q: try threshold(0.5))
        case "lambda-sample": return .lambdaSample
        case "fixed":
            guard let layer = exit.layer, (1...model.layers).contains(layer) else {
                throw APIError.bad("evalh.exit.layer", "`fixed` needs `layer`, from 1 to \(model.layers)")
            }
            return .fixed(layer: layer)
        default:
            throw APIError.bad(
                "evalh.exit.policy",
                "the policy `\(exit.policy)` is not known; there are none, fixed, confidence, lambda-q and "
                    + "lambda-sample"
            )
        }
    }

    private static func speculation(_ speculative: RequestBody.Evalh.Speculative?, _ model: ReferenceModel) throws
        -> GenerationRequest.Speculation
    {
        guard let speculative, speculative.policy != "none" else { return .none }
        guard model.hasDraft else { throw APIError.bad("evalh.speculative", "this model has no draft model") }
        let length = speculative.length ?? (speculative.policy == "fixed" ? 4 : 20)
        guard (1...32).contains(length) else {
            throw APIError.bad("evalh.speculative.length", "`length` must be from 1 to 32")
        }
        switch speculative.policy {
        case "fixed": return .fixed(length: length)
        case "adaptive":
            let threshold = speculative.threshold ?? 0.3
            guard (0...1).contains(threshold) else {
                throw APIError.bad("evalh.speculative.threshold", "`threshold` must be from 0 to 1")
            }
            return .adaptive(threshold: threshold, length: length)
        default:
            throw APIError.bad(
                "evalh.speculative.policy",
                "the policy `\(speculative.policy)` is not known; there are none, fixed and adaptive")
        }
    }
}
