package import Completions
internal import Dispatch
package import Journal
internal import PluginHost
internal import Synchronization

/// A question with its recorded samples, as one worker sees it.
package struct ReplayItem {
    package var item: JournalItem
    /// The prompt, or why it cannot be rendered.
    package var messages: Result<[ChatMessage], any Error>
    package var grader: any AnswerGrader
    /// The samples of a session of a repeat.
    package var samples: (_ repeatIndex: Int) throws -> any RecordedSamples
    /// What models said to the grader in a session of a repeat; `nil`: that was not recorded.
    package var judged: ((_ repeatIndex: Int) -> GradingQuestion.Answerer)?

    package init(
        item: JournalItem, messages: Result<[ChatMessage], any Error>, grader: any AnswerGrader,
        samples: @escaping (_ repeatIndex: Int) throws -> any RecordedSamples,
        judged: ((_ repeatIndex: Int) -> GradingQuestion.Answerer)? = nil
    ) {
        self.item = item
        self.messages = messages
        self.grader = grader
        self.samples = samples
        self.judged = judged
    }
}

/// Carries out a plan on recorded samples alone: no model, no clock, no network. Workers take items one by one; each
/// session runs in simulated time of its own, so that results depend on nothing but plan and samples.
package final class ReplayRun: Sendable {
    /// One worker's way to items; made by the worker.
    package typealias ItemReader = (_ ordinal: Int) throws -> ReplayItem

    private static let batchSize = 1024

    private let plan: RunPlan
    private let journal: Journal
    private let workers: Int
    private let makeReader: @Sendable () throws -> ItemReader
    private let isInterrupted: @Sendable () -> Bool
    private let observer: @Sendable (RunProgress) -> Void
    private let state: Mutex<State>
    private let startedAt = ContinuousClock.now

    private struct State {
        var nextItem: Int
        /// The items of an allocator's round with their sessions; `nil`: all items, all sessions.
        var round: ArraySlice<(item: Int, keys: [SessionKey])>?
        var batch = JournalBatch()
        var failure: (any Error)?
        var progress: RunProgress
        var rows: [SessionSlot: Int] = [:]
        var peers: PeerTable?
        /// Whether the journal had sessions when the run began.
        var skipsFinished = false
    }

    private struct SessionSlot: Hashable {
        var arm: Int
        var level: Int
    }

    /// - Parameters:
    ///   - workers: threads.
    ///   - makeReader: called once by each worker.
    ///   - observer: told how far it is, at most five times a second; from any worker, one at a time.
    package init(
        plan: RunPlan, journal: Journal, workers: Int, isInterrupted: @escaping @Sendable () -> Bool,
        makeReader: @escaping @Sendable () throws -> ItemReader, observer: @escaping @Sendable (RunProgress) -> Void
    ) {
        self.plan = plan
        self.journal = journal
        self.workers = max(1, workers)
        self.makeReader = makeReader
        self.isInterrupted = isInterrupted
        self.observer = observer
        var arms: [RunProgress.Arm] = []
        var rows: [SessionSlot: Int] = [:]
        for (arm, description) in plan.arms.enumerated() {
            for level in description.levels {
                rows[SessionSlot(arm: arm, level: level.index)] = arms.count
                arms.append(RunProgress.Arm(id: description.id, levelJSON: level.levelJSON))
            }
        }
        state = Mutex(
            State(
                nextItem: plan.shard.index, progress: RunProgress(arms: arms, sessionsTotal: plan.sessionCount),
                rows: rows))
    }

    /// Runs until all sessions are recorded, or until it is interrupted.
    package func run() throws -> RunEnd {
        try countFinished()
        if let make = plan.allocator {
            let rounds: SessionRounds
            do { rounds = try SessionRounds(plan: plan, journal: journal, make: make) } catch {
                return .allocatorFault("\(error)")
            }
            return try run(rounds)
        }
        for pass in SessionPass.allCases where plan.arms.contains(where: { $0.pass == pass }) {
            if pass == .overPeers {
                let table = try PeerTable(plan: plan, journal: journal)
                state.withLock { $0.peers = table }
            }
            state.withLock { $0.nextItem = plan.shard.index }
            DispatchQueue.concurrentPerform(iterations: workers) { _ in self.work(pass) }
            try state.withLock { state in
                if let failure = state.failure { throw failure }
                try flush(&state, atLeast: 1)
            }
            if isInterrupted() { return .interrupted }
        }
        return .complete
    }

    /// A replay that is gone on with: what was finished stays.
    private func countFinished() throws {
        var finished: [(key: SessionKey, score: Double?, isError: Bool)] = []
        try journal.forEachFinishedScore { finished.append(($0, $1, $2)) }
        state.withLock { state in
            state.skipsFinished = !finished.isEmpty
            for (key, score, isError) in finished { count(key, score: score, isError: isError, &state) }
        }
    }

    private func run(_ rounds: SessionRounds) throws -> RunEnd {
        while !isInterrupted() {
            let keys: [SessionKey]
            do { keys = try rounds.next(journal) } catch { return .allocatorFault("\(error)") }
            guard !keys.isEmpty else { return .complete }
            let byItem = Dictionary(grouping: keys, by: \.item).sorted { $0.key < $1.key }
            state.withLock { state in
                state.round = byItem.map { (item: $0.key, keys: $0.value) }[...]
                state.progress.sessionsTotal = rounds.record.sessions
            }
            DispatchQueue.concurrentPerform(iterations: workers) { _ in self.work(.models) }
            try state.withLock { state in
                if let failure = state.failure { throw failure }
                try flush(&state, atLeast: 1)
            }
        }
        return .interrupted
    }

    private func work(_ pass: SessionPass) {
        do {
            let reader = try makeReader()
            while !isInterrupted(), let (ordinal, keys) = takeItem() {
                let open = try unfinished(keys ?? allKeys(ordinal, pass), ordinal)
                guard !open.isEmpty else { continue }
                let records = try sessions(of: reader(ordinal), keys: open)
                try state.withLock { state in
                    for record in records {
                        count(record.key, score: record.score, isError: record.error != nil, &state)
                    }
                    state.batch.sessions += records
                    try flush(&state, atLeast: Self.batchSize)
                    report(&state)
                }
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }

    /// At most five times a second.
    private func report(_ state: inout State) {
        let elapsed = (ContinuousClock.now - startedAt) / .seconds(1)
        guard elapsed - state.progress.elapsedSeconds >= 0.2 else { return }
        state.progress.elapsedSeconds = elapsed
        observer(state.progress)
    }

    /// The next item, with its sessions where an allocator chose them.
    private func takeItem() -> (ordinal: Int, keys: [SessionKey]?)? {
        state.withLock { state in
            guard state.failure == nil else { return nil }
            if state.round != nil { return state.round?.popFirst().map { ($0.item, $0.keys) } }
            guard state.nextItem < plan.itemCount else { return nil }
            defer { state.nextItem += plan.shard.count }
            return (state.nextItem, nil)
        }
    }

    private func allKeys(_ ordinal: Int, _ pass: SessionPass) -> [SessionKey] {
        plan.arms.indices.filter { plan.arms[$0].pass == pass && !plan.leftOut.contains($0) }.flatMap { arm in
            plan.arms[arm].levels.flatMap { level in
                (0..<plan.repeats).map { SessionKey(item: ordinal, arm: arm, level: level.index, repeatIndex: $0) }
            }
        }
    }

    private func unfinished(_ keys: [SessionKey], _ ordinal: Int) throws -> [SessionKey] {
        guard state.withLock({ $0.skipsFinished }) else { return keys }
        let finished = try journal.finishedKeys(item: ordinal)
        return keys.filter { !finished.contains($0) }
    }

    private func flush(_ state: inout State, atLeast count: Int) throws(JournalError) {
        guard state.batch.sessions.count >= count else { return }
        try journal.write(state.batch)
        state.batch = JournalBatch()
    }

    private func count(_ key: SessionKey, score: Double?, isError: Bool, _ state: inout State) {
        state.progress.sessionsDone += 1
        guard let row = state.rows[SessionSlot(arm: key.arm, level: key.level)] else { return }
        state.progress.arms[row].sessions += 1
        if isError { state.progress.arms[row].errors += 1 }
        state.progress.arms[row].scoreSum += score ?? 0
    }

    private func sessions(of item: ReplayItem, keys: [SessionKey]) throws -> [SessionRecord] {
        let peers = state.withLock { $0.peers }
        let fieldsJSON = plan.shownFields(item.item)
        var records: [SessionRecord] = []
        for key in keys {
            let arm = plan.arms[key.arm]
            guard let level = arm.levels.first(where: { $0.index == key.level }) else { continue }
            records.append(try session(key, arm, level, item, fieldsJSON, peers))
        }
        return records
    }

    private func session(
        _ key: SessionKey, _ arm: RunArm, _ level: RunLevel, _ item: ReplayItem, _ fieldsJSON: String,
        _ peers: PeerTable?
    ) throws -> SessionRecord {
        let messages: [ChatMessage]
        switch item.messages {
        case .success(let rendered): messages = rendered
        case .failure(let error):
            return SessionGrading.record(key, failedWith: SessionError(kind: .prompt, message: "\(error)"))
        }
        let start = plan.start(key, arm, level, item.item, messages, fieldsJSON: fieldsJSON)
        let samples = try item.samples(key.repeatIndex)
        do throws(RecordedMiss) {
            let outcome = try SessionReplay.run(
                strategy: arm.strategy, samples: samples, limits: plan.sessionBudget
            ) {
                StrategySession(
                    start: start, models: plan.models, limits: plan.sessionBudget, peers: peers?.view(key, arm),
                    servesInPart: arm.servesInPart, logLimits: plan.log, grader: item.grader)
            }
            var record = SessionGrading(key, outcome, item.item, item.grader).waited(
                item.judged?(key.repeatIndex))
            // The pool has them one by one, in an order that can be had again.
            record.draws = []
            return record
        } catch {
            return SessionGrading.record(key, failedWith: SessionError(kind: .poolMiss, message: error.message))
        }
    }
}
