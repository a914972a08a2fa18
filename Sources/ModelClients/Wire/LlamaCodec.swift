internal import Completions
internal import JSON

/// llama.cpp's own interface: `/completion` and the small services beside it.
enum LlamaCodec {
    static func encode(_ wire: WireRequest, _ options: WireOptions) throws(ModelFailure) -> [UInt8] {
        let prompt = try ChatFrames.prompt(wire.request, options.template)
        let sampling = wire.request.sampling
        var writer = JSONWriter(capacity: 512 + prompt.utf8.count)
        writer.object { json in
            json.field("prompt", prompt)
            json.field("n_predict", sampling.maxTokens)
            json.field("temperature", sampling.temperature)
            json.field("top_p", sampling.topP)
            json.field("top_k", sampling.topK)
            json.field("min_p", sampling.minP)
            json.field("repeat_penalty", 1)
            json.field("presence_penalty", 0)
            json.field("frequency_penalty", 0)
            json.field("seed", wire.wireSeed)
            json.field("n_cmpl", wire.count)
            json.array("stop") { json in for stop in sampling.stop { json.add(stop) } }
            // 0 would switch log-probabilities off, so the sampled token's own is asked for with one alternative.
            if let alternatives = sampling.topLogprobs { json.field("n_probs", max(1, alternatives)) }
            if let schema = sampling.jsonSchema { json.field("json_schema", json: schema) }
            json.field("cache_prompt", true)
            json.field("stream", wire.isStream)
            for field in options.body { json.field(field.name, json: field.json) }
        }
        return writer.bytes
    }

    /// Reads an answer, a list of answers (`n_cmpl`), or one event of a stream.
    static func read(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONError) -> WireAnswer {
        var reader = JSONReader(bytes, in: range, .lenient)
        var answer = WireAnswer(hasChoices: true)
        switch try reader.peek() {
        case .object: try result(&reader, into: &answer)
        case .array:
            try reader.array { (reader) throws(JSONError) in
                guard answer.choices.count < WireLimits.choices else {
                    throw reader.error("more than \(WireLimits.choices) choices")
                }
                try result(&reader, into: &answer)
            }
        default: throw reader.error("an object or a list is expected")
        }
        try reader.finish()
        return answer
    }

    private static func result(_ reader: inout JSONReader, into answer: inout WireAnswer) throws(JSONError) {
        var choice = WireChoice()
        var usage = WireUsage()
        var timings: WireTimings?
        var hasEnded = false
        var isResult = false
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "index": choice.index = try reader.int()
            case "content":
                choice.text = try reader.string() ?? ""
                isResult = true
            case "stop": hasEnded = try reader.bool() ?? false
            case "stop_type": choice.finish = try reader.string().map(OpenAIAnswerReader.finishReason)
            case "tokens_predicted": usage.completionTokens = try WireFields.count(&reader)
            case "tokens_evaluated": usage.promptTokens = try WireFields.count(&reader)
            case "timings": timings = try WireFields.timings(&reader)
            case "completion_probabilities", "probs": try LogprobReader.entries(&reader, into: &choice)
            case "model": answer.model = try reader.string()
            case "error": answer.error = try WireFields.error(&reader)
            default: try reader.skip()
            }
        }
        guard isResult else { return }
        if let timings { usage.cachedTokens = timings.cachedTokens }
        if hasEnded {
            choice.finish = choice.finish ?? .other
        } else {
            choice.finish = nil
        }
        choice.usage = usage
        answer.choices.append(choice)
    }
}

// MARK: - Services

extension LlamaCodec {
    /// The body of `POST /tokenize`.
    static func encodeTokenize(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.field("content", text)
            json.field("with_pieces", false)
        }
        return writer.bytes
    }

    /// The number of tokens in an answer of `/tokenize`, with or without pieces; `nil`: no such answer.
    static func readTokenCount(_ bytes: [UInt8]) -> Int? {
        var reader = JSONReader(bytes, .lenient)
        var count: Int?
        _ = try? reader.object { (reader, key) throws(JSONError) in
            guard key == "tokens" else { return try reader.skip() }
            var tokens = 0
            if try reader.array({ (reader) throws(JSONError) in
                try reader.skip()
                tokens += 1
            }) {
                count = tokens
            }
        }
        return count
    }
}
