import NIOCore

/// A request with its choices: all that the bodies and events are written from.
struct Answer {
    let request: GenerationRequest
    let choices: [Generation]
    /// Unique to the request, after `chatcmpl-`.
    let id: UInt64
    let created: Int
    /// What the prompt is counted as.
    let promptTokens: Int
    /// The field of a message that thoughts come in.
    var reasoningField: StaticString?

    /// Tokens of all choices together.
    var tokens: Int { choices.reduce(0) { $0 + $1.tokens } }

    /// `,"created":…,"id":…,"model":…,"system_fingerprint":…,"object":…` as llama.cpp ends every body and event.
    func writeTrailer(object: StaticString, to out: inout ByteBuffer) {
        out.writeStaticString(",\"created\":")
        out.writeNumber(created)
        out.writeStaticString(",\"id\":\"chatcmpl-")
        out.writeString(String(id, radix: 36))
        out.writeStaticString("\",\"model\":")
        out.writeQuoted(request.model)
        out.writeStaticString(",\"system_fingerprint\":\"mock-1\",\"object\":\"")
        out.writeStaticString(object)
        out.writeStaticString("\"")
    }

    /// Usage of one choice; as llama.cpp, never of several together.
    func writeUsage(of choice: Generation, to out: inout ByteBuffer) {
        out.writeStaticString(",\"usage\":{\"completion_tokens\":")
        out.writeNumber(choice.tokens)
        out.writeStaticString(",\"prompt_tokens\":")
        out.writeNumber(promptTokens)
        out.writeStaticString(",\"total_tokens\":")
        out.writeNumber(choice.tokens + promptTokens)
        out.writeStaticString(",\"prompt_tokens_details\":{\"cached_tokens\":0}}")
    }

    /// llama.cpp's own; times are constant, so that one request always has one answer.
    func writeTimings(of choice: Generation, to out: inout ByteBuffer) {
        out.writeStaticString(",\"timings\":{\"cache_n\":0,\"prompt_n\":")
        out.writeNumber(promptTokens)
        out.writeStaticString(",\"prompt_ms\":0.001,\"predicted_n\":")
        out.writeNumber(choice.tokens)
        out.writeStaticString(",\"predicted_ms\":0.001}")
    }

    static func name(of finish: Generation.Finish) -> StaticString {
        switch finish {
        case .stop: "\"stop\""
        case .length: "\"length\""
        }
    }
}
