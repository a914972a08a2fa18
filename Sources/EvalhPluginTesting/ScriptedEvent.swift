import CEvalhPlugin
public import EvalhPluginKit

/// An event as a test writes it.
public enum ScriptedEvent: Hashable, Sendable {
    /// With the session's item, models and parameters.
    case start
    /// DELTA: more of a streamed completion.
    case chunk(request: UInt64, Chunk)
    /// The choice names its request.
    case done(Choice, isLast: Bool = true)
    /// RESULT of a call.
    case result(request: UInt64, ServiceResult)
    /// REQUEST_FAILED.
    case failed(request: UInt64, RequestFailed)
    /// CANCELLED, with the tokens received.
    case cancelled(request: UInt64, tokens: Int)
    /// TIMER, by the number that SET_TIMER gave.
    case timer(UInt64)
    /// BUDGET: little is left.
    case budgetLow
    /// The action with this number was not carried out.
    case rejected(action: UInt64, request: UInt64 = 0, Rejected)
    /// STOP: the session must finish in this step.
    case stop(reason: String)
    /// One that this version does not know.
    case unknown(type: UInt16)

    /// The event in the ABI's form. START is made by the session that knows what it contains.
    func wire(seq: UInt64, time: Int64, in arena: inout Arena) -> UnsafePointer<evalh_event> {
        let header = EventHeader(seq: seq, time: time)
        switch self {
        case .start: return arena.event(header.of(EVALH_EVENT_START, evalh_event.self))
        case .chunk(let request, let chunk): return arena.event(chunk.wire(of: request, header, in: &arena))
        case .done(let choice, let isLast): return arena.event(choice.wire(isLast: isLast, header, in: &arena))
        case .result(let request, let result): return arena.event(result.wire(of: request, header, in: &arena))
        case .failed(let request, let error): return arena.event(error.wire(of: request, header, in: &arena))
        case .cancelled(let request, let tokens):
            var event = evalh_event_cancelled()
            event.header = header.of(EVALH_EVENT_CANCELLED, evalh_event_cancelled.self)
            event.request = request
            event.tokens_received = Int64(tokens)
            return arena.event(event)
        case .timer(let timer):
            return arena.event(
                evalh_event_timer(header: header.of(EVALH_EVENT_TIMER, evalh_event_timer.self), timer: timer))
        case .budgetLow:
            var event = evalh_event_budget()
            event.header = header.of(EVALH_EVENT_BUDGET, evalh_event_budget.self)
            var remaining = evalh_budget()
            remaining.struct_size = UInt32(MemoryLayout<evalh_budget>.size)
            event.remaining = arena.pointer(to: remaining)
            return arena.event(event)
        case .rejected(let action, let request, let error):
            return arena.event(error.wire(of: action, request, header, in: &arena))
        case .stop(let reason):
            return arena.event(
                evalh_event_stop(header: header.of(EVALH_EVENT_STOP, evalh_event_stop.self), reason: arena.text(reason))
            )
        case .unknown(let type): return arena.event(header.of(Int32(type), evalh_event.self))
        }
    }
}

/// Number and logical time of an event that is about to be delivered.
private struct EventHeader {
    let seq: UInt64
    let time: Int64

    func of<Event>(_ type: Int32, _: Event.Type, flags: Int32 = 0) -> evalh_event {
        evalh_event(
            struct_size: UInt32(MemoryLayout<Event>.size), type: UInt16(type), flags: UInt16(flags), seq: seq,
            time_ns: time)
    }
}

extension Chunk {
    fileprivate func wire(of request: UInt64, _ header: EventHeader, in arena: inout Arena) -> evalh_event_delta {
        var event = evalh_event_delta()
        event.header = header.of(EVALH_EVENT_DELTA, evalh_event_delta.self)
        event.request = request
        event.token_count = UInt32(clamping: tokenCount ?? 0)
        event.text = arena.text(text)
        event.reasoning = arena.text(reasoning)
        let wire = arena.tokens(tokens)
        (event.tokens, event.logprob_count) = (wire.tokens, wire.count)
        (event.alternatives, event.alternative_total) = (wire.alternatives, wire.total)
        return event
    }
}

extension Choice {
    fileprivate func wire(isLast: Bool, _ header: EventHeader, in arena: inout Arena) -> evalh_event_done {
        var event = evalh_event_done()
        event.header = header.of(EVALH_EVENT_DONE, evalh_event_done.self, flags: isLast ? EVALH_DONE_LAST : 0)
        event.request = request.number
        event.choice = UInt32(clamping: index)
        event.finish = finish.rawValue
        event.text = arena.text(text)
        event.reasoning = arena.text(reasoning)
        event.usage = usage.wire
        event.seconds = seconds
        event.first_token_seconds = firstTokenSeconds.orNaN
        let wire = arena.tokens(tokens)
        (event.tokens, event.logprob_count) = (wire.tokens, wire.count)
        (event.alternatives, event.alternative_total) = (wire.alternatives, wire.total)
        return event
    }
}

extension ServiceResult {
    fileprivate func wire(of request: UInt64, _ header: EventHeader, in arena: inout Arena) -> evalh_event_result {
        var event = evalh_event_result()
        event.header = header.of(
            EVALH_EVENT_RESULT, evalh_event_result.self, flags: isError ? EVALH_RESULT_ERROR : 0)
        event.request = request
        event.result = arena.text(value.text)
        event.usage = usage.wire
        event.seconds = seconds
        return event
    }
}

extension RequestFailed {
    fileprivate func wire(of request: UInt64, _ header: EventHeader, in arena: inout Arena) -> evalh_event_failed {
        var event = evalh_event_failed()
        event.header = header.of(EVALH_EVENT_REQUEST_FAILED, evalh_event_failed.self)
        event.request = request
        event.failure = failure.rawValue
        event.retryable = isRetryable ? 1 : 0
        event.message = arena.text(message)
        return event
    }
}

extension Rejected {
    fileprivate func wire(of action: UInt64, _ request: UInt64, _ header: EventHeader, in arena: inout Arena)
        -> evalh_event_rejected
    {
        var event = evalh_event_rejected()
        event.header = header.of(EVALH_EVENT_REJECTED, evalh_event_rejected.self)
        event.action_seq = action
        event.request = request
        event.reason = reason.rawValue
        event.message = arena.text(message)
        return event
    }
}

extension Arena {
    /// An event's address by its header, which is its first member.
    mutating func event<Event: BitwiseCopyable>(_ event: Event) -> UnsafePointer<evalh_event> {
        UnsafeRawPointer(pointer(to: event)).assumingMemoryBound(to: evalh_event.self)
    }

    mutating func tokens(_ tokens: [Token]) -> (
        tokens: UnsafePointer<evalh_logprob>?, count: UInt64, alternatives: UnsafePointer<evalh_logprob>?, total: UInt64
    ) {
        var sampled: [evalh_logprob] = []
        var others: [evalh_logprob] = []
        for token in tokens {
            let count = UInt32(clamping: token.alternatives.count)
            sampled.append(
                evalh_logprob(token: text(token.text), logprob: token.logprob, alternative_count: count, reserved: 0))
            for other in token.alternatives {
                others.append(
                    evalh_logprob(token: text(other.text), logprob: other.logprob, alternative_count: 0, reserved: 0))
            }
        }
        return (array(sampled), UInt64(sampled.count), array(others), UInt64(others.count))
    }
}
