internal import Completions
internal import JSON

/// Reads the answers of OpenAI-like servers: chat and completions, whole and streamed, one grammar for all four,
/// because servers mix them (llama.cpp reports log-probabilities of `/v1/completions` in the shape of chat, for one).
enum OpenAIAnswerReader {
    /// Parses one JSON object; `range`: the part of `bytes` that holds it.
    static func read(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONError) -> WireAnswer {
        var reader = JSONReader(bytes, in: range, .lenient)
        guard try reader.peek() == .object else {
            throw reader.error("an object is expected")
        }
        var answer = WireAnswer()
        var isError = false
        var told = WireError()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            // vLLM's errors within a stream: their fields stand in the object itself.
            case "object" where try reader.peek() == .string: isError = try reader.string() == "error"
            case "message" where try reader.peek() == .string: told.message = try reader.string()
            case "type" where try reader.peek() == .string: told.type = try reader.string()
            case "code" where try reader.peek() == .number: told.code = try reader.int().map(String.init)
            case "choices":
                answer.hasChoices = try reader.array { (reader) throws(JSONError) in
                    guard answer.choices.count < WireLimits.choices else {
                        throw reader.error("more than \(WireLimits.choices) choices")
                    }
                    answer.choices.append(try choice(&reader))
                }
            case "usage": answer.usage = try WireFields.usage(&reader)
            case "timings": answer.timings = try WireFields.timings(&reader)
            case "model": answer.model = try reader.string()
            case "error": answer.error = try WireFields.error(&reader)
            default: try reader.skip()
            }
        }
        try reader.finish()
        if isError, answer.error == nil { answer.error = told }
        return answer
    }

    private static func choice(_ reader: inout JSONReader) throws(JSONError) -> WireChoice {
        var choice = WireChoice()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "index": choice.index = try reader.int()
            case "text": choice.text = try reader.string() ?? ""
            case "message", "delta": try message(&reader, into: &choice)
            case "finish_reason": if let word = try reader.string() { finish(word, &choice) }
            case "logprobs": try LogprobReader.read(&reader, into: &choice)
            case "usage": choice.usage = try WireFields.usage(&reader)
            case "evalh": choice.work = try WireFields.work(&reader)
            default: try reader.skip()
            }
        }
        return choice
    }

    private static func message(_ reader: inout JSONReader, into choice: inout WireChoice) throws(JSONError) {
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "content":
                if try reader.peek() == .array {
                    try reader.array { (reader) throws(JSONError) in try contentPart(&reader, into: &choice) }
                } else {
                    choice.text = try reader.string() ?? ""
                }
            // A refusal stands in the content's place.
            case "refusal": if let refusal = try reader.string(), choice.text.isEmpty { choice.text = refusal }
            case "reasoning_content", "reasoning":
                // Proxies send both names with one content.
                if let told = try reader.string(), told.utf8.count > choice.reasoning.utf8.count {
                    choice.reasoning = told
                }
            default: try reader.skip()
            }
        }
    }

    /// Some servers answer with a list of typed parts; a part `thinking` holds a text, or such a list itself.
    private static func contentPart(_ reader: inout JSONReader, into choice: inout WireChoice) throws(JSONError) {
        if try reader.peek() == .string {
            choice.text += try reader.string() ?? ""
            return
        }
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "text": choice.text += try reader.string() ?? ""
            case "thinking" where try reader.peek() == .array:
                var inner = WireChoice()
                try reader.array { (reader) throws(JSONError) in try textPart(&reader, into: &inner) }
                choice.reasoning += inner.text
            case "thinking": choice.reasoning += try reader.string() ?? ""
            default: try reader.skip()
            }
        }
    }

    private static func textPart(_ reader: inout JSONReader, into choice: inout WireChoice) throws(JSONError) {
        try reader.object { (reader, key) throws(JSONError) in
            if key == "text" { choice.text += try reader.string() ?? "" } else { try reader.skip() }
        }
    }

    private static func finish(_ word: String, _ choice: inout WireChoice) {
        choice.finish = finishReason(word)
        switch word {
        // Ends by the model or the provider, of a kind that evalh does not tell apart.
        case "tool_calls", "function_call", "repetition": break
        case "error", "abort", "aborted", "cancelled", "canceled", "timeout": choice.givenUp = word
        default: choice.isFinishVague = choice.finish == .other
        }
    }

    static func finishReason(_ text: String) -> FinishReason {
        switch text {
        case "stop", "eos", "end_turn", "stop_sequence", "word": .stop
        case "length", "max_tokens", "limit", "model_length": .length
        case "content_filter", "safety": .filter
        default: .other
        }
    }
}
