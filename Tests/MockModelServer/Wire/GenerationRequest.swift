/// What of a request's body the server looks at, for all three generating endpoints.
struct GenerationRequest {
    enum Endpoint { case chat, text, native }

    let endpoint: Endpoint
    var question = Question()
    var model: [UInt8] = Array("mock".utf8)
    var seed: UInt64?
    var temperature = 0.8
    /// `nil` without a limit. As llama.cpp, 0 still generates one token.
    var tokenLimit: Int?
    var choices = 1
    var stops: [[UInt8]] = []
    var streams = false
    var includesUsage = false
    /// How many alternatives each token comes with; `nil` where no log probabilities are asked for.
    var alternatives: Int?

    static let mostChoices = 128

    init(endpoint: Endpoint, body: [UInt8]) throws {
        self.endpoint = endpoint
        var scanner = JSONScanner(body)
        var prompted = false
        var logprobs = false
        var top: Int?
        try scanner.object { key, value in
            if value.peek() == UInt8(ascii: "n"), value.null() { return }
            switch (endpoint, key) {
            case (.chat, "messages"):
                question = try Question(messages: &value)
                prompted = true
            case (.text, "prompt"), (.native, "prompt"):
                question = try Question(prompt: &value)
                prompted = true
            case (_, "model"): model = try value.string()
            case (_, "seed"): seed = try value.seed()
            case (_, "temperature"): temperature = try value.number()
            case (_, "max_tokens"), (_, "max_completion_tokens"), (_, "n_predict"):
                let limit = try value.integer()
                tokenLimit = limit < 0 ? nil : max(1, limit)
            case (_, "n"): choices = try value.integer()
            case (_, "stop"): stops = try Self.strings(&value)
            case (_, "stream"): streams = try value.bool()
            case (_, "stream_options"):
                try value.object { key, value in
                    if key == "include_usage" { includesUsage = try value.bool() } else { try value.skip() }
                }
            case (.chat, "logprobs"): logprobs = try value.bool()
            case (.chat, "top_logprobs"): top = try value.integer()
            case (.text, "logprobs"), (.native, "n_probs"):
                let count = try value.integer()
                if count > 0 { alternatives = min(count, 200) }
            default: try value.skip()
            }
        }
        try scanner.end()
        guard prompted else {
            throw BadRequest(message: endpoint == .chat ? "'messages' is required" : "\"prompt\" is required")
        }
        guard (1...Self.mostChoices).contains(choices) else {
            throw BadRequest(
                message: "Field 'n': Value must be between 1 <= value <= \(Self.mostChoices), but got \(choices)")
        }
        if endpoint == .chat, top != nil, !logprobs {
            throw BadRequest(message: "top_logprobs requires logprobs to be set to true")
        }
        if logprobs { alternatives = min(max(top ?? 20, 0), 200) }
    }

    /// A string or a list of strings.
    static func strings(_ value: inout JSONScanner) throws -> [[UInt8]] {
        guard value.peek() == UInt8(ascii: "[") else { return [try value.string()] }
        var all: [[UInt8]] = []
        try value.array { all.append(try $0.string()) }
        return all
    }
}
