import CEvalhPlugin

/// An event breaks the ABI, or arrives when it cannot.
struct EventFault: Error {
    var message: String
}

extension Session {
    /// Takes one event, START aside. Events of requests that are closed and types that this version does not know are
    /// skipped.
    func receive(_ event: UnsafePointer<evalh_event>) throws {
        switch Int32(event.pointee.type) {
        case EVALH_EVENT_DELTA:
            receive(try read(event, as: evalh_event_delta.self, grownBy: evalh_str.self))
        case EVALH_EVENT_DONE:
            receive(try read(event, as: evalh_event_done.self, grownBy: evalh_str.self))
        case EVALH_EVENT_REQUEST_FAILED: receive(try read(event, as: evalh_event_failed.self))
        case EVALH_EVENT_CANCELLED: receive(try read(event, as: evalh_event_cancelled.self))
        case EVALH_EVENT_TIMER:
            let id = try read(event, as: evalh_event_timer.self).timer
            if let timer = timers.first(where: { $0.id == id }) { closeTimer(timer, nil) }
        case EVALH_EVENT_RESULT:
            let result = try read(event, as: evalh_event_result.self)
            if let request = openRequest(result.request) { close(request, .result(try ServiceResult(result))) }
        case EVALH_EVENT_BUDGET: isBudgetLow = true
        case EVALH_EVENT_REJECTED: receive(try read(event, as: evalh_event_rejected.self))
        case EVALH_EVENT_STOP: stop(SessionStopped(reason: String(try read(event, as: evalh_event_stop.self).reason)))
        default: break
        }
    }

    /// The event as its own type, if it is as long as that type was in version 1.0.
    func read<Event: BitwiseCopyable>(_ event: UnsafePointer<evalh_event>, as type: Event.Type) throws -> Event {
        try check(event, isAtLeast: MemoryLayout<Event>.size)
        return UnsafeRawPointer(event).assumingMemoryBound(to: type).pointee
    }

    /// The same of a type that has grown: what an older host did not send is zero.
    /// - Parameter added: the type of what was put behind the members of version 1.0.
    private func read<Event: BitwiseCopyable, Added: BitwiseCopyable>(
        _ event: UnsafePointer<evalh_event>, as type: Event.Type, grownBy added: Added.Type
    ) throws -> Event {
        let size = MemoryLayout<Event>.size
        try check(event, isAtLeast: size - MemoryLayout<Added>.size)
        return withUnsafeTemporaryAllocation(of: Event.self, capacity: 1) { room in
            let bytes = UnsafeMutableRawBufferPointer(room)
            _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
            let told = min(size, Int(event.pointee.struct_size))
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: event, count: told))
            return room[0]
        }
    }

    private func check(_ event: UnsafePointer<evalh_event>, isAtLeast size: Int) throws {
        guard event.pointee.struct_size >= UInt32(size) else {
            throw EventFault(message: "the host's event of type \(event.pointee.type) is shorter than version 1.0's")
        }
    }

    private func receive(_ event: evalh_event_delta) {
        guard let request = openRequest(event.request), request.isStream, event.choice == 0 else { return }
        let tokens = [Token].copying(
            event.tokens, count: event.logprob_count, alternatives: event.alternatives, total: event.alternative_total)
        let text = String(event.text)
        let reasoning = String(event.reasoning)
        let count = event.token_count == 0 ? nil : Int(event.token_count)
        request.text += text
        request.reasoning += reasoning
        request.tokens += tokens
        request.chunks.append(Chunk(text: text, tokens: tokens, tokenCount: count, reasoning: reasoning))
        request.signal()
    }

    private func receive(_ event: evalh_event_done) {
        guard let request = openRequest(event.request) else { return }
        request.choices.append(Choice(event))
        if event.header.flags & UInt16(EVALH_DONE_LAST) != 0 { close(request, .complete) }
    }

    private func receive(_ event: evalh_event_failed) {
        guard let request = openRequest(event.request) else { return }
        let failure = RequestFailed.Failure(rawValue: event.failure) ?? .server
        close(
            request, .failed(RequestFailed(failure, isRetryable: event.retryable == 1, message: String(event.message))))
    }

    private func receive(_ event: evalh_event_cancelled) {
        guard let request = openRequest(event.request) else { return }
        let isEstimated = event.header.flags & UInt16(EVALH_CANCELLED_ESTIMATED) != 0
        close(request, .cancelled(tokensReceived: Int(event.tokens_received), isEstimated: isEstimated))
    }

    /// What was refused is told by the action's number; the refusal of a note or of a cancel that came too late matters
    /// to nobody.
    private func receive(_ event: evalh_event_rejected) {
        let error = Rejected(Rejected.Reason(rawValue: event.reason) ?? .unsupported, message: String(event.message))
        if let request = openRequests.first(where: {
            $0.submitSeq == event.action_seq || $0.cancelSeq == event.action_seq
        }) {
            close(request, .rejected(error))
        } else if let timer = timers.first(where: { $0.seq == event.action_seq }) {
            closeTimer(timer, error)
        }
    }
}
