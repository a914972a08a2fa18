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
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
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
        return answer
    }

    private static func choice(_ reader: inout JSONReader) throws(JSONError) -> WireChoice {
        var choice = WireChoice()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "index": choice.index = try reader.int()
            case "text": choice.text = try reader.string() ?? ""
            case "message", "delta": try message(&reader, into: &choice)
            case "finish_reason": choice.finish = try reader.string().map(finishReason)
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

    static func finishReason(_ text: String) -> FinishReason {
        switch text {
        case "stop", "eos", "end_turn", "stop_sequence", "word": .stop
        case "length", "max_tokens", "limit", "model_length": .length
        case "content_filter", "safety": .filter
        default: .other
        }
    }
}
