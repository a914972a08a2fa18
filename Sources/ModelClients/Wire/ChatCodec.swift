internal import Completions
internal import JSON

/// Requests of OpenAI's chat completions.
enum ChatCodec {
    static func encode(_ wire: WireRequest, _ options: WireOptions) -> [UInt8] {
        let sampling = wire.request.sampling
        var writer = JSONWriter(capacity: 512 + wire.request.messages.reduce(0) { $0 + $1.content.utf8.count })
        writer.object { json in
            json.field("model", options.model)
            json.array("messages") { json in
                for message in messages(wire.request) {
                    json.object { json in
                        json.field("role", message.role.rawValue)
                        json.field("content", message.content)
                    }
                }
            }
            json.field(options.usesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens", sampling.maxTokens)
            SamplingFields.write(wire, options, to: &json)
            if let alternatives = sampling.topLogprobs {
                json.field("logprobs", true)
                // With 0 llama.cpp sends none at all, not even the sampled token's.
                json.field("top_logprobs", max(1, alternatives))
            }
            if let schema = sampling.jsonSchema {
                json.object("response_format") { json in
                    json.field("type", "json_schema")
                    json.object("json_schema") { json in
                        json.field("name", "answer")
                        json.field("strict", true)
                        json.field("schema", json: schema)
                    }
                }
            }
            if options.sendsContinueFlags, !trailingAssistant(wire.request).isEmpty {
                json.field("add_generation_prompt", false)
                json.field("continue_final_message", true)
            }
            for field in options.body { json.field(field.name, json: field.json) }
        }
        return writer.bytes
    }

    /// The messages as sent: the prefix is the beginning of a last message of the assistant. Two such messages in a row
    /// are refused by servers, so they are joined.
    static func messages(_ request: CompletionRequest) -> [ChatMessage] {
        guard !request.prefix.isEmpty else { return request.messages }
        var messages = request.messages
        if let last = messages.last, last.role == .assistant {
            messages[messages.count - 1].content += request.prefix
        } else {
            messages.append(ChatMessage(role: .assistant, content: request.prefix))
        }
        return messages
    }

    /// The text which the model goes on from.
    static func trailingAssistant(_ request: CompletionRequest) -> String {
        guard let last = request.messages.last, last.role == .assistant else { return request.prefix }
        return last.content + request.prefix
    }
}

/// Fields that chat and completions have in common.
enum SamplingFields {
    static func write(_ wire: WireRequest, _ options: WireOptions, to json: inout JSONWriter) {
        let sampling = wire.request.sampling
        json.field("temperature", sampling.temperature)
        json.field("top_p", sampling.topP)
        switch options.extraSampling {
        case .always: writeExtra(sampling, to: &json)
        case .ifUsed: if sampling.topK != 0 || sampling.minP != 0 { writeExtra(sampling, to: &json) }
        case .never: break
        }
        if options.isLlama {
            // A model file may carry its own defaults for these.
            json.field("repeat_penalty", 1)
            json.field("presence_penalty", 0)
            json.field("frequency_penalty", 0)
            json.field("cache_prompt", true)
        }
        if let inside = options.inside { write(inside, to: &json) }
        json.field("seed", wire.wireSeed)
        json.field("n", wire.count)
        if !sampling.stop.isEmpty {
            json.array("stop") { json in for stop in sampling.stop { json.add(stop) } }
        }
        json.field("stream", wire.isStream)
        if wire.isStream {
            json.object("stream_options") { $0.field("include_usage", true) }
            // Counts with every event, so that a cancelled stream is counted exactly.
            if options.isLlama { json.field("timings_per_token", true) }
        }
    }

    private static func write(_ inside: ModelInside, to json: inout JSONWriter) {
        json.object("evalh") { json in
            if let exit = inside.exit {
                json.object("exit") { json in
                    json.field("policy", exit.policy)
                    if let threshold = exit.threshold { json.field("threshold", threshold) }
                    if let layer = exit.layer { json.field("layer", layer) }
                }
            }
            if let speculative = inside.speculative {
                json.object("speculative") { json in
                    json.field("policy", speculative.policy)
                    if let length = speculative.length { json.field("length", length) }
                    if let threshold = speculative.threshold { json.field("threshold", threshold) }
                }
            }
        }
    }

    private static func writeExtra(_ sampling: SamplingParameters, to json: inout JSONWriter) {
        json.field("top_k", sampling.topK)
        json.field("min_p", sampling.minP)
    }
}
