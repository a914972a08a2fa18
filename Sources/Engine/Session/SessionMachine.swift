internal import Completions
internal import Journal
internal import PluginHost

/// One session as a value without I/O: inputs and the strategy's actions go in, the strategy's events and effects come
/// out. It sees to it that a session ends exactly once; `SessionAccount` keeps its books.
///
/// | input                     | running                                | finishing: the answer is given,  | finished |
/// |                           |                                        | open requests are still counted  |          |
/// |---------------------------|----------------------------------------|----------------------------------|----------|
/// | `delta`, `reasoning`      | DELTA, unless the request is cancelled | –                                | –        |
/// | `completed`               | charged, DONE; RESULT of a service     | charged                          | –        |
/// | `failed`                  | charged; FAILED at the request's end   | charged                          | –        |
/// | … of a cancelled request  | kept until all its choices have one    | the same                         | –        |
/// | `cancelled`               | the same; then charged, CANCELLED      | charged                          | –        |
/// | … the last open choice    | fails if nothing else is waited for    | finished, with its outcome       | –        |
/// | `timer`                   | TIMER, at its time                     | –                                | –        |
/// | `stop`, time is over      | STOP; fails if no FINISH answers it    | –                                | –        |
/// | less than a fifth is left | BUDGET, once                           | –                                | –        |
/// | SUBMIT, FORK              | a request, or REJECTED                 | –                                | –        |
/// | CALL                      | a request of a service, or REJECTED    | –                                | –        |
/// | CANCEL                    | a cancel, or REJECTED                  | –                                | –        |
/// | FINISH, a failure         | finishing; open requests are cancelled | –                                | –        |
///
/// What comes for a choice that is not open is ignored, in every state.
///
/// A choice that was open when its request was cancelled at T is charged what `Playback.partial(at: T)` says of its
/// record, whatever that is: a part, or the whole that others went on to wait for. Requests are charged in the order in
/// which they were cancelled, choices in theirs, so that the order in which records come does not matter.
///
/// A failure is never an answer. After `failed` for a request that was still wanted:
///
/// | the strategy then   | without partial service    | with partial service (`EVALH_NEED_PARTIAL`)   |
/// |---------------------|----------------------------|-----------------------------------------------|
/// | FINISH, with answer | an error: the last failure | as it says; marked by the samples that failed |
/// | … with none         | an error: the last failure | the same                                      |
/// | … with an error     | an error: the last failure | an error: the last failure                    |
/// | goes on             | has ended with its FAILED: | goes on                                       |
/// |                     | what more it asked for     |                                               |
/// |                     | would be paid for nothing  |                                               |
///
/// A request that was cancelled before it failed was not wanted any more: it changes nothing. What a budget refuses
/// (REJECTED, STOP) is no failure: how much a session may spend is the suite's word.
///
/// Its clock is logical: a completion ends when it was asked for plus the seconds it took when it was recorded. So a
/// session drawn from the pool has the same times, and the same critical path, as the one that paid.
struct SessionMachine {
    private enum State {
        case running
        case finishing(FinishAction)
        case finished
    }

    /// Events in a row that the strategy may cause itself: one that never learns from refusals ends as a fault.
    private static let maxTurns = 20_000
    /// Timers in a row with nothing else between them.
    private static let maxTimersInARow = 100_000

    let start: SessionStart
    let models: [String: RunModel]
    let peers: PeerView?
    let logLimits: SessionLogLimits
    /// The strategy may answer although requests failed.
    private let servesInPart: Bool
    var account: SessionAccount
    var requests: [UInt64: SessionRequest] = [:]
    var openRequests = 0
    /// Samples asked for of each question.
    var drawn: [RequestKey: Int] = [:]
    var timers: Set<UInt64> = []
    var log = SessionLog()
    /// What the strategy measured, under names of its own.
    var numbers: [String: Double] = [:]
    /// Roles whose thinking came apart from a text.
    var rolesReasoningApart: Set<String> = []
    /// Events that the strategy has not got yet.
    var events: [SessionEvent.Body] = []
    var effects: [SessionEffect] = []
    /// What the strategy asked for and is not there; `nil`: nothing.
    var lack: String?

    private var state = State.running
    private var fault: SessionError?
    private var lastFailure: ModelFailure?
    private var cutOffTexts: Set<String> = []
    private var nextSeq: UInt64 = 1
    private var turns = 0
    /// The plugin did not answer an event as it must.
    private(set) var hasFaulted = false
    /// Timers since something else happened.
    private var timersInARow = 0
    private var hasWarned = false
    /// Requests that wait for the answers to their cancel, in the order of cancelling.
    private var cancelOrder: [UInt64] = []
    /// False: the strategy was shown other pieces of a sample than its record has, or did not see the end of one that
    /// it gave up afterwards. By the record it would have seen these.
    private(set) var hasSeenRecords = true

    init(
        start: SessionStart, models: [String: RunModel], limits: BudgetLimits, peers: PeerView? = nil,
        servesInPart: Bool = false, logLimits: SessionLogLimits = SessionLogLimits()
    ) {
        self.servesInPart = servesInPart
        self.logLimits = logLimits
        self.start = start
        self.models = models
        self.peers = peers
        account = SessionAccount(models: models, ownRole: start.models.first?.role ?? "", limits: limits)
    }

    var now: Int64 { account.now }
    var remainingBudget: RemainingBudget { account.remaining }

    /// A cancel waits for its answer: nothing else may happen before it.
    var awaitsCancel: Bool { isRunning && !cancelOrder.isEmpty }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    mutating func begin() { events.append(.start(start)) }

    mutating func takeEffects() -> [SessionEffect] {
        defer { effects = [] }
        return effects
    }

    // MARK: Inputs

    mutating func deliver(_ input: SessionInput) {
        noteProgress(input)
        switch input {
        case .delta(let number, let choice, let text, let tokens, let tokenCount, let seconds):
            guard let place = requests.index(forKey: number), requests.values[place].isOpen(choice),
                !requests.values[place].isCancelling
            else { break }
            requests.values[place].append(text, to: choice)
            requests.values[place].notePiece(of: choice, at: seconds)
            account.show(requests.values[place], seconds: seconds)
            events.append(.delta(request: number, choice: choice, text: text, tokens: tokens, tokenCount: tokenCount))
        case .reasoning(let number, let choice, let text, let tokens, let tokenCount, let seconds):
            guard let place = requests.index(forKey: number), requests.values[place].isOpen(choice),
                !requests.values[place].isCancelling
            else { break }
            rolesReasoningApart.insert(requests.values[place].asked.role)
            requests.values[place].notePiece(of: choice, at: seconds)
            account.show(requests.values[place], seconds: seconds)
            events.append(
                .reasoning(request: number, choice: choice, text: text, tokens: tokens, tokenCount: tokenCount))
        case .completed(let number, let choice, let completion):
            if requests[number]?.isCancelling == true {
                answerCancel(number, choice, .record(completion))
            } else {
                complete(number, choice, completion)
            }
        case .failed(let number, let choice, let failure):
            if requests[number]?.isCancelling == true {
                answerCancel(number, choice, .failure(failure))
            } else {
                failed(number, choice, failure)
            }
        case .cancelled(let number, let choice, let partial): answerCancel(number, choice, .record(partial))
        case .timer(let id, let time):
            guard timers.remove(id) != nil else { break }
            account.wait(until: time)
            events.append(.timer(id))
        case .stop(let reason, let time):
            guard isRunning else { break }
            account.wait(until: time)
            events.append(.stop(reason: reason))
        }
        if isRunning, account.isOutOfTime { events.append(.stop(reason: "budget")) }
    }

    /// A strategy that is told of samples gets on; one that only sets timers may do so for a while.
    private mutating func noteProgress(_ input: SessionInput) {
        if case .timer(_, let time) = input {
            timersInARow += 1
            if time > now { turns = 0 }
        } else {
            timersInARow = 0
            turns = 0
        }
    }

    private mutating func failed(_ number: UInt64, _ choice: Int, _ failure: ModelFailure) {
        guard let place = requests.index(forKey: number), requests.values[place].end(choice, text: nil) else { return }
        requests.values[place].failure = failure
        account.charge(requests.values[place], failure)
        if !requests.values[place].isCancelling {
            lastFailure = failure
            account.failedSamples += 1
        }
        closeIfEnded(number, place)
    }

    /// Keeps what a choice of a cancelled request ended with.
    private mutating func answerCancel(_ number: UInt64, _ choice: Int, _ answer: SessionRequest.CancelAnswer) {
        guard let place = requests.index(forKey: number), requests.values[place].isCancelling else { return }
        requests.values[place].answerCancel(choice, answer)
    }

    /// Charges the next request that was cancelled, if all its choices have ended; false: there is none. One at a time,
    /// so that the strategy has seen what it answers before the next is charged, however they end.
    private mutating func chargeCancelled() -> Bool {
        guard let first = cancelOrder.first, let answers = requests[first]?.cancelAnswers else { return false }
        cancelOrder.removeFirst()
        for (choice, answer) in answers {
            switch answer {
            case .record(let record): cancelled(first, choice, record)
            case .failure(let failure): failed(first, choice, failure)
            }
        }
        return true
    }

    private mutating func complete(_ number: UInt64, _ choice: Int, _ completion: Completion) {
        guard let place = requests.index(forKey: number),
            requests.values[place].end(choice, text: completion.text, reasoning: completion.reasoning)
        else { return }
        if requests.values[place].asked.stream, hasSeenRecords {
            let playback = Playback(request: number, choice: choice, stream: true, askedAt: 0, completion: completion)
            hasSeenRecords = playback.tally() == requests.values[place].pieces(of: choice)
        }
        if completion.reasoning != nil { rolesReasoningApart.insert(requests.values[place].asked.role) }
        if completion.finish.isUnfinished { cutOffTexts.insert(completion.text) }
        account.charge(&requests.values[place], choice, completion, isCancelled: false)
        let request = requests.values[place]
        if models[request.asked.role]?.service != nil {
            events.append(.result(request: number, completion))
            return closeIfEnded(number, place)
        }
        let isLast = request.openChoices == 0 && request.failure == nil && request.cancelledChoices == 0
        events.append(.done(request: number, choice: choice, completion: completion, isLast: isLast))
        closeIfEnded(number, place)
    }

    private mutating func cancelled(_ number: UInt64, _ choice: Int, _ record: Completion) {
        guard let place = requests.index(forKey: number) else { return }
        let request = requests.values[place]
        let time = request.cancelledAt ?? now
        let playback = Playback(
            request: number, choice: choice, stream: request.asked.stream, askedAt: request.askedAt, completion: record)
        let partial = playback.partial(at: time)
        if playback.tally(until: time) != request.pieces(of: choice) || !record.isPart && playback.end <= time {
            hasSeenRecords = false
        }
        guard requests.values[place].end(choice, text: partial.text, reasoning: partial.reasoning) else { return }
        requests.values[place].cancelledChoices += 1
        requests.values[place].cancelledTokens += partial.usage.completionTokens
        if partial.isUsageEstimated { requests.values[place].isCancelEstimated = true }
        account.charge(&requests.values[place], choice, partial, isCancelled: true)
        closeIfEnded(number, place)
    }

    /// All choices of a request have ended: gives its reservation back and tells the strategy what DONE has not told
    /// yet.
    private mutating func closeIfEnded(_ number: UInt64, _ place: Dictionary<UInt64, SessionRequest>.Index) {
        let request = requests.values[place]
        guard request.openChoices == 0 else { return }
        openRequests -= 1
        account.close(request)
        if let failure = request.failure {
            events.append(.failed(request: number, failure))
        } else if request.cancelledChoices > 0 {
            events.append(
                .cancelled(
                    request: number, tokensReceived: request.cancelledTokens, isEstimated: request.isCancelEstimated))
        }
    }

    // MARK: Events

    /// The strategy's next event; `nil`: it has to wait, or the session is over.
    mutating func nextEvent() -> SessionEvent? {
        while !isRunning || events.isEmpty, chargeCancelled() {}
        guard isRunning, !events.isEmpty else {
            if isRunning, openRequests == 0, timers.isEmpty {
                let message = "the strategy waits for nothing: no open request, no timer, no answer"
                fail(SessionError(kind: .plugin, message: message))
            }
            complete()
            return nil
        }
        let event = SessionEvent(seq: nextSeq, timeNanoseconds: now, body: events.removeFirst())
        nextSeq += 1
        turns += 1
        return event
    }

    /// The strategy's answer to an event.
    mutating func answer(_ event: SessionEvent, with actions: [SessionAction]) {
        for action in actions where isRunning { perform(action) }
        turnEnds(event)
    }

    /// The strategy did not answer an event, but failed.
    mutating func fail(_ event: SessionEvent, with fault: PluginFault) {
        hasFaulted = true
        fail(SessionError(kind: fault.isBreakdown ? .plugin : .strategy, message: fault.message))
        turnEnds(event)
    }

    /// The grader could not read a text that the strategy showed it.
    mutating func fail(_ event: SessionEvent, withGrader message: String) {
        fail(SessionError(kind: .grader, message: message))
    }

    private mutating func turnEnds(_ event: SessionEvent) {
        if case .stop = event.body {
            let message = "the strategy gave no answer when told to stop (budget)"
            fail(SessionError(kind: .strategy, message: message))
        }
        if turns > Self.maxTurns {
            var message = "the strategy keeps asking for what is refused"
            if case .timer = event.body { message = "the strategy keeps setting timers for times that have come" }
            fail(SessionError(kind: .plugin, message: message))
        }
        if timersInARow > Self.maxTimersInARow {
            let message = "the strategy set \(timersInARow) timers in a row, and nothing else happened between them"
            fail(SessionError(kind: .plugin, message: message))
        }
        if case .failed = event.body, let lastFailure, !servesInPart { fail(SessionError(lastFailure)) }
        guard !hasWarned, isRunning, account.isLow else { return }
        hasWarned = true
        events.append(.budget(remainingBudget))
    }

    // MARK: The end

    /// The strategy's instance could not be made.
    mutating func failToBegin(_ fault: PluginFault) { fail(SessionError(kind: .plugin, message: fault.description)) }

    /// Ends without an outcome.
    mutating func abort() { state = .finished }

    mutating func end(_ finish: FinishAction) {
        state = .finishing(finish)
        events.removeAll()
        timers.removeAll()
        for (number, request) in requests.sorted(by: { $0.key < $1.key })
        where request.openChoices > 0 && !request.isCancelling {
            giveUp(number)
        }
    }

    /// A request is no longer wanted.
    mutating func giveUp(_ number: UInt64) {
        let time = now
        requests[number]?.cancel(at: time)
        cancelOrder.append(number)
        effects.append(.cancel(request: number))
    }

    private mutating func fail(_ error: SessionError) {
        guard isRunning else { return }
        fault = error.kind == .strategy ? cause(error.message) : error
        end(FinishAction(kind: .error, answer: "", reason: "error"))
    }

    /// Why a finish is no result.
    private func lack(of finish: FinishAction) -> SessionError? {
        if finish.kind == .error { return cause(finish.reason) }
        return servesInPart ? nil : lastFailure.map { SessionError($0) }
    }

    /// A strategy that gives up because a model failed, or lacks what it needs, or a peer failed, is not at fault
    /// itself.
    private func cause(_ message: String) -> SessionError {
        if let lastFailure { return SessionError(lastFailure) }
        if let lack { return SessionError(kind: .model(.unsupported), message: lack) }
        if let peer = peers?.ownFailures.first, let kind = peer.errorKind {
            return SessionError(kind: .init(rawValue: kind), message: "\(message); '\(peer.arm)' failed (\(kind))")
        }
        return SessionError(kind: .strategy, message: message)
    }

    private mutating func complete() {
        guard case .finishing(let finish) = state, openRequests == 0 else { return }
        state = .finished
        if fault == nil { fault = lack(of: finish) }
        effects.append(
            .finished(
                SessionOutcome(
                    finish: finish, answer: finalAnswer(finish.answer), error: fault,
                    isCutOff: cutOffTexts.contains(finish.answer),
                    measure: measure, draws: account.draws, log: log)))
    }

    private var measure: SessionMeasure {
        var measure = account.measure
        measure.numbers = numbers
        return measure
    }
}
