internal import JSON

/// Objects that several dialects share.
enum WireFields {
    /// `usage`; `nil` when it is null or tells nothing.
    static func usage(_ reader: inout JSONReader) throws(JSONError) -> WireUsage? {
        var usage = WireUsage()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "prompt_tokens": usage.promptTokens = try count(&reader)
            case "completion_tokens": usage.completionTokens = try count(&reader)
            case "prompt_tokens_details":
                try reader.object { (reader, key) throws(JSONError) in
                    if key == "cached_tokens" { usage.cachedTokens = try count(&reader) } else { try reader.skip() }
                }
            case "completion_tokens_details":
                try reader.object { (reader, key) throws(JSONError) in
                    if key == "reasoning_tokens" {
                        usage.reasoningTokens = try count(&reader)
                    } else {
                        try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        return usage.isEmpty ? nil : usage
    }

    static func timings(_ reader: inout JSONReader) throws(JSONError) -> WireTimings? {
        var timings = WireTimings()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "prompt_n": timings.promptTokens = try count(&reader)
            case "cache_n": timings.cachedTokens = try count(&reader)
            case "predicted_n": timings.predictedTokens = try count(&reader)
            default: try reader.skip()
            }
        }
        return timings == WireTimings() ? nil : timings
    }

    /// An error object, or an error told as a bare string.
    static func error(_ reader: inout JSONReader) throws(JSONError) -> WireError? {
        switch try reader.peek() {
        case .string: return WireError(message: try reader.string())
        case .null:
            try reader.skip()
            return nil
        default: break
        }
        var error = WireError()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "message": error.message = try reader.string()
            case "type": error.type = try reader.string()
            case "code": error.code = try reader.peek() == .number ? reader.int().map(String.init) : reader.string()
            default: try reader.skip()
            }
        }
        return error
    }

    /// A number of tokens: negative ones are no count, and none is believed above 2^40.
    static func count(_ reader: inout JSONReader) throws(JSONError) -> Int? {
        guard let value = try reader.int(), value >= 0, value < 1 << 40 else { return nil }
        return value
    }
}
