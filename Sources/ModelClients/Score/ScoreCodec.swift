internal import Completions
internal import JSON

/// A request for log-probabilities as one route has it.
struct ScoreExchange {
    var path: String
    /// Beside "/v1", not below it.
    var isService = false
    var body: [UInt8]
    /// The text sent, or its known end.
    var text: String
    /// Byte of `text` where the scored part begins.
    var boundary: Int
    /// Whether `text` is all that the model reads, but for marks of the server's own.
    var isWhole: Bool
    /// How many generated tokens may stand behind the prompt's, likeliest first.
    var generated: [Int]
}

/// Writes the requests of all routes. Temperature 1 and no cuts: some servers tell the log-probabilities of what is
/// left after them (vLLM's are before them).
enum ScoreCodec {
    /// - Parameter generated: Tokens to be generated, of plain text: 0 or 1.
    static func encode(_ request: ScoreRequest, route: ScoreRoute, generated: Int, _ options: WireOptions)
        throws(ModelFailure) -> ScoreExchange
    {
        switch route {
        case .chat: return chat(request, options)
        case .echo, .completions, .generate: break
        }
        let (text, boundary) = try plain(request, options)
        switch route {
        case .chat, .echo: return echo(text, boundary, generated, options)
        case .completions: return completions(text, boundary, options)
        case .generate: return generate(text, boundary, generated, options)
        }
    }

    /// The whole text, and where the scored part begins.
    private static func plain(_ request: ScoreRequest, _ options: WireOptions) throws(ModelFailure) -> (String, Int) {
        guard !request.messages.isEmpty else {
            return (request.prefix + request.continuation, request.prefix.utf8.count)
        }
        let context = try ChatFrames.prompt(
            CompletionRequest(
                messages: request.messages, prefix: request.prefix, sampling: SamplingParameters(maxTokens: 1)),
            options.template)
        return (context + request.continuation, context.utf8.count)
    }

    /// The text as the end of the assistant's message, which is not closed.
    private static func chat(_ request: ScoreRequest, _ options: WireOptions) -> ScoreExchange {
        let whole = CompletionRequest(
            messages: request.messages, prefix: request.prefix + request.continuation,
            sampling: SamplingParameters(maxTokens: 1))
        let text = ChatCodec.trailingAssistant(whole)
        var writer = JSONWriter(capacity: 512 + request.tokenBound)
        writer.object { json in
            json.field("model", options.model)
            json.array("messages") { json in
                for message in ChatCodec.messages(whole) {
                    json.object { json in
                        json.field("role", message.role.rawValue)
                        json.field("content", message.content)
                    }
                }
            }
            json.field(options.usesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens", 1)
            json.field("temperature", 1)
            json.field("top_p", 1)
            json.field("prompt_logprobs", 0)
            json.field("add_generation_prompt", false)
            json.field("continue_final_message", true)
            json.field("stream", false)
            for field in options.body { json.field(field.name, json: field.json) }
        }
        return ScoreExchange(
            path: WireFormat.chat.path, body: writer.bytes, text: text,
            boundary: text.utf8.count - request.continuation.utf8.count, isWhole: false, generated: [0])
    }

    private static func echo(_ text: String, _ boundary: Int, _ generated: Int, _ options: WireOptions)
        -> ScoreExchange
    {
        let body = completionBody(text, generated, options) { json in
            json.field("echo", true)
            // 0 is the same for most servers, and none at all for some.
            json.field("logprobs", 1)
        }
        // vLLM counts a generated token that it does not tell.
        return ScoreExchange(
            path: WireFormat.completions.path, body: body, text: text, boundary: boundary, isWhole: true,
            generated: generated == 0 ? [0] : [generated, 0])
    }

    private static func completions(_ text: String, _ boundary: Int, _ options: WireOptions) -> ScoreExchange {
        let body = completionBody(text, 1, options) { $0.field("prompt_logprobs", 0) }
        return ScoreExchange(
            path: WireFormat.completions.path, body: body, text: text, boundary: boundary, isWhole: true,
            generated: [0])
    }

    private static func completionBody(
        _ text: String, _ generated: Int, _ options: WireOptions, _ more: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 + text.utf8.count)
        writer.object { json in
            json.field("model", options.model)
            json.field("prompt", text)
            json.field("max_tokens", generated)
            json.field("temperature", 1)
            json.field("top_p", 1)
            more(&json)
            json.field("stream", false)
            for field in options.body { json.field(field.name, json: field.json) }
        }
        return writer.bytes
    }

    private static func generate(_ text: String, _ boundary: Int, _ generated: Int, _ options: WireOptions)
        -> ScoreExchange
    {
        var writer = JSONWriter(capacity: 512 + text.utf8.count)
        writer.object { json in
            json.field("text", text)
            json.object("sampling_params") { json in
                json.field("max_new_tokens", generated)
                json.field("temperature", 1)
            }
            json.field("return_logprob", true)
            json.field("logprob_start_len", 0)
            json.field("return_text_in_logprobs", true)
            json.field("stream", false)
        }
        return ScoreExchange(
            path: "/generate", isService: true, body: writer.bytes, text: text, boundary: boundary, isWhole: true,
            generated: [0])
    }
}
