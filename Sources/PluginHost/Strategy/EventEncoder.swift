internal import CEvalhPlugin
internal import Completions

/// Writes events in the header's form into an arena.
struct EventEncoder {
    let arena: StepArena

    func encode(_ event: SessionEvent) -> UnsafePointer<evalh_event> {
        switch event.body {
        case .start(let start):
            return put(startEvent(header(event, EVALH_EVENT_START, evalh_event_start.self), start))
        case .delta(let request, let choice, let text, let tokens, let tokenCount):
            return put(deltaEvent(event, request, choice, text: text, tokens: tokens, tokenCount: tokenCount))
        case .reasoning(let request, let choice, let text, let tokens, let tokenCount):
            return put(deltaEvent(event, request, choice, reasoning: text, tokens: tokens, tokenCount: tokenCount))
        case .done(let request, let choice, let completion, let isLast):
            return put(doneEvent(event, request: request, choice: choice, completion, isLast: isLast))
        case .result(let request, let completion):
            return put(resultEvent(event, request: request, completion))
        case .failed(let request, let failure):
            return put(
                evalh_event_failed(
                    header: header(event, EVALH_EVENT_REQUEST_FAILED, evalh_event_failed.self), request: request,
                    failure: Self.failure(failure.kind), retryable: failure.isRetryable ? 1 : 0,
                    message: arena.copy(failure.message),
                    spent: Self.usage(failure.spent)))
        case .cancelled(let request, let tokensReceived, let isEstimated):
            let flags = isEstimated ? EVALH_CANCELLED_ESTIMATED : 0
            return put(
                evalh_event_cancelled(
                    header: header(event, EVALH_EVENT_CANCELLED, evalh_event_cancelled.self, flags: flags),
                    request: request,
                    tokens_received: Int64(tokensReceived)))
        case .timer(let timer):
            return put(
                evalh_event_timer(header: header(event, EVALH_EVENT_TIMER, evalh_event_timer.self), timer: timer))
        case .budget(let remaining):
            return put(
                evalh_event_budget(
                    header: header(event, EVALH_EVENT_BUDGET, evalh_event_budget.self),
                    remaining: arena.copy(Self.budget(remaining))))
        case .rejected(let actionSeq, let request, let reason, let message):
            return put(
                evalh_event_rejected(
                    header: header(event, EVALH_EVENT_REJECTED, evalh_event_rejected.self), action_seq: actionSeq,
                    request: request,
                    reason: reason.rawValue, reserved: 0, message: arena.copy(message)))
        case .stop(let reason):
            return put(
                evalh_event_stop(
                    header: header(event, EVALH_EVENT_STOP, evalh_event_stop.self), reason: arena.copy(reason)))
        }
    }

    static func usage(_ usage: TokenUsage) -> evalh_usage {
        evalh_usage(
            prompt_tokens: Int64(usage.promptTokens), cached_prompt_tokens: Int64(usage.cachedPromptTokens),
            completion_tokens: Int64(usage.completionTokens), reasoning_tokens: Int64(usage.reasoningTokens),
            cancelled_tokens: Int64(usage.cancelledTokens))
    }

    static func finish(_ finish: FinishReason) -> UInt32 {
        switch finish {
        case .stop: UInt32(EVALH_FINISH_STOP)
        case .length: UInt32(EVALH_FINISH_LENGTH)
        case .cancelled: UInt32(EVALH_FINISH_CANCELLED)
        case .filter: UInt32(EVALH_FINISH_FILTER)
        case .other: UInt32(EVALH_FINISH_OTHER)
        }
    }

    static func budget(_ remaining: RemainingBudget) -> evalh_budget {
        evalh_budget(
            struct_size: UInt32(MemoryLayout<evalh_budget>.size), reserved: 0,
            tokens: remaining.tokens.map { Int64(max(0, $0)) } ?? -1,
            usd: remaining.usd ?? .nan, seconds: remaining.seconds ?? .nan)
    }

    func header<T>(_ event: SessionEvent, _ type: Int32, _ layout: T.Type, flags: Int32 = 0) -> evalh_event {
        evalh_event(
            struct_size: UInt32(MemoryLayout<T>.size), type: UInt16(truncatingIfNeeded: type),
            flags: UInt16(truncatingIfNeeded: flags),
            seq: event.seq, time_ns: event.timeNanoseconds)
    }

    /// The tokens, and beside them the alternatives of all tokens in order.
    func encode(
        _ tokens: [TokenLogprob]
    ) -> (tokens: UnsafePointer<evalh_logprob>?, alternatives: UnsafePointer<evalh_logprob>?, total: Int) {
        guard !tokens.isEmpty else { return (nil, nil, 0) }
        let total = tokens.reduce(0) { $0 + $1.alternatives.count }
        let sampled = arena.room(for: evalh_logprob.self, count: tokens.count)
        let alternatives = arena.room(for: evalh_logprob.self, count: total)
        var next = 0
        for (index, token) in tokens.enumerated() {
            let count = UInt32(clamping: token.alternatives.count)
            sampled[index] = evalh_logprob(
                token: arena.copy(token.token), logprob: token.logprob, alternative_count: count, reserved: 0)
            for alternative in token.alternatives {
                alternatives[next] = evalh_logprob(
                    token: arena.copy(alternative.token), logprob: alternative.logprob, alternative_count: 0,
                    reserved: 0)
                next += 1
            }
        }
        return (UnsafePointer(sampled), total > 0 ? UnsafePointer(alternatives) : nil, total)
    }

    private func deltaEvent(
        _ event: SessionEvent, _ request: UInt64, _ choice: Int, text: String = "", reasoning: String = "",
        tokens: [TokenLogprob], tokenCount: Int
    ) -> evalh_event_delta {
        let (logprobs, alternatives, total) = encode(tokens)
        return evalh_event_delta(
            header: header(event, EVALH_EVENT_DELTA, evalh_event_delta.self), request: request,
            choice: UInt32(clamping: choice), token_count: UInt32(clamping: tokenCount), text: arena.copy(text),
            tokens: logprobs, logprob_count: UInt64(tokens.count), alternatives: alternatives,
            alternative_total: UInt64(total), reasoning: arena.copy(reasoning))
    }

    private func doneEvent(
        _ event: SessionEvent, request: UInt64, choice: Int, _ completion: Completion, isLast: Bool
    ) -> evalh_event_done {
        let flags = (isLast ? EVALH_DONE_LAST : 0) | (completion.isUsageEstimated ? EVALH_DONE_ESTIMATED : 0)
        let (logprobs, alternatives, total) = encode(completion.tokens)
        return evalh_event_done(
            header: header(event, EVALH_EVENT_DONE, evalh_event_done.self, flags: flags), request: request,
            choice: UInt32(clamping: choice),
            finish: Self.finish(completion.finish), text: arena.copy(completion.text),
            usage: Self.usage(completion.usage),
            seconds: completion.seconds, first_token_seconds: completion.firstTokenSeconds ?? .nan, tokens: logprobs,
            logprob_count: UInt64(completion.tokens.count), alternatives: alternatives,
            alternative_total: UInt64(total), reasoning: arena.copy(completion.reasoning ?? ""))
    }

    private func resultEvent(_ event: SessionEvent, request: UInt64, _ completion: Completion) -> evalh_event_result {
        let flags =
            (completion.finish == .other ? EVALH_RESULT_ERROR : 0)
            | (completion.isUsageEstimated ? EVALH_RESULT_ESTIMATED : 0)
        return evalh_event_result(
            header: header(event, EVALH_EVENT_RESULT, evalh_event_result.self, flags: flags), request: request,
            result: arena.copy(completion.text), usage: Self.usage(completion.usage), seconds: completion.seconds)
    }

    private func put<T: BitwiseCopyable>(_ value: T) -> UnsafePointer<evalh_event> {
        let target = arena.room(for: T.self)
        target.initialize(to: value)
        return UnsafeRawPointer(target).assumingMemoryBound(to: evalh_event.self)
    }

    private static func failure(_ kind: ModelFailure.Kind) -> UInt32 {
        switch kind {
        case .connection, .timeout: UInt32(EVALH_FAILURE_TRANSPORT)
        case .server, .malformed: UInt32(EVALH_FAILURE_SERVER)
        case .rateLimited, .quota: UInt32(EVALH_FAILURE_RATE)
        case .badRequest, .contextExceeded, .unsupported: UInt32(EVALH_FAILURE_REQUEST)
        case .authentication: UInt32(EVALH_FAILURE_AUTH)
        }
    }
}
