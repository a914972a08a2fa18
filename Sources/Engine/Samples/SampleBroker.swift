internal import Completions
internal import Journal

/// Brings samples to sessions: each is asked of a model once, whoever wants it, within the run's budget. A value:
/// inputs go in, actions come out; it does no I/O and reads no clock. What its actions record must be durable before
/// the next input asks for samples.
///
/// A sample that sessions wait for belongs to one choice of one call, which is queued, sent or cancelled:
///
/// | input             | nobody waits   | queued          | sent                          | cancelled            |
/// |-------------------|----------------|-----------------|-------------------------------|----------------------|
/// | `request`, pooled | playback       | –               | –                             | –                    |
/// | `request`, not    | sent or queued | joins           | joins                         | joins                |
/// | `sendQueued`      | –              | sent or queued  | –                             | –                    |
/// | delta             | –              | –               | shown to whom the call is for | –                    |
/// | completed         | –              | –               | recorded, given to all        | the same             |
/// | failed            | –              | –               | recorded, told to who stayed; | the same             |
/// |                   |                |                 | a part to who left            |                      |
/// | … may ask again   | –              | –               | booked, queued again for all  | as failed            |
/// | cancelled         | –              | –               | a part is recorded, given to  | the same             |
/// |                   |                |                 | all who take parts; for the   |                      |
/// |                   |                |                 | others queued again           |                      |
/// | `cancel`, others  | –              | told at the end | told at the end               | told at the end      |
/// | … stay            |                |                 |                               |                      |
/// | `cancel` by the   | –              | a part is       | the call is cancelled, told   | told at the end      |
/// | … last            |                | recorded: none  | at the end                    |                      |
/// |                   |                | of it had come  |                               |                      |
/// | `stop`            | –              | the call is     | the call is cancelled         | –                    |
/// |                   |                | gone            |                               |                      |
///
/// Who gives a sample up is told what is recorded of it, whole or in part, and reckons its charge from that and the
/// time at which it left (`Playback.partial`): the record is one, so that the charge is the same for all who left at
/// that time, whoever the call was for. A part reaches at least to the time at which its last session left: until then
/// no more had come.
///
/// A call is sent when its worst case fits into what the run's budget has left, first come, first served. What prompts
/// are counted as is learned (`PromptReckoning`): in a run with a ceiling one request of a model goes alone until it is
/// known. Whatever comes for a choice that has ended, or for a call that is over, is ignored.
///
/// An answer that broke off before anybody was shown a piece of it (`mayAskAgain`) is asked for again, as a call of its
/// own: what was lost is booked, and the next attempt has to fit into the budget as the first had to.
struct SampleBroker {
    enum Action {
        case send(ModelCall)
        case cancel(CallID)
        case record(CompletionRecord)
        case recordFailure(FailureRecord)
        case deliver(SessionInput, session: UInt64)
        case play(Playback, session: UInt64)
        /// The run cannot go on.
        case stop(RunEnd)
    }

    /// A request of a session that waits for samples.
    private struct OpenRequest {
        var waits = 0
        /// Calls that it waits for; may name some that are over.
        var calls: [CallID] = []

        mutating func wait(for call: CallID) {
            waits += 1
            if calls.last != call { calls.append(call) }
        }
    }

    /// A provider that has failed this often, with nothing in between that went well, is down.
    static let failuresThatStop = 32

    let models: [String: RunModel]
    let suiteSeed: UInt64
    var ledger: BudgetLedger
    var calls: [CallID: SampleCall] = [:]
    var failuresInARow = 0
    var firstRefusals: FirstRefusals
    /// By role.
    var reckonings: [String: PromptReckoning] = [:]
    /// Requests that were booked before anything was known of their model: corrected once it is. They went alone, so
    /// that there are few.
    var untold: [String: [UntoldPrompts]] = [:]
    /// Open choices of calls that were sent.
    var samplesUnderWay = 0
    private var queue: [CallID] = []
    private var places: [SamplePlace: (call: CallID, choice: Int)] = [:]
    private var requests: [Waiter.RequestID: OpenRequest] = [:]
    private var waits: [UInt64: Int] = [:]
    private var nextCall: UInt64 = 1

    init(
        models: [String: RunModel], suiteSeed: UInt64, ledger: BudgetLedger,
        firstRefusals: FirstRefusals = FirstRefusals()
    ) {
        self.models = models
        self.suiteSeed = suiteSeed
        self.ledger = ledger
        self.firstRefusals = firstRefusals
    }

    /// Somebody waits for room in the run's budget.
    var hasQueue: Bool { !queue.isEmpty }
    /// Calls that were sent and are not over.
    var openCalls: Int { calls.count - queue.count }

    /// Nobody waits for anything, no call is open, nothing is reserved.
    var isAtRest: Bool {
        calls.isEmpty && queue.isEmpty && places.isEmpty && requests.isEmpty && waits.isEmpty && samplesUnderWay == 0
            && ledger.reserved.tokens == 0
    }

    /// Whether a session waits for a sample.
    func isWaiting(_ session: UInt64) -> Bool { waits[session] != nil }

    /// Whether a sample is wanted and not there yet: then the pool lacks it.
    func isUnderWay(_ place: SamplePlace) -> Bool { places[place] != nil }

    /// How often a sample that is under way was given up before; `nil`: it is not under way.
    func generation(of place: SamplePlace) -> Int? {
        places[place].flatMap { calls[$0.call]?.choices[$0.choice].generation }
    }

    // MARK: What sessions want

    /// A choice of a request that a session wants.
    struct Wanted {
        var choice: Int
        /// How many parts are recorded of the sample that the session has seen.
        var generation = 0
        /// What is recorded of the sample; `nil`: nothing, or it is under way.
        var found: Completion?
    }

    /// A session wants the samples of a request.
    /// - Parameter found: one a choice.
    mutating func request(_ ask: SampleRequest, by session: UInt64, at now: Int64, found: [Completion?]) -> [Action] {
        let wanted = ask.samples.indices.map { Wanted(choice: $0, found: found[$0]) }
        return request(ask, by: session, at: now, wanted)
    }

    /// A session wants some samples of a request.
    /// - Parameter now: the session's logical time.
    mutating func request(_ ask: SampleRequest, by session: UInt64, at now: Int64, _ wanted: [Wanted]) -> [Action] {
        var actions: [Action] = []
        var missing: [SampleCall.Choice] = []
        for want in wanted {
            if let completion = want.found {
                if completion.reasoning != nil, let impossible = cannotContinue(ask.role) {
                    actions.append(impossible)
                }
                actions.append(
                    .play(
                        Playback(
                            request: ask.request, choice: want.choice, stream: ask.stream, askedAt: now,
                            completion: completion), session: session))
                continue
            }
            let sample = ask.samples[want.choice]
            let waiter = Waiter(
                session: session, request: ask.request, choice: want.choice, stream: ask.stream,
                takesParts: ask.takesParts, askedAt: now)
            if let (call, index) = places[SamplePlace(key: ask.key, sample: sample)] {
                calls[call]?.choices[index].waiters.append(waiter)
                note(waiter, waitsFor: call)
            } else {
                missing.append(SampleCall.Choice(sample: sample, generation: want.generation, waiters: [waiter]))
            }
        }
        guard !missing.isEmpty else { return actions }
        let id = enqueue(
            SampleCall(
                role: ask.role, key: ask.key, request: ask.completionRequest, priority: ask.priority,
                worstCase: ask.worstCase, promptBound: ask.promptBound, choices: missing))
        for choice in missing { for waiter in choice.waiters { note(waiter, waitsFor: id) } }
        if queue.count == 1, send(id, &actions) { queue.removeFirst() }
        return actions
    }

    /// A session no longer wants a request.
    /// - Parameter now: the session's logical time.
    mutating func cancel(_ request: UInt64, of session: UInt64, at now: Int64) -> [Action] {
        guard let open = requests[Waiter.RequestID(session: session, request: request)] else { return [] }
        var actions: [Action] = []
        for id in open.calls {
            // Out of the dictionary, so that it changes in place.
            guard var call = calls.removeValue(forKey: id) else { continue }
            call.leave(session, request, at: now)
            if call.state == .queued {
                dropUnwanted(&call, id, &actions)
            } else if call.state == .sent, !call.isWanted {
                call.state = .cancelled
                actions.append(.cancel(id))
            }
            if !call.choices.isEmpty { calls[id] = call }
        }
        return actions
    }

    /// Of a call that was not sent, nobody need ask for what nobody wants.
    private mutating func dropUnwanted(_ call: inout SampleCall, _ id: CallID, _ actions: inout [Action]) {
        guard !call.choices.allSatisfy(\.isWanted) else { return }
        for choice in call.choices.indices where !call.choices[choice].isWanted {
            forget(call.place(choice))
            giveUp(call, choice, ReceivedPieces().part, &actions)
        }
        call.choices.removeAll { !$0.isWanted }
        for choice in call.choices.indices { places[call.place(choice)] = (id, choice) }
        if call.choices.isEmpty { queue.removeAll { $0 == id } }
    }

    /// Ends everything: sessions are gone, and calls are told to end. What they received is still recorded.
    mutating func stop() -> [Action] {
        for id in queue { calls[id] = nil }
        queue.removeAll()
        places.removeAll()
        requests.removeAll()
        waits.removeAll()
        var actions: [Action] = []
        for id in calls.keys.sorted(by: { $0.value < $1.value }) {
            for choice in calls[id]?.choices.indices ?? 0..<0 { calls[id]?.choices[choice].waiters.removeAll() }
            guard calls[id]?.state == .sent else { continue }
            calls[id]?.state = .cancelled
            actions.append(.cancel(id))
        }
        return actions
    }

    // MARK: The run's budget

    /// Tries again what the run's budget had no room for: others may have given back what they reserved. With nothing
    /// under way there is nothing left to wait for.
    mutating func sendQueued() -> [Action] {
        var actions: [Action] = []
        while let id = queue.first, send(id, &actions) { queue.removeFirst() }
        guard openCalls == 0, let id = queue.first, let call = calls[id] else { return actions }
        let need = worst(of: call).tokens
        let left = ledger.remaining(elapsedSeconds: 0)
        if let tokens = left.tokens, tokens < need {
            actions.append(
                .stop(.budgetReached("tokens: the next request may need \(need), \(tokens) are left")))
        } else {
            let usd = left.usd ?? 0
            actions.append(
                .stop(.budgetReached("money: the next request may cost more than the \(usd) USD that are left")))
        }
        return actions
    }

    mutating func enqueue(_ call: SampleCall) -> CallID {
        let id = CallID(nextCall)
        nextCall += 1
        calls[id] = call
        queue.append(id)
        for choice in call.choices.indices { places[call.place(choice)] = (id, choice) }
        return id
    }

    /// What each choice of a call is reserved: its worst case, with the prompt as this model's server counts.
    private func reservation(of call: SampleCall) -> BudgetLedger.Amount {
        guard isReckoned(call.role) else { return call.worstCase }
        let bound = reckonings[call.role]?.bound(call.request) ?? 0
        let usage = TokenUsage(promptTokens: max(0, bound - call.promptBound))
        let more = BudgetLedger.Amount.cost(of: usage, price: models[call.role]?.price)
        return .init(tokens: call.worstCase.tokens + more.tokens, usd: call.worstCase.usd + more.usd)
    }

    private func worst(of call: SampleCall) -> BudgetLedger.Amount {
        let each = reservation(of: call)
        let (tokens, overflow) = each.tokens.multipliedReportingOverflow(by: call.choices.count)
        return .init(tokens: overflow ? Int.max / 4 : tokens, usd: each.usd * Double(call.choices.count))
    }

    /// Prompts of models are reckoned; what a service counts, it says before.
    func isReckoned(_ role: String) -> Bool { models[role]?.service == nil }

    /// Nobody knows yet what a model counts for its prompts, and the budget must not be passed.
    private func mustLearn(_ role: String) -> Bool {
        ledger.isLimited && isReckoned(role) && reckonings[role]?.isKnown != true
    }

    /// Whether a call has to wait because nobody knows yet what its model counts.
    private func mustWait(_ call: SampleCall) -> Bool {
        guard mustLearn(call.role) else { return false }
        return calls.values.contains { $0.role == call.role && $0.state != .queued }
    }

    /// A call that goes alone is one request: what more it asks for waits behind it.
    private mutating func leaveOne(_ id: CallID) {
        guard var call = calls[id], call.choices.count > 1, models[call.role]?.returnsChoices != true else { return }
        let rest = call.split()
        calls[id] = call
        let other = enqueue(rest)
        if let last = queue.popLast(), let place = queue.firstIndex(of: id) { queue.insert(last, at: place + 1) }
        for choice in rest.choices { for waiter in choice.waiters { note(waiter, isNowIn: other) } }
    }

    /// Sends a queued call if its worst case fits into the run's budget.
    private mutating func send(_ id: CallID, _ actions: inout [Action]) -> Bool {
        guard let whole = calls[id] else { return true }
        if mustWait(whole) { return false }
        if mustLearn(whole.role) { leaveOne(id) }
        guard let call = calls[id], ledger.reserve(worst(of: call)) else { return false }
        let reserved = reservation(of: call)
        calls[id]?.reserved = reserved
        let count = call.choices.count
        // Without the fingerprint: the same suite sends the same seeds wherever the model is served.
        let question = RequestKey(fingerprint: "", request: call.request)
        let seeds = call.choices.map { choice in
            call.request.sampling.seed.map { UInt64($0) &+ UInt64(choice.sample.index) }
                ?? Seeds.sample(suite: suiteSeed, key: question, sample: choice.sample)
        }
        for choice in 0..<count {
            calls[id]?.choices[choice].seed = seeds[choice]
            let first = call.choices[choice].waiters.firstIndex { !$0.hasLeft } ?? 0
            calls[id]?.choices[choice].waiters[first].isLive = true
        }
        let isStream = call.choices.contains { choice in choice.waiters.first { !$0.hasLeft }?.stream == true }
        calls[id]?.isStream = isStream
        calls[id]?.state = .sent
        samplesUnderWay += count
        actions.append(
            .send(
                ModelCall(
                    id: id, role: call.role, request: call.request, seeds: seeds,
                    stream: isStream, priority: call.priority,
                    attempt: call.attempt)))
        return true
    }

    // MARK: Who waits

    private mutating func note(_ waiter: Waiter, waitsFor call: CallID) {
        waits[waiter.session, default: 0] += 1
        requests[waiter.requestID, default: OpenRequest()].wait(for: call)
    }

    /// What a waiter waits for is another call's now.
    mutating func note(_ waiter: Waiter, isNowIn call: CallID) { requests[waiter.requestID]?.calls.append(call) }

    /// A waiter has got what it waited for.
    mutating func endWait(_ waiter: Waiter) {
        if let count = waits[waiter.session] { waits[waiter.session] = count > 1 ? count - 1 : nil }
        let id = waiter.requestID
        if let count = requests[id]?.waits {
            if count > 1 { requests[id]?.waits = count - 1 } else { requests[id] = nil }
        }
    }

    mutating func forget(_ place: SamplePlace) { places[place] = nil }
}
