import CEvalhPlugin
public import EvalhPluginKit

/// An action as a plugin pushed it.
public struct ScriptedAction: Hashable, Sendable {
    /// What it asks for.
    public enum Body: Hashable, Sendable {
        /// SUBMIT or FORK.
        case ask(ScriptedRequest)
        /// CALL of a service, with its payload.
        case call(request: UInt64, service: String, payload: JSONValue)
        /// CANCEL.
        case cancel(request: UInt64)
        /// SET_TIMER, with the timer's number and its logical time in nanoseconds.
        case setTimer(UInt64, time: Int64)
        /// EMIT of a candidate.
        case emit(String, weight: Double, evidence: String)
        /// NOTE, debug lines among them.
        case note(key: String, value: String)
        /// NUMBER.
        case number(String, Double)
        /// FINISH.
        case finish(Answer, isError: Bool)
        /// ADOPT of a peer, by its index.
        case adopt(peer: Int)
        /// One that this version does not know.
        case unknown(type: UInt16)
    }

    /// The plugin's number of it, from 1.
    public var seq: UInt64
    /// What it asks for.
    public var body: Body

    init(_ action: UnsafePointer<evalh_action>) {
        seq = action.pointee.seq
        let raw = UnsafeRawPointer(action)
        switch Int32(action.pointee.type) {
        case EVALH_ACTION_SUBMIT: body = .ask(ScriptedRequest(raw.load(as: evalh_action_submit.self)))
        case EVALH_ACTION_FORK: body = .ask(ScriptedRequest(raw.load(as: evalh_action_fork.self)))
        case EVALH_ACTION_CALL:
            let call = raw.load(as: evalh_action_call.self)
            body = .call(
                request: call.request, service: String(call.service),
                payload: (try? JSONValue(parsing: String(call.payload))) ?? .null)
        case EVALH_ACTION_NUMBER:
            let number = raw.load(as: evalh_action_number.self)
            body = .number(String(number.name), number.value)
        case EVALH_ACTION_CANCEL: body = .cancel(request: raw.load(as: evalh_action_cancel.self).request)
        case EVALH_ACTION_SET_TIMER:
            let timer = raw.load(as: evalh_action_timer.self)
            body = .setTimer(timer.timer, time: timer.time_ns)
        case EVALH_ACTION_EMIT:
            let emit = raw.load(as: evalh_action_emit.self)
            body = .emit(String(emit.candidate), weight: emit.weight, evidence: String(emit.evidence))
        case EVALH_ACTION_NOTE:
            let note = raw.load(as: evalh_action_note.self)
            body = .note(key: String(note.key), value: String(note.value))
        case EVALH_ACTION_FINISH:
            let finish = raw.load(as: evalh_action_finish.self)
            let flags = Int32(finish.header.flags)
            let kind: Answer.Kind =
                flags & (EVALH_ANSWER_NONE | EVALH_ANSWER_ERROR) != 0
                ? .none : flags & EVALH_ANSWER_UNFINISHED != 0 ? .unfinished : .answered
            body = .finish(
                Answer(
                    String(finish.answer), kind: kind, confidence: finish.confidence.present,
                    reason: String(finish.reason)),
                isError: flags & EVALH_ANSWER_ERROR != 0)
        case EVALH_ACTION_ADOPT: body = .adopt(peer: Int(clamping: raw.load(as: evalh_action_adopt.self).peer))
        default: body = .unknown(type: action.pointee.type)
        }
    }
}

/// What a strategy asks of a model.
public struct ScriptedRequest: Hashable, Sendable {
    /// Where a fork branches off.
    public struct Branch: Hashable, Sendable {
        /// The request it branches off from.
        public var parent: UInt64
        /// Which of the parent's choices.
        public var choice: Int
        /// UTF-8 bytes of the parent's text that are kept.
        public var offset: Int
        /// Text put behind the bytes that are kept.
        public var append: String
    }

    /// From 1, in the order of asking.
    public var id: UInt64
    /// A role; empty: the arm's own.
    public var model = ""
    /// `nil`: the item's prompt.
    public var messages: [Message]?
    /// Assistant text that the completions continue; empty: none.
    public var prefix = ""
    /// `nil`: the suite's, or for a fork the parent's.
    public var sampling: Sampling?
    /// How many completions are asked for.
    public var n = 1
    /// Whether chunks are wanted.
    public var isStream = false
    /// Higher first, among the session's requests.
    public var priority = 0
    /// Set for a fork.
    public var branch: Branch?

    init(_ submit: evalh_action_submit) {
        id = submit.request
        model = String(submit.model)
        if submit.messages != nil {
            messages = Array(copying: submit.messages, count: submit.message_count) { Message($0.pointee) }
        }
        prefix = String(submit.prefix)
        sampling = submit.sampling.map { Sampling($0.pointee) }
        n = Int(submit.n)
        isStream = submit.header.flags & UInt16(EVALH_SUBMIT_STREAM) != 0
        priority = Int(submit.priority)
    }

    init(_ fork: evalh_action_fork) {
        id = fork.request
        sampling = fork.sampling.map { Sampling($0.pointee) }
        n = Int(fork.n)
        isStream = fork.header.flags & UInt16(EVALH_SUBMIT_STREAM) != 0
        priority = Int(fork.priority)
        branch = Branch(
            parent: fork.parent, choice: Int(fork.parent_choice), offset: Int(clamping: fork.offset),
            append: String(fork.append))
    }
}
