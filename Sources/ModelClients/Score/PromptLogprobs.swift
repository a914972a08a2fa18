internal import Completions
internal import JSON

/// What an answer tells of its prompt's tokens, whatever server it is of.
struct PromptLogprobs {
    /// As the server spells them; `nil`: not told. Generated ones may stand at the end.
    var tokens: [String?] = []
    /// One a token; `nil`: not told, as of a prompt's first token.
    var logprobs: [Double?] = []
    var usage: WireUsage?
    var error: WireError?
    /// There are log-probabilities, but of generated tokens only.
    var isOfGenerated = false

    mutating func add(_ token: String?, _ logprob: Double?, _ reader: inout JSONReader) throws(JSONError) {
        guard tokens.count < WireLimits.tokens else {
            throw reader.error("more than \(WireLimits.tokens) log-probabilities")
        }
        tokens.append(token)
        logprobs.append(logprob.map { $0.isFinite ? max($0, PromptLogprobs.least) : PromptLogprobs.least })
    }

    /// In place of minus infinity, which JSON lacks: vLLM writes it so.
    static let least = -9999.0
}

/// Reads the answers of all routes with one grammar: they share no keys.
enum PromptLogprobReader {
    static func read(_ bytes: [UInt8]) throws(JSONError) -> PromptLogprobs {
        var reader = JSONReader(bytes, .lenient)
        guard try reader.peek() == .object else { throw reader.error("an object is expected") }
        var answer = PromptLogprobs()
        var choices = 0
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "choices":
                try reader.array { (reader) throws(JSONError) in
                    choices += 1
                    guard choices == 1 else { return try reader.skip() }
                    try choice(&reader, into: &answer)
                }
            case "prompt_logprobs": try promptLogprobs(&reader, into: &answer)
            case "meta_info": try metaInfo(&reader, into: &answer)
            case "usage": answer.usage = try WireFields.usage(&reader)
            case "error": answer.error = try WireFields.error(&reader)
            default: try reader.skip()
            }
        }
        try reader.finish()
        return answer
    }

    private static func choice(_ reader: inout JSONReader, into answer: inout PromptLogprobs) throws(JSONError) {
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "logprobs": try logprobs(&reader, into: &answer)
            // With completions vLLM tells them in the choice.
            case "prompt_logprobs": try promptLogprobs(&reader, into: &answer)
            default: try reader.skip()
            }
        }
    }

    /// The parallel arrays of OpenAI's completions.
    private static func logprobs(_ reader: inout JSONReader, into answer: inout PromptLogprobs) throws(JSONError) {
        var tokens: [String?] = []
        var values: [Double?] = []
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "tokens":
                try reader.array { (reader) throws(JSONError) in
                    try bound(tokens.count, &reader)
                    tokens.append(try reader.string())
                }
            case "token_logprobs":
                try reader.array { (reader) throws(JSONError) in
                    try bound(values.count, &reader)
                    values.append(try reader.double())
                }
            case "content":
                // llama.cpp answers so: the shape of chat, which has no place for a prompt.
                if try reader.peek() == .array { answer.isOfGenerated = true }
                try reader.skip()
            default: try reader.skip()
            }
        }
        guard answer.tokens.isEmpty else { return }
        for (index, token) in tokens.enumerated() {
            try answer.add(token, index < values.count ? values[index] : nil, &reader)
        }
    }

    private static func bound(_ count: Int, _ reader: inout JSONReader) throws(JSONError) {
        guard count < WireLimits.tokens else {
            throw reader.error("more than \(WireLimits.tokens) log-probabilities")
        }
    }

    /// vLLM's list: null for the first token, then an object a token whose first member is the prompt's own token and
    /// whose others are likelier ones; the keys are numbers of tokens.
    private static func promptLogprobs(_ reader: inout JSONReader, into answer: inout PromptLogprobs) throws(JSONError)
    {
        guard answer.tokens.isEmpty || answer.tokens.allSatisfy({ $0 == nil }) else { return try reader.skip() }
        var list = PromptLogprobs()
        try reader.array { (reader) throws(JSONError) in
            var token: String?
            var value: Double?
            var members = 0
            try reader.object { (reader, _) throws(JSONError) in
                members += 1
                guard members == 1 else { return try reader.skip() }
                try reader.object { (reader, key) throws(JSONError) in
                    switch key {
                    case "logprob": value = try reader.double() ?? PromptLogprobs.least
                    case "decoded_token": token = try reader.string()
                    default: try reader.skip()
                    }
                }
            }
            try list.add(token, value, &reader)
        }
        guard !list.tokens.isEmpty else { return }
        answer.tokens = list.tokens
        answer.logprobs = list.logprobs
    }

    /// SGLang's `meta_info`: lists of log-probability, number and text of each token.
    private static func metaInfo(_ reader: inout JSONReader, into answer: inout PromptLogprobs) throws(JSONError) {
        var usage = WireUsage()
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "prompt_tokens": usage.promptTokens = try WireFields.count(&reader)
            case "completion_tokens": usage.completionTokens = try WireFields.count(&reader)
            case "cached_tokens": usage.cachedTokens = try WireFields.count(&reader)
            case "input_token_logprobs":
                try reader.array { (reader) throws(JSONError) in
                    var token: String?
                    var value: Double?
                    var place = 0
                    try reader.array { (reader) throws(JSONError) in
                        switch place {
                        case 0: value = try reader.double()
                        case 2: token = try reader.string()
                        default: try reader.skip()
                        }
                        place += 1
                    }
                    try answer.add(token, value, &reader)
                }
            default: try reader.skip()
            }
        }
        if !usage.isEmpty { answer.usage = usage }
    }
}
