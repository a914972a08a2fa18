/// What clients send to `/v1/chat/completions` and `/v1/completions`; keys it does not name are ignored.
struct RequestBody: Decodable {
    struct Message: Decodable {
        var role: String
        var content: Texts?
    }

    struct StreamOptions: Decodable {
        var includeUsage: Bool?
        var continuousUsageStats: Bool?
    }

    /// What other servers do not have.
    struct Evalh: Decodable {
        struct Exit: Decodable {
            var policy: String
            var threshold: Double?
            var layer: Int?
        }
        struct Speculative: Decodable {
            var policy: String
            var length: Int?
            var threshold: Double?
        }
        var exit: Exit?
        var speculative: Speculative?
        var predictions: Bool?
    }

    var model: String?
    var messages: [Message]?
    var prompt: Prompt?
    var maxTokens: Int?
    var maxCompletionTokens: Int?
    var temperature: Double?
    var topP: Double?
    var topK: Int?
    var minP: Double?
    var seed: Int64?
    var n: Int?
    var stop: Texts?
    var stream: Bool?
    var streamOptions: StreamOptions?
    var logprobs: Logprobs?
    var topLogprobs: Int?
    var echo: Bool?
    /// vLLM's: log-probabilities of the prompt's tokens, with so many alternatives each.
    var promptLogprobs: Int?
    var evalh: Evalh?

    // Not to be had here: refused where they would change anything.
    var presencePenalty: Double?
    var frequencyPenalty: Double?
    var repeatPenalty: Double?
    var logitBias: [String: Double]?
    var tools: [Ignored]?
    var functions: [Ignored]?
    var responseFormat: Format?
    var suffix: String?
    var bestOf: Int?

    struct Ignored: Decodable {
        init(from decoder: any Decoder) {}
    }
    struct Format: Decodable { var type: String }
}

/// A text, or several; of a message's parts only texts count.
enum Texts: Decodable {
    case one(String)
    case many([String])

    var all: [String] {
        switch self {
        case .one(let text): [text]
        case .many(let texts): texts
        }
    }

    private struct Part: Decodable {
        var type: String
        var text: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .one(text)
        } else if let texts = try? container.decode([String].self) {
            self = .many(texts)
        } else {
            let parts = try container.decode([Part].self)
            guard parts.allSatisfy({ $0.type == "text" }) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "only parts of type `text` are understood")
            }
            self = .many(parts.compactMap(\.text))
        }
    }
}

/// Text, or tokens.
enum Prompt: Decodable {
    case text(String)
    case tokens([Int])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let tokens = try? container.decode([Int].self) {
            self = .tokens(tokens)
        } else {
            let texts = try container.decode([String].self)
            guard texts.count == 1 else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "one prompt a request; use `n` for several samples of it")
            }
            self = .text(texts[0])
        }
    }
}

/// `true` with chat, a number with completions.
enum Logprobs: Decodable {
    case flag(Bool)
    case number(Int)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try container.decode(Int.self))
        }
    }
}
