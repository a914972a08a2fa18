internal import Completions
internal import Engine
internal import Foundation
internal import HostGraders
internal import Journal
internal import PluginHost
internal import SuiteModel

/// The two ways to get samples: from models, after those of a pool if there is one; or from a pool alone.
extension PreparedRun {
    func ask(_ observer: @escaping (RunProgress) -> Void) throws -> RunEnd {
        guard let backend = models.backend else { return .providerFailure("no model was reached") }
        let runtime = LiveRuntime()
        interruption.onSet(runtime.interrupt)
        let engine = try Engine(
            plan: plan, journal: begun.journal, backend: backend, runtime: runtime,
            grader: begun.opened.grader, prompt: prompts, observer: observer)
        if let recorded = try begun.pool?.reader() {
            engine.recorded = { try recorded.deck($0.ordinal, $1) }
            engine.judged = recorded.answer
        }
        return try engine.run()
    }

    func replay(
        _ pool: ReplayPool, workers: Int?, _ host: RunHost, _ observer: @escaping @Sendable (RunProgress) -> Void
    ) throws -> RunEnd {
        let interruption = interruption
        let run = ReplayRun(
            plan: plan, journal: begun.journal, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
            isInterrupted: { interruption.isSet }, makeReader: reader(pool, host), observer: observer)
        return try run.run()
    }

    /// What each worker reads items by.
    private func reader(_ pool: ReplayPool, _ host: RunHost) -> @Sendable () throws -> ReplayRun.ItemReader {
        let (suite, plugins, journal) = (begun.opened.suite, begun.opened.plugins, begun.journal)
        let shared = begun.opened.hostGrader
        return {
            WatchedProcess.restoreFolder()
            let file = try pool.reader()
            let prompts = try ItemStore.prompts(suite, host.datasets, host)
            let grader: any AnswerGrader =
                try shared ?? SuiteGrader.open(suite, plugins, environment: host.environment)
            return { ordinal in
                guard let item = try journal.item(ordinal) else {
                    throw JournalError(
                        path: journal.path, message: "item \(ordinal) is missing; the journal is damaged")
                }
                let own: any AnswerGrader =
                    pool.use.recordedScores
                    ? RecordedGrader(scores: try file.scores(ordinal), grader: grader) : grader
                return ReplayItem(
                    item: item, messages: Result { try prompts(item) }, grader: own,
                    samples: { try file.deck(ordinal, $0) },
                    judged: { repeatIndex in
                        { asked in
                            if let answer = try file.answer(asked, repeatIndex) { return answer }
                            throw RecordedMiss(
                                "the pool lacks what the judge '\(asked.role)' says of this answer; evalh replay … "
                                    + "--fill asks it")
                        }
                    })
            }
        }
    }
}

/// The wish that a run stops: told by a signal, looked at by workers or handed on to whoever waits.
final class Interruption: @unchecked Sendable {
    // Sendable: the lock guards both.
    private let lock = NSLock()
    private var value = false
    private var listener: (@Sendable () -> Void)?

    var isSet: Bool { lock.withLock { value } }

    @Sendable func set() {
        let listener = lock.withLock {
            value = true
            return self.listener
        }
        listener?()
    }

    /// Calls `listener` when it is set; at once if it is.
    func onSet(_ listener: @escaping @Sendable () -> Void) {
        let isSet = lock.withLock {
            self.listener = listener
            return value
        }
        if isSet { listener() }
    }
}
