internal import CEvalhPlugin
internal import Completions

/// Copies one action out of a plugin's memory and checks its ranges.
///
/// Members beyond the plugin's `struct_size` keep the defaults given here, so that actions built against an older
/// header mean what they meant then.
struct ActionDecoder {
    let action: UnsafeRawPointer
    let header: evalh_action
    /// Of a note; the suite's setting is at most this.
    static let maximumNoteBytes = 1 << 20

    /// Bytes of text this step may still hand over.
    var textBudget: Int

    enum Outcome {
        case body(SessionAction.Body)
        /// `struct_size` does not reach over what the type cannot do without.
        case malformed
    }

    /// Why an action cannot be carried out; becomes `SessionAction.Body.invalid`.
    struct Invalid: Error {
        var message: String
        init(_ message: String) { self.message = message }
    }

    /// `nil` if the header does not even cover itself.
    init?(_ action: UnsafePointer<evalh_action>, textBudget: Int) {
        self.action = UnsafeRawPointer(action)
        header = self.action.loadUnaligned(as: evalh_action.self)
        guard Int(header.struct_size) >= MemoryLayout<evalh_action>.size, header.struct_size <= 65_536 else {
            return nil
        }
        self.textBudget = textBudget
    }

    mutating func decode() throws(Invalid) -> Outcome {
        switch Int32(header.type) {
        case EVALH_ACTION_SUBMIT: try submit()
        case EVALH_ACTION_FORK: try fork()
        case EVALH_ACTION_CANCEL: try cancel()
        case EVALH_ACTION_SET_TIMER: setTimer()
        case EVALH_ACTION_EMIT: try emit()
        case EVALH_ACTION_NOTE: note()
        case EVALH_ACTION_FINISH: try finish()
        case EVALH_ACTION_ADOPT: try adopt()
        case EVALH_ACTION_CALL: try call()
        case EVALH_ACTION_NUMBER: try number()
        default: .body(.unsupported(type: header.type, request: 0))
        }
    }

    /// The request an action is about: the first member after the header, where the type has one; else 0.
    var request: UInt64 {
        let about: Set<Int32> = [EVALH_ACTION_SUBMIT, EVALH_ACTION_FORK, EVALH_ACTION_CANCEL, EVALH_ACTION_CALL]
        guard about.contains(Int32(header.type)), header.struct_size >= 24 else { return 0 }
        return action.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    }

    private var size: Int { Int(header.struct_size) }
    private func flag(_ bit: Int32) -> Bool { Int32(header.flags) & bit != 0 }

    private mutating func submit() throws(Invalid) -> Outcome {
        guard size >= 24 else { return .malformed }
        var defaults = evalh_action_submit()
        defaults.n = 1
        let value = load(defaults)
        guard value.request != 0 else { throw Invalid("request 0: request ids start at 1") }
        let messages = try copyMessages(value.messages, count: value.message_count)
        return .body(
            .submit(
                SubmitAction(
                    request: value.request, role: try text(value.model), messages: messages,
                    prefix: try text(value.prefix),
                    sampling: try sampling(value.sampling) ?? SamplingOverrides(), n: try count(value.n),
                    stream: flag(EVALH_SUBMIT_STREAM), priority: Int(value.priority))))
    }

    private mutating func fork() throws(Invalid) -> Outcome {
        guard size >= 32 else { return .malformed }
        var defaults = evalh_action_fork()
        defaults.n = 1
        let value = load(defaults)
        guard value.request != 0 else { throw Invalid("request 0: request ids start at 1") }
        guard value.offset <= UInt64(BorrowedText.maximumBytes) else {
            throw Invalid("offset \(value.offset) is beyond every text")
        }
        return .body(
            .fork(
                ForkAction(
                    request: value.request, parent: value.parent, parentChoice: Int(value.parent_choice),
                    offset: Int(value.offset),
                    append: try text(value.append), sampling: try sampling(value.sampling), n: try count(value.n),
                    stream: flag(EVALH_SUBMIT_STREAM), priority: Int(value.priority))))
    }

    private func cancel() throws(Invalid) -> Outcome {
        guard size >= 24 else { return .malformed }
        guard request != 0 else { throw Invalid("request 0: request ids start at 1") }
        return .body(.cancel(request: request))
    }

    private func setTimer() -> Outcome {
        guard size >= MemoryLayout<evalh_action_timer>.size else { return .malformed }
        let value = load(evalh_action_timer())
        return .body(.setTimer(id: value.timer, timeNanoseconds: max(0, value.time_ns)))
    }

    private mutating func emit() throws(Invalid) -> Outcome {
        guard size >= 40 else { return .malformed }
        let value = load(evalh_action_emit())
        guard value.weight.isFinite else { throw Invalid("a candidate's weight must be a finite number") }
        return .body(
            .emit(
                candidate: try text(value.candidate), weight: value.weight,
                evidence: BorrowedText.prefix(value.evidence, maximumBytes: 4096)))
    }

    private func note() -> Outcome {
        guard size >= MemoryLayout<evalh_action_note>.size else { return .malformed }
        let value = load(evalh_action_note())
        return .body(
            .note(
                key: BorrowedText.prefix(value.key, maximumBytes: 256),
                value: BorrowedText.prefix(value.value, maximumBytes: Self.maximumNoteBytes),
                isDebug: flag(EVALH_NOTE_DEBUG)))
    }

    private mutating func call() throws(Invalid) -> Outcome {
        guard size >= 56 else { return .malformed }
        let value = load(evalh_action_call())
        guard value.request != 0 else { throw Invalid("request 0: request ids start at 1") }
        return .body(
            .call(
                CallAction(
                    request: value.request, service: BorrowedText.prefix(value.service, maximumBytes: 256),
                    payload: try text(value.payload), priority: Int(value.priority))))
    }

    private mutating func number() throws(Invalid) -> Outcome {
        guard size >= MemoryLayout<evalh_action_number>.size else { return .malformed }
        let value = load(evalh_action_number())
        let name = BorrowedText.prefix(value.name, maximumBytes: 256)
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isWordByte) else {
            throw Invalid("NUMBER: a name is 1 to 64 letters, digits, _ and -")
        }
        guard value.value.isFinite else { throw Invalid("NUMBER: \(name) is not finite") }
        return .body(.number(name: name, value: value.value))
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func finish() throws(Invalid) -> Outcome {
        guard size >= 32 else { return .malformed }
        var defaults = evalh_action_finish()
        defaults.confidence = .nan
        let value = load(defaults)
        guard value.confidence.isNaN || (0...1).contains(value.confidence) else {
            throw Invalid("FINISH: confidence \(value.confidence) is not within [0, 1]; NaN claims none")
        }
        let kind: FinishAction.Kind =
            if flag(EVALH_ANSWER_ERROR) {
                .error
            } else if flag(EVALH_ANSWER_NONE) {
                .noAnswer
            } else {
                flag(EVALH_ANSWER_UNFINISHED) ? .unfinished : .answered
            }
        return .body(
            .finish(
                FinishAction(
                    kind: kind, answer: try text(value.answer),
                    confidence: value.confidence.isNaN ? nil : value.confidence,
                    reason: BorrowedText.prefix(value.reason, maximumBytes: 4096))))
    }

    private func adopt() throws(Invalid) -> Outcome {
        guard size >= MemoryLayout<evalh_action_adopt>.size else { return .malformed }
        guard let peer = Int(exactly: load(evalh_action_adopt()).peer) else {
            throw Invalid("no peer has so high an index")
        }
        return .body(.adopt(peer: peer))
    }

    private func count(_ n: UInt32) throws(Invalid) -> Int {
        guard (1...1024).contains(n) else { throw Invalid("n is \(n); it must be from 1 to 1,024") }
        return Int(n)
    }

    /// The action's struct, as far as the plugin's header knew it, over `defaults`.
    private func load<T: BitwiseCopyable>(_ defaults: T) -> T {
        Self.load(action, size: size, defaults)
    }
}

extension ActionDecoder {
    static func load<T: BitwiseCopyable>(_ source: UnsafeRawPointer, size: Int, _ defaults: T) -> T {
        var value = defaults
        withUnsafeMutableBytes(of: &value) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(start: source, count: min(size, target.count)))
        }
        return value
    }

    /// A text of at most 16 MiB, within what all texts of a step may have.
    mutating func text(_ text: evalh_str) throws(Invalid) -> String {
        let copy: String
        do { copy = try BorrowedText.copy(text, maximumBytes: min(textBudget, BorrowedText.maximumBytes)) } catch {
            throw Invalid(text.len > UInt64(BorrowedText.maximumBytes) ? error.message : textFault(error))
        }
        textBudget -= Int(text.len)
        return copy
    }

    private func textFault(_ fault: BorrowedText.Fault) -> String {
        fault == .tooLong ? "the texts of one step are longer than 64 MiB together" : fault.message
    }
}
