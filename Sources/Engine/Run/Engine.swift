package import Completions
internal import Foundation
package import Journal
internal import PluginHost

/// Carries out a plan: starts sessions as capacity allows, gives them what they ask for from the pool or from a model,
/// makes every completion durable before its strategy sees it, grades and records. Single-threaded: whoever calls `run`
/// is its thread.
///
/// Live objects are bounded by the plan's concurrency, never by items × samples: sessions are pulled one by one, items
/// are read from the journal when their turn comes.
package final class Engine {
    let plan: RunPlan
    let journal: Journal
    let backend: any ModelBackend
    let runtime: any EngineRuntime
    let grader: any AnswerGrader
    let prompt: (JournalItem) throws -> [ChatMessage]
    let observer: (RunProgress) -> Void

    var sequence: SessionSequence
    /// The rounds of a run whose sessions an allocator chooses.
    private var rounds: SessionRounds?
    private var round: ArraySlice<SessionKey> = []
    /// A session of the second pass that waits for the first to end.
    private var held: SessionKey?
    /// What the first pass gave, once it has ended.
    var peers: PeerTable?
    /// Recorded samples that are drawn before a model is asked.
    package var recorded: ((JournalItem, _ repeatIndex: Int) throws -> any RecordedSamples)?
    /// What models said to graders when it was recorded, looked up before a model is asked.
    package var judged: ((GradingQuestion.Request, _ repeatIndex: Int) throws -> Completion?)?
    var sessions: [UInt64: LiveSession] = [:]
    /// Sessions that have ended and wait for their grade.
    var gradings: [UInt64: SessionGrading] = [:]
    /// What gradings have asked of models.
    var questions: [UInt64: OpenQuestion] = [:]
    var nextSessionID: UInt64 = 1
    /// Sessions whose next pending input may be due.
    var queued: [UInt64] = []
    /// Sessions that have had their share of this turn of the loop.
    var deferred: [UInt64] = []
    var turnNumber = 0
    /// What happened, on its way to sessions.
    var inputs: [(session: UInt64, input: SessionInput)] = []
    var inputHead = 0
    var wakeups = Wakeups()

    var broker: SampleBroker
    var batch = JournalBatch()
    var lastWrite: Int64 = 0
    var progress: RunProgress
    var progressRows: [SessionSlot: Int] = [:]
    var end: RunEnd?
    var finishedOfItem: (item: Int, keys: Set<SessionKey>)?
    var currentItem: (item: JournalItem, fieldsJSON: String, messages: Result<[ChatMessage], any Error>)?
    let startedAt: Int64
    var lastProgress: Int64 = 0

    /// An arm's level in the report's rows.
    struct SessionSlot: Hashable {
        var arm: Int
        var level: Int
    }

    /// - Parameters:
    ///   - prompt: renders an item's prompt.
    ///   - observer: is told how the run goes, at most five times a second.
    package init(
        plan: RunPlan, journal: Journal, backend: any ModelBackend, runtime: any EngineRuntime,
        grader: any AnswerGrader,
        prompt: @escaping (JournalItem) throws -> [ChatMessage], observer: @escaping (RunProgress) -> Void
    ) throws(JournalError) {
        self.plan = plan
        self.journal = journal
        self.backend = backend
        self.runtime = runtime
        self.grader = grader
        self.prompt = prompt
        self.observer = observer
        sequence = SessionSequence(plan)
        let paid = try journal.paidTotals()
        broker = SampleBroker(
            models: plan.models, suiteSeed: plan.seed,
            ledger: BudgetLedger(limits: plan.budget, spent: .init(tokens: paid.usage.totalTokens, usd: paid.usd)),
            firstRefusals: FirstRefusals(sessions: plan.sessionCount, answers: paid.completions))
        startedAt = runtime.now
        lastWrite = startedAt
        var rows: [RunProgress.Arm] = []
        for (arm, description) in plan.arms.enumerated() {
            for level in description.levels {
                progressRows[SessionSlot(arm: arm, level: level.index)] = rows.count
                rows.append(RunProgress.Arm(id: description.id, levelJSON: level.levelJSON))
            }
        }
        progress = RunProgress(arms: rows, sessionsTotal: plan.sessionCount)
        progress.paid = paid
        try journal.forEachFinishedScore { key, score, isError in self.count(key, score: score, isError: isError) }
    }

    /// Runs until everything is done or something stops it. What was finished until then is in the journal in any case.
    package func run() throws(JournalError) -> RunEnd {
        if let make = plan.allocator {
            do { rounds = try SessionRounds(plan: plan, journal: journal, make: make) } catch {
                return .allocatorFault("\(error)")
            }
            progress.sessionsTotal = 0
        }
        while !(try turn()) {}
        try flush()
        assert(broker.isAtRest, "the run is over, and somebody still waits")
        report(force: true)
        return finalEnd
    }

    /// A ceiling that was passed is told, whether or not it ended the run.
    private var finalEnd: RunEnd {
        let end = end ?? .complete
        switch end {
        case .complete, .budgetReached: return broker.ledger.passed.map { .budgetPassed($0) } ?? end
        default: return end
        }
    }

    private var isExhausted = false

    /// One round of the run's loop: starts what there is room for, waits for the next events, makes what they brought
    /// durable, then hands it on.
    /// - Returns: whether the run is over.
    package func turn() throws(JournalError) -> Bool {
        if runtime.isInterrupted {
            stop(.interrupted)
            letGradingsGo()
        }
        if let limit = plan.budget.seconds, elapsedSeconds >= limit {
            stop(.budgetReached("wall time of \(limit) s"))
        }
        turnNumber += 1
        queued += deferred
        deferred.removeAll()
        try fill()
        try deliverAll()
        if isAtRest { return end != nil || isExhausted }
        report(force: false)
        if !batch.isEmpty, runtime.now - lastWrite > 1_000_000_000 { try flush() }
        for event in runtime.wait(until: nextDeadline()) {
            switch event {
            case .model(let call, let event): perform(broker.receive(call, event))
            case .graded(let id, let result): try advance(id, result)
            }
        }
        try flush()
        wake()
        perform(broker.sendQueued())
        return false
    }

    private func nextDeadline() -> Int64? {
        if !deferred.isEmpty { return runtime.now }
        // Only queued calls are left: nothing will come, the run's budget decides.
        if broker.openCalls == 0, gradings.isEmpty || broker.hasQueue { return runtime.now }
        var deadline = runtime.now + 200_000_000
        if let first = wakeups.first { deadline = min(deadline, first) }
        if let limit = plan.budget.seconds { deadline = min(deadline, startedAt + Int64(limit * 1e9)) }
        return deadline
    }

    func flush() throws(JournalError) {
        guard !batch.isEmpty else { return }
        try journal.write(batch)
        batch = JournalBatch()
        lastWrite = runtime.now
    }

    /// Starts sessions while the endpoints are not busy enough.
    private func fill() throws(JournalError) {
        while end == nil, !isExhausted, !broker.hasQueue, sessions.count + gradings.count < plan.concurrency * 4,
            broker.samplesUnderWay < plan.concurrency + plan.concurrency / 2
        {
            guard let key = try nextSession() else { return }
            if finishedOfItem?.item != key.item {
                finishedOfItem = (key.item, try journal.finishedKeys(item: key.item))
            }
            if finishedOfItem?.keys.contains(key) == true { continue }
            try begin(key)
            try deliverAll()
        }
    }

    /// The next session that may begin now; `nil`: none is left, or those of the first pass must end before.
    private func nextSession() throws(JournalError) -> SessionKey? {
        if let rounds { return try nextSession(of: rounds) }
        guard let key = held ?? sequence.next() else {
            isExhausted = true
            return nil
        }
        held = nil
        if plan.arms[key.arm].pass == .overPeers, peers == nil {
            guard isAtRest else {
                held = key
                return nil
            }
            try flush()
            peers = try PeerTable(plan: plan, journal: journal)
        }
        return key
    }

    /// The next session of the round; a new round begins when all sessions of the last have ended.
    private func nextSession(of rounds: SessionRounds) throws(JournalError) -> SessionKey? {
        if let key = round.popFirst() { return key }
        guard isAtRest else { return nil }
        try flush()
        do {
            round = try rounds.next(journal)[...]
        } catch {
            stop(.allocatorFault("\(error)"))
            return nil
        }
        progress.sessionsTotal = rounds.record.sessions
        if round.isEmpty { isExhausted = true }
        return round.popFirst()
    }

    /// No session is under way or waits for its grade, and no call is open.
    private var isAtRest: Bool { sessions.isEmpty && gradings.isEmpty && broker.openCalls == 0 }

    /// Stops starting anything, lets go of the sessions under way and cancels their calls; what they had received is
    /// recorded. Sessions that have ended get their grade, unless a model would have to be asked for it.
    func stop(_ reason: RunEnd) {
        guard end == nil else { return }
        end = reason
        for session in sessions.values { session.strategy.abort() }
        sessions.removeAll()
        letQuestionsGo()
        inputs.removeAll()
        inputHead = 0
        perform(broker.stop())
    }

    var elapsedSeconds: Double { Double(runtime.now - startedAt) / 1e9 }

    private func report(force: Bool) {
        let now = runtime.now
        guard force || now - lastProgress >= 200_000_000 else { return }
        lastProgress = now
        progress.samplesInFlight = broker.samplesUnderWay
        progress.liveSessions = sessions.count + gradings.count
        progress.elapsedSeconds = elapsedSeconds
        observer(progress)
    }

    func count(_ key: SessionKey, score: Double?, isError: Bool) {
        guard let row = progressRows[SessionSlot(arm: key.arm, level: key.level)] else { return }
        progress.sessionsDone += 1
        progress.arms[row].sessions += 1
        if isError { progress.arms[row].errors += 1 }
        progress.arms[row].scoreSum += score ?? 0
    }
}

/// Times of the runtime's clock at which sessions want to be looked at.
struct Wakeups {
    private var heap: [(time: Int64, session: UInt64)] = []

    var first: Int64? { heap.first?.time }

    mutating func insert(_ time: Int64, _ session: UInt64) {
        heap.append((time, session))
        var child = heap.count - 1
        while child > 0, heap[child].time < heap[(child - 1) / 2].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop(until now: Int64) -> UInt64? {
        guard let top = heap.first, top.time <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time < heap[least].time { least = child }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return top.session
    }
}
