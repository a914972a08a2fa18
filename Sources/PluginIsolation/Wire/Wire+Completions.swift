internal import Completions
internal import PluginHost

// What strategies see of completions and models. What they never see (how a completion was streamed, its model's work,
// who served it) stays with the host.

extension ChatMessage: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        let role: ChatRole =
            switch try reader.get(UInt8.self) {
            case 0: .system
            case 1: .user
            case 2: .assistant
            case let other: throw WireFault("\(other) is no role")
            }
        self.init(role: role, content: try reader.text())
    }

    func write(to writer: inout WireWriter) {
        let role: UInt8 =
            switch role {
            case .system: 0
            case .user: 1
            case .assistant: 2
            }
        writer.put(role)
        writer.text(content)
    }
}

extension TokenUsage: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            promptTokens: try reader.get(), cachedPromptTokens: try reader.get(), completionTokens: try reader.get(),
            reasoningTokens: try reader.get(), cancelledTokens: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(promptTokens)
        writer.put(cachedPromptTokens)
        writer.put(completionTokens)
        writer.put(reasoningTokens)
        writer.put(cancelledTokens)
    }
}

extension TokenAlternative: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(token: try reader.text(), logprob: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(token)
        writer.put(logprob)
    }
}

extension TokenLogprob: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(token: try reader.text(), logprob: try reader.get(), alternatives: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(token)
        writer.put(logprob)
        writer.put(alternatives)
    }
}

extension FinishReason: WireValue {
    private static let words: [FinishReason] = [.stop, .length, .cancelled, .filter, .other]

    init(from reader: inout WireReader) throws(WireFault) {
        let place = Int(try reader.get(UInt8.self))
        guard Self.words.indices.contains(place) else { throw WireFault("\(place) is no end of a completion") }
        self = Self.words[place]
    }

    func write(to writer: inout WireWriter) { writer.put(UInt8(Self.words.firstIndex(of: self) ?? 4)) }
}

extension Completion: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            text: try reader.text(), reasoning: try reader.get(), finish: try reader.get(), usage: try reader.get(),
            isUsageEstimated: try reader.get(), seconds: try reader.get(), firstTokenSeconds: try reader.get(),
            tokens: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(text)
        writer.put(reasoning)
        writer.put(finish)
        writer.put(usage)
        writer.put(isUsageEstimated)
        writer.put(seconds)
        writer.put(firstTokenSeconds)
        writer.put(tokens)
    }
}

extension ModelFailure: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        let word = try reader.text()
        guard let kind = Kind(rawValue: word) else { throw WireFault("no failure of a model is called so") }
        self.init(
            kind: kind, message: try reader.text(), isRetryable: try reader.get(), spent: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(kind.rawValue)
        writer.text(message)
        writer.put(isRetryable)
        writer.put(spent)
    }
}

extension EndpointCapabilities: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            stream: try reader.get(), topLogprobs: try reader.get(), prefix: try reader.get(),
            multipleChoices: try reader.get(), seed: try reader.get(), cancel: try reader.get(),
            sendsReasoningApart: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(stream)
        writer.put(topLogprobs)
        writer.put(prefix)
        writer.put(multipleChoices)
        writer.put(seed)
        writer.put(cancel)
        writer.put(sendsReasoningApart)
    }
}

extension SamplingParameters: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            temperature: try reader.get(), topP: try reader.get(), topK: try reader.get(), minP: try reader.get(),
            maxTokens: try reader.get(), stop: try reader.get(), topLogprobs: try reader.get(),
            jsonSchema: try reader.get(), seed: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(temperature)
        writer.put(topP)
        writer.put(topK)
        writer.put(minP)
        writer.put(maxTokens)
        writer.put(stop)
        writer.put(topLogprobs)
        writer.put(jsonSchema)
        writer.put(seed)
    }
}
