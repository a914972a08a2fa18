import NIOCore

/// Answers in one piece.
extension Answer {
    func body(allocator: ByteBufferAllocator) -> ByteBuffer {
        var out = allocator.buffer(capacity: 512 + choices.reduce(0) { $0 + $1.text.count + 64 })
        switch request.endpoint {
        case .chat: writeChat(to: &out)
        case .text: writeText(to: &out)
        case .native: writeNative(to: &out)
        }
        return out
    }

    private func writeChat(to out: inout ByteBuffer) {
        out.writeStaticString("{\"choices\":[")
        for (index, choice) in choices.enumerated() {
            out.writeStaticString(index == 0 ? "{\"finish_reason\":" : ",{\"finish_reason\":")
            out.writeStaticString(Self.name(of: choice.finish))
            out.writeStaticString(",\"index\":")
            out.writeNumber(index)
            out.writeStaticString(",\"message\":{\"role\":\"assistant\",")
            if choice.apart > 0, let field = reasoningField {
                out.writeStaticString(field)
                out.writeQuoted(choice.text.prefix(choice.apart))
                out.writeStaticString(",")
            }
            out.writeStaticString("\"content\":\"")
            out.writeEscaped(request.question.prefix)
            out.writeEscaped(choice.text.dropFirst(choice.apart))
            out.writeStaticString("\"}")
            if let alternatives = request.alternatives {
                out.writeStaticString(",\"logprobs\":{\"content\":")
                writeLogprobs(of: choice, pieces: 0..<choice.ends.count, alternatives: alternatives, to: &out)
                out.writeStaticString("}")
            }
            out.writeStaticString("}")
        }
        writeEnd(object: "chat.completion", to: &out)
    }

    private func writeText(to out: inout ByteBuffer) {
        out.writeStaticString("{\"choices\":[")
        for (index, choice) in choices.enumerated() {
            out.writeStaticString(index == 0 ? "{\"text\":" : ",{\"text\":")
            out.writeQuoted(choice.text)
            out.writeStaticString(",\"index\":")
            out.writeNumber(index)
            writeNullableLogprobs(of: choice, pieces: 0..<choice.ends.count, to: &out)
            out.writeStaticString(",\"finish_reason\":")
            out.writeStaticString(Self.name(of: choice.finish))
            out.writeStaticString("}")
        }
        writeEnd(object: "text_completion", to: &out)
    }

    private func writeEnd(object: StaticString, to out: inout ByteBuffer) {
        out.writeStaticString("]")
        writeTrailer(object: object, to: &out)
        if let first = choices.first {
            writeUsage(of: first, to: &out)
            writeTimings(of: first, to: &out)
        }
        out.writeStaticString("}")
    }

    private func writeNative(to out: inout ByteBuffer) {
        guard let choice = choices.first else { return }
        out.writeStaticString("{\"index\":0,\"content\":")
        out.writeQuoted(choice.text)
        writeNativeEnd(of: choice, to: &out)
        if let alternatives = request.alternatives {
            out.writeStaticString(",\"completion_probabilities\":")
            writeLogprobs(of: choice, pieces: 0..<choice.ends.count, alternatives: alternatives, to: &out)
        }
        out.writeStaticString("}")
    }

    func writeNullableLogprobs(of choice: Generation, pieces: Range<Int>, to out: inout ByteBuffer) {
        guard let alternatives = request.alternatives else {
            out.writeStaticString(",\"logprobs\":null")
            return
        }
        out.writeStaticString(",\"logprobs\":{\"content\":")
        writeLogprobs(of: choice, pieces: pieces, alternatives: alternatives, to: &out)
        out.writeStaticString("}")
    }

    /// What `/completion` says at the end, plain or streamed, from `tokens` to `timings`; the object is left open.
    func writeNativeEnd(of choice: Generation, to out: inout ByteBuffer) {
        out.writeStaticString(",\"tokens\":[],\"id_slot\":0,\"stop\":true,\"model\":\"mock\",\"tokens_predicted\":")
        out.writeNumber(choice.tokens)
        out.writeStaticString(",\"tokens_evaluated\":")
        out.writeNumber(request.question.words)
        out.writeStaticString(",\"has_new_line\":false,\"truncated\":false,\"stop_type\":")
        if choice.finish == .length {
            out.writeStaticString("\"limit\"")
        } else {
            out.writeStaticString(choice.stoppingWord == nil ? "\"eos\"" : "\"word\"")
        }
        out.writeStaticString(",\"stopping_word\":")
        out.writeQuoted(choice.stoppingWord ?? [])
        out.writeStaticString(",\"tokens_cached\":")
        out.writeNumber(request.question.words + choice.tokens)
        writeTimings(of: choice, to: &out)
    }
}
