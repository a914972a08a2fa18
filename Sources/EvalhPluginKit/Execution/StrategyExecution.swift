import CEvalhPlugin
import Synchronization

/// A strategy of any type, as the tables know it.
struct AnyStrategy: Sendable {
    typealias Solve = @Sendable (Item, Session) async throws -> Answer
    /// Reads parameters and makes a strategy of them.
    let prepare: @Sendable (_ parametersJSON: String) throws -> Solve
    let estimate: @Sendable (_ parametersJSON: String) throws -> Estimate?
    /// Throws what is wrong with parameters that keep their schema.
    let validate: @Sendable (_ parametersJSON: String) throws -> Void

    init<S: Strategy>(_ type: S.Type) {
        let last = LastParameters<S.Parameters>()
        prepare = { json in
            let strategy = try S(parameters: last.parameters(json))
            return { item, session in try await strategy.solve(item, in: session) }
        }
        estimate = { json in S.estimate(try S.Parameters(json: json)) }
        validate = { json in try S.validate(try S.Parameters(json: json)) }
    }
}

/// The parameters read last: sessions of an arm have the same text, and reading it costs as much as a short session.
private final class LastParameters<Parameters: PluginParameters>: Sendable {
    private let last = Mutex<(json: String, parameters: Parameters)?>(nil)

    func parameters(_ json: String) throws -> Parameters {
        try last.withLock { last in
            if let last, last.json == json { return last.parameters }
            let parameters = try Parameters(json: json)
            last = (json, parameters)
            return parameters
        }
    }
}

/// One session's instance: what the host's `create`, `step` and `destroy` work on.
///
/// Unchecked: the host's calls on one instance never overlap, and the task it holds runs only inside them.
final class StrategyExecution: @unchecked Sendable {
    private let strategy: AnyStrategy
    private let session: Session
    private var task: Task<Void, Never>?
    private var hasFinished = false
    private var failure: String?

    init(_ strategy: AnyStrategy, session: Session) {
        self.strategy = strategy
        self.session = session
    }

    /// Takes events one at a time: after each, everything it makes possible is done before the next is looked at. So
    /// how the events are grouped into calls makes no difference.
    func step(_ events: UnsafePointer<UnsafePointer<evalh_event>?>?, count: UInt64, out: UnsafePointer<evalh_out>?)
        -> Int32
    {
        guard let events, let count = Int(exactly: count) else { return count == 0 ? EVALH_OK : EVALH_FAILED }
        session.out = out
        defer { session.out = nil }
        for index in 0..<count where !hasFinished {
            guard let event = events[index], event.pointee.struct_size >= UInt32(MemoryLayout<evalh_event>.size) else {
                return fail("the host passed an event without a header")
            }
            do { try take(event) } catch { return fail((error as? EventFault)?.message ?? "\(error)") }
            session.executor.runUntilIdle()
            if let failure { return fail(failure) }
            if task != nil, !hasFinished, !session.isWaiting {
                return fail(
                    "solve waits for something that is not the session: Task.sleep, another thread, an unstructured "
                        + "task"
                )
            }
        }
        return EVALH_OK
    }

    /// Ends everything that is still suspended, so that nothing is left behind.
    func destroy() {
        hasFinished = true
        session.stop(SessionStopped(reason: "destroyed"))
        task?.cancel()
        session.executor.runUntilIdle()
        task = nil
    }

    private func take(_ event: UnsafePointer<evalh_event>) throws {
        session.now = event.pointee.time_ns
        guard Int32(event.pointee.type) == EVALH_EVENT_START else {
            // A session that is stopped before it began has nothing to say, yet must say so.
            if task == nil, Int32(event.pointee.type) == EVALH_EVENT_STOP {
                finish(.none(reason: String(try session.read(event, as: evalh_event_stop.self).reason)))
                return
            }
            return try session.receive(event)
        }
        guard task == nil else { throw EventFault(message: "the host started a session twice") }
        let start = try session.read(event, as: evalh_event_start.self)
        session.models = Array(copying: start.models, count: start.model_count) { Model($0.pointee) }
        session.services = Array(copying: start.services, count: start.service_count) { ServiceInfo($0.pointee) }
        session.seed = start.seed
        session.repeatIndex = Int(start.repeat)
        let solve = try strategy.prepare(String(start.parameters_json))
        let item = Item(start)
        session.prompt = item.messages
        task = Task(executorPreference: session.executor) { [self] in
            let result: Result<Answer, any Error>
            do { result = .success(try await solve(item, session)) } catch { result = .failure(error) }
            solved(result)
        }
    }

    private func solved(_ result: Result<Answer, any Error>) {
        guard !hasFinished else { return }
        switch result {
        case .success(let answer): finish(answer)
        case .failure(let error as SessionStopped): finish(.none(reason: error.reason))
        case .failure(is CancellationError) where session.stopped != nil:
            finish(.none(reason: session.stopped?.reason ?? ""))
        case .failure(let error as Rejected) where error.reason == .budget: finish(.none(reason: "budget"))
        case .failure(let error): finish(.none(reason: "\(error)"), isError: true)
        }
    }

    private func finish(_ answer: Answer, isError: Bool = false) {
        if session.finish(answer, isError: isError) {
            hasFinished = true
        } else {
            failure = "the host did not take the answer"
        }
    }

    private func fail(_ message: String) -> Int32 {
        session.fail(message)
        return EVALH_FAILED
    }
}

extension Session {
    /// Says why the call that is about to return EVALH_FAILED failed.
    func fail(_ message: String) {
        var arena = Arena()
        host.pointee.set_error?(handle, EVALH_FAILED, arena.text(message))
        withExtendedLifetime(arena) {}
    }
}
