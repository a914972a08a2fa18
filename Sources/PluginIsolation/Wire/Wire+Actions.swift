internal import Completions
internal import PluginHost

// What a strategy asks for comes from a process that a plugin may have taken over, so that its ranges are checked
// again, as `ActionDecoder` did on the other side: a value out of range is no action, but the end of that process.

extension SamplingOverrides: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            temperature: try reader.get(), topP: try reader.get(), topK: try reader.get(), minP: try reader.get(),
            maxTokens: try reader.get(), topLogprobs: try reader.get(), stop: try reader.list(String.self, most: 64),
            seed: try reader.get(), jsonSchema: try reader.get())
        let isSound =
            Self.isWithin(temperature) { $0 >= 0 && $0.isFinite } && Self.isWithin(topP) { $0 > 0 && $0 <= 1 }
            && Self.isWithin(minP) { $0 >= 0 && $0 <= 1 } && Self.isWithin(topK) { (0...Int(Int32.max)).contains($0) }
            && Self.isWithin(maxTokens) { (1...Int(Int32.max)).contains($0) }
            && Self.isWithin(topLogprobs) { (0...1024).contains($0) } && stop.allSatisfy { !$0.isEmpty }
            && Self.isWithin(seed) { $0 >= 0 }
        guard isSound else { throw WireFault("sampling out of range") }
    }

    private static func isWithin<T>(_ value: T?, _ test: (T) -> Bool) -> Bool { value.map(test) ?? true }

    func write(to writer: inout WireWriter) {
        writer.put(temperature)
        writer.put(topP)
        writer.put(topK)
        writer.put(minP)
        writer.put(maxTokens)
        writer.put(topLogprobs)
        writer.put(stop)
        writer.put(seed)
        writer.put(jsonSchema)
    }
}

extension SubmitAction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        let (request, role) = (try reader.get(UInt64.self), try reader.text())
        let messages = try reader.get(Bool.self) ? try reader.list(ChatMessage.self, most: 1024) : nil
        self.init(
            request: request, role: role, messages: messages, prefix: try reader.text(), sampling: try reader.get(),
            n: try reader.get(), stream: try reader.get(), priority: try reader.get())
        guard request != 0, (1...1024).contains(n), messages?.isEmpty != true else {
            throw WireFault("SUBMIT out of range")
        }
    }

    func write(to writer: inout WireWriter) {
        writer.put(request)
        writer.text(role)
        writer.put(messages)
        writer.text(prefix)
        writer.put(sampling)
        writer.put(n)
        writer.put(stream)
        writer.put(priority)
    }
}

extension ForkAction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            request: try reader.get(), parent: try reader.get(), parentChoice: try reader.get(),
            offset: try reader.get(), append: try reader.text(), sampling: try reader.get(), n: try reader.get(),
            stream: try reader.get(), priority: try reader.get())
        guard request != 0, (1...1024).contains(n), (0...Int(UInt32.max)).contains(parentChoice),
            (0...16 << 20).contains(offset)
        else { throw WireFault("FORK out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.put(request)
        writer.put(parent)
        writer.put(parentChoice)
        writer.put(offset)
        writer.text(append)
        writer.put(sampling)
        writer.put(n)
        writer.put(stream)
        writer.put(priority)
    }
}

extension CallAction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            request: try reader.get(), service: try reader.text(), payload: try reader.text(),
            priority: try reader.get())
        guard request != 0 else { throw WireFault("CALL out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.put(request)
        writer.text(service)
        writer.text(payload)
        writer.put(priority)
    }
}

extension FinishAction.Kind: WireValue {
    private static let kinds: [FinishAction.Kind] = [.answered, .unfinished, .noAnswer, .error]

    init(from reader: inout WireReader) throws(WireFault) {
        let place = Int(try reader.get(UInt8.self))
        guard Self.kinds.indices.contains(place) else { throw WireFault("\(place) is no kind of answer") }
        self = Self.kinds[place]
    }

    func write(to writer: inout WireWriter) { writer.put(UInt8(Self.kinds.firstIndex(of: self) ?? 3)) }
}

extension FinishAction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            kind: try reader.get(), answer: try reader.text(), confidence: try reader.get(), reason: try reader.text())
        guard confidence.map((0...1).contains) ?? true else { throw WireFault("FINISH out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.put(kind)
        writer.text(answer)
        writer.put(confidence)
        writer.text(reason)
    }
}

extension SessionAction: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(seq: try reader.get(), body: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(seq)
        writer.put(body)
    }
}

/// A new kind of action is a case here and a case in `write`, which the compiler asks for.
extension SessionAction.Body: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        switch try reader.get(UInt8.self) {
        case 0: self = .submit(try reader.get())
        case 1: self = .fork(try reader.get())
        case 2: self = .cancel(request: try reader.get())
        case 3:
            self = .setTimer(id: try reader.get(), timeNanoseconds: try reader.get())
            guard case .setTimer(_, 0...) = self else { throw WireFault("SET_TIMER out of range") }
        case 4:
            let (candidate, weight) = (try reader.text(), try reader.get(Double.self))
            guard weight.isFinite else { throw WireFault("EMIT out of range") }
            self = .emit(candidate: candidate, weight: weight, evidence: try reader.text())
        case 5: self = .note(key: try reader.text(), value: try reader.text(), isDebug: try reader.get())
        case 6: self = .finish(try reader.get())
        case 7: self = .adopt(peer: try reader.get())
        case 8: self = .unsupported(type: try reader.get(), request: try reader.get())
        case 9: self = .invalid(request: try reader.get(), message: try reader.text())
        case 10: self = .call(try reader.get())
        case 11:
            let (name, value) = (try reader.text(), try reader.get(Double.self))
            guard (1...64).contains(name.utf8.count), value.isFinite else { throw WireFault("NUMBER out of range") }
            self = .number(name: name, value: value)
        case let other: throw WireFault("\(other) is no action")
        }
    }

    func write(to writer: inout WireWriter) {
        switch self {
        case .submit(let submit):
            writer.put(UInt8(0))
            writer.put(submit)
        case .fork(let fork):
            writer.put(UInt8(1))
            writer.put(fork)
        case .cancel(let request):
            writer.put(UInt8(2))
            writer.put(request)
        case .setTimer(let id, let time):
            writer.put(UInt8(3))
            writer.put(id)
            writer.put(time)
        case .emit(let candidate, let weight, let evidence):
            writer.put(UInt8(4))
            writer.text(candidate)
            writer.put(weight)
            writer.text(evidence)
        case .note(let key, let value, let isDebug):
            writer.put(UInt8(5))
            writer.text(key)
            writer.text(value)
            writer.put(isDebug)
        case .finish(let finish):
            writer.put(UInt8(6))
            writer.put(finish)
        case .adopt(let peer):
            writer.put(UInt8(7))
            writer.put(peer)
        case .unsupported(let type, let request):
            writer.put(UInt8(8))
            writer.put(type)
            writer.put(request)
        case .invalid(let request, let message):
            writer.put(UInt8(9))
            writer.put(request)
            writer.text(message)
        case .call(let call):
            writer.put(UInt8(10))
            writer.put(call)
        case .number(let name, let value):
            writer.put(UInt8(11))
            writer.text(name)
            writer.put(value)
        }
    }
}
