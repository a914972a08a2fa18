internal import Completions
internal import PluginHost

extension SessionModel: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            role: try reader.text(), name: try reader.text(), capabilities: try reader.get(),
            sampling: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(role)
        writer.text(name)
        writer.put(capabilities)
        writer.put(sampling)
    }
}

extension SessionService: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(name: try reader.text(), kind: try reader.text(), descriptionJSON: try reader.text())
    }

    func write(to writer: inout WireWriter) {
        writer.text(name)
        writer.text(kind)
        writer.text(descriptionJSON)
    }
}

extension SessionStart: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            itemID: try reader.text(), input: try reader.text(), fieldsJSON: try reader.text(),
            messages: try reader.get(), parametersJSON: try reader.text(), seed: try reader.get(),
            models: try reader.get(), services: try reader.get(), repeatIndex: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(itemID)
        writer.text(input)
        writer.text(fieldsJSON)
        writer.put(messages)
        writer.text(parametersJSON)
        writer.put(seed)
        writer.put(models)
        writer.put(services)
        writer.put(repeatIndex)
    }
}

extension RemainingBudget: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(tokens: try reader.get(), usd: try reader.get(), seconds: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(tokens)
        writer.put(usd)
        writer.put(seconds)
    }
}

extension SessionEvent: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(seq: try reader.get(), timeNanoseconds: try reader.get(), body: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(seq)
        writer.put(timeNanoseconds)
        writer.put(body)
    }
}

/// A new kind of event is a case here and a case in `write`, which the compiler asks for, and its word in `name`.
extension SessionEvent.Body: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        switch try reader.get(UInt8.self) {
        case 0: self = .start(try reader.get())
        case 1:
            self = .delta(
                request: try reader.get(), choice: try reader.get(), text: try reader.text(),
                tokens: try reader.get(), tokenCount: try reader.get())
        case 2:
            self = .reasoning(
                request: try reader.get(), choice: try reader.get(), text: try reader.text(),
                tokens: try reader.get(), tokenCount: try reader.get())
        case 3:
            self = .done(
                request: try reader.get(), choice: try reader.get(), completion: try reader.get(),
                isLast: try reader.get())
        case 4: self = .failed(request: try reader.get(), try reader.get())
        case 5:
            self = .cancelled(
                request: try reader.get(), tokensReceived: try reader.get(), isEstimated: try reader.get())
        case 6: self = .timer(try reader.get())
        case 7: self = .budget(try reader.get())
        case 8:
            let (action, request) = (try reader.get(UInt64.self), try reader.get(UInt64.self))
            let word = try reader.get(UInt32.self)
            guard let reason = RejectionReason(rawValue: word) else { throw WireFault("\(word) is no reason") }
            self = .rejected(actionSeq: action, request: request, reason: reason, message: try reader.text())
        case 9: self = .stop(reason: try reader.text())
        case 10: self = .result(request: try reader.get(), try reader.get())
        case let other: throw WireFault("\(other) is no event")
        }
    }

    func write(to writer: inout WireWriter) {
        switch self {
        case .start(let start):
            writer.put(UInt8(0))
            writer.put(start)
        case .delta(let request, let choice, let text, let tokens, let tokenCount):
            writer.put(UInt8(1))
            Self.write(request, choice, text, tokens, tokenCount, to: &writer)
        case .reasoning(let request, let choice, let text, let tokens, let tokenCount):
            writer.put(UInt8(2))
            Self.write(request, choice, text, tokens, tokenCount, to: &writer)
        case .done(let request, let choice, let completion, let isLast):
            writer.put(UInt8(3))
            writer.put(request)
            writer.put(choice)
            writer.put(completion)
            writer.put(isLast)
        case .failed(let request, let failure):
            writer.put(UInt8(4))
            writer.put(request)
            writer.put(failure)
        case .cancelled(let request, let tokensReceived, let isEstimated):
            writer.put(UInt8(5))
            writer.put(request)
            writer.put(tokensReceived)
            writer.put(isEstimated)
        case .timer(let timer):
            writer.put(UInt8(6))
            writer.put(timer)
        case .budget(let remaining):
            writer.put(UInt8(7))
            writer.put(remaining)
        case .rejected(let action, let request, let reason, let message):
            writer.put(UInt8(8))
            writer.put(action)
            writer.put(request)
            writer.put(reason.rawValue)
            writer.text(message)
        case .stop(let reason):
            writer.put(UInt8(9))
            writer.text(reason)
        case .result(let request, let completion):
            writer.put(UInt8(10))
            writer.put(request)
            writer.put(completion)
        }
    }

    private static func write(
        _ request: UInt64, _ choice: Int, _ text: String, _ tokens: [TokenLogprob], _ tokenCount: Int,
        to writer: inout WireWriter
    ) {
        writer.put(request)
        writer.put(choice)
        writer.text(text)
        writer.put(tokens)
        writer.put(tokenCount)
    }

    /// The header's word, for messages.
    var name: String {
        switch self {
        case .start: "START"
        case .delta, .reasoning: "DELTA"
        case .done: "DONE"
        case .failed: "REQUEST_FAILED"
        case .cancelled: "CANCELLED"
        case .timer: "TIMER"
        case .budget: "BUDGET"
        case .rejected: "REJECTED"
        case .stop: "STOP"
        case .result: "RESULT"
        }
    }
}
