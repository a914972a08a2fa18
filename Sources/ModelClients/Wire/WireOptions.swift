package import Completions
internal import JSON

/// Which of the wire formats is spoken.
package enum WireFormat: String, Codable, Sendable {
    /// OpenAI chat completions.
    case chat
    /// OpenAI completions: plain prompts.
    case completions
    /// llama.cpp's own `/completion`: plain prompts.
    case llama
}

/// How requests are written for one endpoint.
package struct WireOptions: Hashable, Sendable {
    /// When `top_k` and `min_p` are sent, which OpenAI's own interface does not know.
    package enum ExtraSampling: String, Codable, Sendable {
        case always
        /// Only where they change something.
        case ifUsed = "if_used"
        case never
    }

    /// A field of a request's body that the suite names.
    package struct Field: Hashable, Sendable {
        package var name: String
        /// Its value as JSON text.
        package var json: String

        package init(name: String, json: String) {
            self.name = name
            self.json = json
        }
    }

    package var model: String
    package var extraSampling: ExtraSampling
    /// Whether the server is llama.cpp's: it takes more fields, and counts tokens as it goes.
    package var isLlama: Bool
    /// Sends `max_completion_tokens` in place of `max_tokens`, as OpenAI's newer models demand.
    package var usesMaxCompletionTokens: Bool
    /// Sends vLLM's `continue_final_message` and `add_generation_prompt: false` with a prefix.
    package var sendsContinueFlags: Bool
    /// How messages become one prompt, for formats that take a plain prompt.
    package var template: ChatFrames?
    /// More fields of the body, after evalh's own.
    package var body: [Field]
    /// For the embedded model: sent as `evalh`, which also asks for its report.
    package var inside: ModelInside?

    package init(
        model: String, extraSampling: ExtraSampling = .ifUsed, isLlama: Bool = false,
        usesMaxCompletionTokens: Bool = false,
        sendsContinueFlags: Bool = false, template: ChatFrames? = nil, body: [Field] = [],
        inside: ModelInside? = nil
    ) {
        self.model = model
        self.extraSampling = extraSampling
        self.isLlama = isLlama
        self.usesMaxCompletionTokens = usesMaxCompletionTokens
        self.sendsContinueFlags = sendsContinueFlags
        self.template = template
        self.body = body
        self.inside = inside
    }
}

/// One request as a server sees it: `n` choices with one seed.
struct WireRequest {
    var request: CompletionRequest
    var seed: UInt64
    var count: Int
    var isStream: Bool

    /// Servers differ in the width and sign of seeds; 31 bits fit all of them.
    var wireSeed: Int { Int(seed & 0x7FFF_FFFF) }
}

extension WireFormat {
    /// The path under the base URL.
    var path: String {
        switch self {
        case .chat: "/chat/completions"
        case .completions: "/completions"
        case .llama: "/completion"
        }
    }

    /// The body of a request, the same bytes for equal requests.
    func encode(_ request: WireRequest, _ options: WireOptions) throws(ModelFailure) -> [UInt8] {
        switch self {
        case .chat: ChatCodec.encode(request, options)
        case .completions: try CompletionsCodec.encode(request, options)
        case .llama: try LlamaCodec.encode(request, options)
        }
    }

    /// Reads a whole answer or one event of a stream.
    func read(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONError) -> WireAnswer {
        switch self {
        case .chat, .completions: try OpenAIAnswerReader.read(bytes, in: range)
        case .llama: try LlamaCodec.read(bytes, in: range)
        }
    }

    /// Text that a plain answer may repeat before its continuation.
    func echoedPrefix(_ request: CompletionRequest) -> String {
        self == .chat ? ChatCodec.trailingAssistant(request) : ""
    }
}
