internal import Completions
internal import Journal
package import PluginHost

/// One session as a state machine without I/O: inputs in, effects out. It turns what happened into the strategy's
/// events and the strategy's actions into effects, keeps the books, and sees to it that a session ends exactly once.
///
/// Its clock is logical: a completion ends when it was asked for plus the seconds it took when it was recorded. So a
/// session drawn from the pool has the same times, and the same critical path, as the one that paid.
package final class SessionMachine {
    static let maxRequests = 100_000
    static let maxOpenRequests = 4096
    static let maxTimers = 1024
    static let maxCandidates = 1024
    static let maxNotes = 64

    private enum State {
        case running
        /// The answer is given; open requests are still to be counted.
        case finishing(FinishAction)
        case finished
    }

    let start: SessionStart
    private let models: [String: RunModel]
    private let extractor: (String) -> (answer: String, stage: String)?
    package let peers: PeerView?
    private var generator: SplitMix64
    private var strategy: (any SessionStrategy)?
    private var state = State.running
    private var fault: SessionError?
    private var lastFailure: ModelFailure?

    private var nextSeq: UInt64 = 1
    private var requests: [UInt64: SessionRequest] = [:]
    private var openRequests = 0
    private var drawn: [RequestKey: Int] = [:]
    private var promptTokens: [RequestKey: Int] = [:]
    private var timers: Set<UInt64> = []
    private var cutOffTexts: Set<String> = []
    private var queue: [SessionEvent.Body] = []
    private var hasWarned = false

    private var ledger: BudgetLedger
    private var usage = TokenUsage()
    private var usd: Double? = 0
    private var firstTokenSeconds: Double?
    private var draws: [SessionDraw] = []
    private var operations = SessionOperations()
    /// Completions of peers that were adopted.
    private var adoptedSamples = 0
    private var hasAdopted = false
    private var log = SessionLog()

    /// Logical nanoseconds since the session's start.
    package private(set) var now: Int64 = 0

    package init(
        start: SessionStart, models: [String: RunModel], limits: BudgetLimits, peers: PeerView? = nil,
        extractor: @escaping (String) -> (answer: String, stage: String)?
    ) {
        self.start = start
        self.models = models
        self.extractor = extractor
        self.peers = peers
        generator = SplitMix64(state: start.seed)
        ledger = BudgetLedger(limits: limits)
    }

    /// Makes the strategy's instance and gives it START.
    package func begin(_ factory: any StrategyFactory) -> [SessionEffect] {
        var effects: [SessionEffect] = []
        do throws(PluginFault) {
            strategy = try factory.makeSession(self)
            queue.append(.start(start))
        } catch {
            fail(SessionError(kind: .plugin, message: error.description), &effects)
        }
        run(&effects)
        return effects
    }

    /// Whether the strategy asked to see the request's text as it is generated.
    func isStreamed(_ request: UInt64) -> Bool { requests[request]?.ask.stream ?? false }

    package func deliver(_ input: SessionInput) -> [SessionEffect] {
        var effects: [SessionEffect] = []
        accept(input, &effects)
        if case .running = state, let limit = ledger.limits.seconds, Double(now) / 1e9 > limit {
            queue.append(.stop(reason: "budget"))
        }
        run(&effects)
        return effects
    }

    // MARK: Inputs

    private func accept(_ input: SessionInput, _ effects: inout [SessionEffect]) {
        switch input {
        case .delta(let number, let choice, let text, let tokens, let tokenCount, let seconds):
            guard let request = requests[number], request.open.contains(choice), !request.isCancelling else { return }
            requests[number]?.texts[choice, default: ""] += text
            advance(to: request.askedAt, plus: seconds)
            queue.append(.delta(request: number, choice: choice, text: text, tokens: tokens, tokenCount: tokenCount))
        case .completed(let number, let choice, let completion):
            guard var request = requests[number], request.open.remove(choice) != nil else { return }
            request.texts[choice] = completion.text
            if completion.finish.isUnfinished { cutOffTexts.insert(completion.text) }
            requests[number] = request
            book(number, choice, completion, cancelled: false)
            let isLast = request.open.isEmpty && request.failure == nil && request.cancelledChoices == 0
            queue.append(.done(request: number, choice: choice, completion: completion, isLast: isLast))
            if request.open.isEmpty { close(number) }
        case .failed(let number, let choice, let failure):
            guard requests[number]?.open.remove(choice) != nil else { return }
            requests[number]?.failure = failure
            lastFailure = failure
            usage += failure.spent
            ledger.settle(reserved: .init(), spent: .cost(of: failure.spent, price: price(of: number)))
            if requests[number]?.open.isEmpty == true { close(number) }
        case .cancelled(let number, let choice, let partial):
            guard requests[number]?.open.remove(choice) != nil else { return }
            requests[number]?.texts[choice] = partial.text
            requests[number]?.cancelledChoices += 1
            requests[number]?.cancelledTokens += partial.usage.completionTokens
            if partial.isUsageEstimated { requests[number]?.isCancelEstimated = true }
            book(number, choice, partial, cancelled: true)
            if requests[number]?.open.isEmpty == true { close(number) }
        case .timer(let id):
            guard timers.remove(id) != nil else { return }
            queue.append(.timer(id))
        case .stop(let reason):
            queue.append(.stop(reason: reason))
        }
    }

    /// All choices of a request have ended: gives its reservation back and tells the strategy what DONE has not told
    /// yet.
    private func close(_ number: UInt64) {
        guard let request = requests[number] else { return }
        openRequests -= 1
        let worst = request.ask.worstCase
        let samples = request.ask.samples.count
        ledger.settle(reserved: .init(tokens: worst.tokens * samples, usd: worst.usd * Double(samples)), spent: .init())
        if let failure = request.failure {
            queue.append(.failed(request: number, failure))
        } else if request.cancelledChoices > 0 {
            queue.append(
                .cancelled(
                    request: number, tokensReceived: request.cancelledTokens, isEstimated: request.isCancelEstimated))
        }
    }

    private func book(_ number: UInt64, _ choice: Int, _ completion: Completion, cancelled: Bool) {
        guard var request = requests[number] else { return }
        let ask = request.ask
        let askedAt = request.askedAt
        var charged = request.charge(completion)
        requests[number] = request
        charged.cancelledTokens = cancelled ? charged.completionTokens : 0
        usage += charged
        let price = price(of: number)
        if let price, let sum = usd { usd = sum + price.cost(of: charged) } else { usd = nil }
        ledger.settle(reserved: .init(), spent: .cost(of: charged, price: price))
        promptTokens[ask.key] = max(promptTokens[ask.key] ?? 0, completion.usage.promptTokens)
        operations.add(
            request: number, shape: models[ask.role]?.shape, prompt: completion.usage.promptTokens, charged: charged)
        advance(to: askedAt, plus: completion.seconds)
        if firstTokenSeconds == nil { firstTokenSeconds = completion.firstTokenSeconds }
        draws.append(
            SessionDraw(
                request: request.shortKey, model: ask.role, sample: ask.samples[choice].index,
                finish: completion.finish,
                promptTokens: charged.promptTokens, completionTokens: charged.completionTokens,
                seconds: completion.seconds,
                cancelledAt: cancelled ? charged.completionTokens : nil, askedAt: Double(askedAt) / 1e9))
    }

    private func price(of number: UInt64) -> TokenPrice? {
        requests[number].flatMap { models[$0.ask.role]?.price }
    }

    private func advance(to askedAt: Int64, plus seconds: Double) {
        let nanoseconds = seconds.isFinite ? Int64(max(0, min(seconds, 1e9)) * 1e9) : 0
        now = max(now, askedAt + nanoseconds)
    }

    // MARK: Events and actions

    /// Gives the strategy its events one at a time until none is left. Refusals become events of the same turn; their
    /// number is bounded, so that a strategy that never learns ends as a fault.
    private func run(_ effects: inout [SessionEffect]) {
        var turns = 0
        while !queue.isEmpty, case .running = state, let strategy {
            let event = SessionEvent(seq: nextSeq, timeNanoseconds: now, body: queue.removeFirst())
            nextSeq += 1
            turns += 1
            var mustFinish = false
            if case .stop = event.body { mustFinish = true }
            do throws(PluginFault) {
                for action in try strategy.step([event]) {
                    perform(action, &effects)
                    guard case .running = state else { break }
                }
            } catch {
                fail(SessionError(kind: .strategy, message: error.message), &effects)
            }
            if mustFinish, case .running = state {
                fail(
                    SessionError(kind: .strategy, message: "the strategy gave no answer when told to stop (budget)"),
                    &effects)
            }
            if turns > 20_000 {
                fail(SessionError(kind: .plugin, message: "the strategy keeps asking for what is refused"), &effects)
            }
            warnOfBudget()
        }
        if case .running = state, openRequests == 0, timers.isEmpty, strategy != nil {
            fail(
                SessionError(
                    kind: .plugin, message: "the strategy waits for nothing: no open request, no timer, no answer"),
                &effects)
        }
        complete(&effects)
    }

    private func warnOfBudget() {
        guard !hasWarned, case .running = state, ledger.isLow(elapsedSeconds: Double(now) / 1e9) else { return }
        hasWarned = true
        queue.append(.budget(remainingBudget()))
    }

    private func perform(_ action: SessionAction, _ effects: inout [SessionEffect]) {
        do throws(Refusal) {
            switch action.body {
            case .submit(let submit): effects.append(.ask(try accept(submit)))
            case .fork(let fork): effects.append(.ask(try accept(try submit(for: fork))))
            case .cancel(let number): try cancel(number, &effects)
            case .setTimer(let id, let time):
                guard timers.count < Self.maxTimers else {
                    throw Refusal(reason: .limit, message: "more than \(Self.maxTimers) timers")
                }
                timers.insert(id)
                effects.append(.setTimer(id: id, at: max(time, now)))
            case .emit(let candidate, let weight, let evidence):
                guard log.candidates.count < Self.maxCandidates else { return }
                log.candidates.append(
                    .init(candidate: candidate, weight: weight.isFinite ? weight : 0, evidence: evidence))
            case .note(let key, let value):
                guard log.notes.count < Self.maxNotes else { return }
                log.notes.append([key, value])
            case .finish(let finish): end(finish, &effects)
            case .adopt(let peer): try adopt(peer)
            case .unsupported(let type, let number):
                queue.append(
                    .rejected(
                        actionSeq: action.seq, request: number, reason: .unsupported,
                        message: "this host has no action \(type)"))
            case .invalid(let number, let message):
                queue.append(.rejected(actionSeq: action.seq, request: number, reason: .invalid, message: message))
            }
        } catch {
            var number: UInt64 = 0
            if case .submit(let submit) = action.body { number = submit.request }
            if case .fork(let fork) = action.body { number = fork.request }
            if case .cancel(let request) = action.body { number = request }
            queue.append(
                .rejected(actionSeq: action.seq, request: number, reason: error.reason, message: error.message))
        }
    }

    private func accept(_ submit: SubmitAction) throws(Refusal) -> Ask {
        guard submit.request != 0, requests[submit.request] == nil else {
            throw Refusal(reason: .invalid, message: "request \(submit.request) was used before, or is 0")
        }
        guard requests.count < Self.maxRequests, openRequests < Self.maxOpenRequests else {
            throw Refusal(reason: .limit, message: "too many requests in this session")
        }
        try SubmitChecks.samples(submit.n)
        guard
            let model = submit.role.isEmpty ? start.models.first : start.models.first(where: { $0.role == submit.role })
        else {
            let roles = start.models.map(\.role).joined(separator: ", ")
            throw Refusal(reason: .invalid, message: "no model has the role '\(submit.role)'; the suite has: \(roles)")
        }
        let request = CompletionRequest(
            messages: submit.messages ?? start.messages, prefix: submit.prefix,
            sampling: try SubmitChecks.sampling(model.sampling, submit.sampling))
        try SubmitChecks.capabilities(model, request)
        let key = RequestKey(fingerprint: models[model.role]?.fingerprint ?? model.role, request: request)
        let worst = BudgetLedger.Amount.worstCase(
            of: request, samples: 1, knownPromptTokens: promptTokens[key], price: models[model.role]?.price)
        guard ledger.reserve(.init(tokens: worst.tokens * submit.n, usd: worst.usd * Double(submit.n))) else {
            throw Refusal(
                reason: .budget,
                message: "up to \(worst.tokens * submit.n) tokens do not fit into what is left of the session's budget")
        }
        let first = drawn[key, default: 0]
        drawn[key] = first + submit.n
        let samples = (first..<first + submit.n).map { SampleIndex(repeatIndex: start.repeatIndex, index: $0) }
        let ask = Ask(
            request: submit.request, role: model.role, key: key, completionRequest: request, samples: samples,
            stream: submit.stream,
            priority: submit.priority, worstCase: worst)
        requests[submit.request] = SessionRequest(
            ask: ask, askedAt: now, paysPromptOnce: model.capabilities.multipleChoices == true)
        openRequests += 1
        return ask
    }

    private func submit(for fork: ForkAction) throws(Refusal) -> SubmitAction {
        guard let parent = requests[fork.parent], let text = parent.texts[fork.parentChoice] else {
            throw Refusal(
                reason: .invalid, message: "request \(fork.parent) has no choice \(fork.parentChoice) with text")
        }
        guard fork.offset >= 0, fork.offset <= text.utf8.count,
            let kept = String(text.utf8.prefix(fork.offset))
        else {
            throw Refusal(
                reason: .invalid, message: "offset \(fork.offset) is not on a character boundary of the parent's text")
        }
        let asked = parent.ask.completionRequest
        var sampling = fork.sampling ?? SamplingOverrides()
        if fork.sampling == nil {
            sampling = SamplingOverrides(
                temperature: asked.sampling.temperature, topP: asked.sampling.topP, topK: asked.sampling.topK,
                minP: asked.sampling.minP,
                maxTokens: asked.sampling.maxTokens, topLogprobs: asked.sampling.topLogprobs, stop: asked.sampling.stop)
        }
        return SubmitAction(
            request: fork.request, role: parent.ask.role, messages: asked.messages,
            prefix: asked.prefix + kept + fork.append,
            sampling: sampling, n: fork.n, stream: fork.stream, priority: fork.priority)
    }

    private func cancel(_ number: UInt64, _ effects: inout [SessionEffect]) throws(Refusal) {
        guard let request = requests[number] else {
            throw Refusal(reason: .invalid, message: "there is no request \(number)")
        }
        // Cancelling what is over already is a race every strategy may lose, not a mistake.
        guard !request.open.isEmpty, !request.isCancelling else { return }
        requests[number]?.isCancelling = true
        effects.append(.abandon(request: number))
    }

    /// Books what a peer of the item cost, as if this session had done it itself at this point.
    private func adopt(_ index: Int) throws(Refusal) {
        guard let peer = peers?[index], peer.item == peers?.item, !peer.isError else {
            throw Refusal(reason: .invalid, message: "there is no peer \(index) of this item that could be adopted")
        }
        let cost = peer.measure
        let amount = BudgetLedger.Amount(tokens: cost.usage.totalTokens, usd: cost.usd ?? 0)
        guard ledger.reserve(amount) else {
            throw Refusal(
                reason: .budget,
                message: "what '\(peer.arm)' cost does not fit into what is left of the session's budget")
        }
        ledger.settle(reserved: amount, spent: amount)
        usage += cost.usage
        if let paid = cost.usd, let sum = usd { usd = sum + paid } else { usd = nil }
        operations.adopt(cost)
        hasAdopted = true
        adoptedSamples += cost.samples
        advance(to: now, plus: cost.criticalPathSeconds)
    }

    // MARK: The end

    /// Lets go of the strategy without a result: the run stops and the session will be done again.
    package func abort() {
        state = .finished
        strategy = nil
    }

    private func end(_ finish: FinishAction, _ effects: inout [SessionEffect]) {
        state = .finishing(finish)
        strategy = nil
        queue.removeAll()
        timers.removeAll()
        for (number, request) in requests.sorted(by: { $0.key < $1.key })
        where !request.open.isEmpty && !request.isCancelling {
            requests[number]?.isCancelling = true
            effects.append(.abandon(request: number))
        }
    }

    private func fail(_ error: SessionError, _ effects: inout [SessionEffect]) {
        guard case .running = state else { return }
        // A strategy that gives up because the model failed is not at fault itself.
        if error.kind == .strategy, let failure = lastFailure {
            fault = SessionError(failure)
        } else {
            fault = error
        }
        end(FinishAction(kind: .error, answer: "", reason: "error"), &effects)
    }

    private func complete(_ effects: inout [SessionEffect]) {
        guard case .finishing(let finish) = state, openRequests == 0 else { return }
        state = .finished
        if finish.kind == .error, fault == nil {
            fault =
                lastFailure.map { SessionError($0) }
                ?? SessionError(kind: .strategy, message: finish.reason)
        }
        effects.append(
            .finished(
                SessionOutcome(
                    finish: finish, error: fault, isCutOff: cutOffTexts.contains(finish.answer), measure: measure,
                    draws: draws, log: log)))
    }

    private var measure: SessionMeasure {
        let isPriced = models[start.models.first?.role ?? ""]?.price != nil
        var measure = SessionMeasure(
            usage: usage, usd: draws.isEmpty && !hasAdopted ? (isPriced ? 0 : nil) : usd,
            criticalPathSeconds: Double(now) / 1e9, firstTokenSeconds: firstTokenSeconds,
            samples: draws.count + adoptedSamples, cutOffSamples: draws.count { $0.finish == .length })
        operations.book(in: &measure)
        return measure
    }
}

extension SessionMachine: SessionServices {
    package func random() -> UInt64 { generator.next() }

    package func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        isUnfinished ? nil : extractor(text)
    }

    package func remainingBudget() -> RemainingBudget { ledger.remaining(elapsedSeconds: Double(now) / 1e9) }
}
