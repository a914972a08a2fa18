internal import Completions
internal import JSON

/// Requests of OpenAI's completions, which take one plain prompt.
enum CompletionsCodec {
    static func encode(_ wire: WireRequest, _ options: WireOptions) throws(ModelFailure) -> [UInt8] {
        guard wire.request.sampling.jsonSchema == nil else {
            throw ModelFailure(
                kind: .unsupported, message: "this interface holds no text to a JSON Schema; chat completions may")
        }
        let prompt = try ChatFrames.prompt(wire.request, options.template)
        let sampling = wire.request.sampling
        var writer = JSONWriter(capacity: 512 + prompt.utf8.count)
        writer.object { json in
            json.field("model", options.model)
            json.field("prompt", prompt)
            json.field("max_tokens", sampling.maxTokens)
            SamplingFields.write(wire, options, to: &json)
            if let alternatives = sampling.topLogprobs { json.field("logprobs", max(1, alternatives)) }
            for field in options.body { json.field(field.name, json: field.json) }
        }
        return writer.bytes
    }
}
