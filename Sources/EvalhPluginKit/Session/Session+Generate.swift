import CEvalhPlugin

extension Session {
    /// Asks for n completions and waits for all of them.
    ///
    /// The k-th completion a session asks for with the same messages, prefix and sampling is sample k of that question
    /// in the run's sample pool, whichever arm asked first.
    ///
    /// - Parameters:
    ///   - n: 1 to 1,024.
    ///   - sampling: What differs from the suite's.
    ///   - prefix: Assistant text that the completions continue.
    ///   - messages: `nil`: the item's prompt.
    ///   - model: A role of the suite; empty: the arm's own.
    ///   - priority: Higher first, among this session's requests.
    /// - Returns: The choices by index; at least one.
    /// - Throws: `RequestFailed`, `Rejected`, `SessionStopped`, or `CancellationError` if the task is cancelled.
    ///   Completions that came before a failure are lost; `gather` keeps them.
    public func generate(
        n: Int = 1, sampling: Sampling? = nil, prefix: String = "", messages: [Message]? = nil, model: String = "",
        priority: Int = 0
    ) async throws -> [Choice] {
        let request = try submit(
            n: n, sampling: sampling, prefix: prefix, messages: messages, model: model, priority: priority,
            isStream: false)
        await completion(of: request)
        return try request.batch.all()
    }

    /// One completion; else as `generate`.
    public func complete(
        sampling: Sampling? = nil, prefix: String = "", messages: [Message]? = nil, model: String = "",
        priority: Int = 0
    ) async throws -> Choice {
        let request = try submit(
            n: 1, sampling: sampling, prefix: prefix, messages: messages, model: model, priority: priority,
            isStream: false)
        await completion(of: request)
        return try request.batch.one()
    }

    /// As `generate`, but throws nothing: gives what came, and what kept the rest from coming.
    public func gather(
        n: Int = 1, sampling: Sampling? = nil, prefix: String = "", messages: [Message]? = nil, model: String = "",
        priority: Int = 0
    ) async -> Batch {
        let request: PendingRequest
        do {
            request = try submit(
                n: n, sampling: sampling, prefix: prefix, messages: messages, model: model, priority: priority,
                isStream: false)
        } catch {
            return Batch(choices: [], interruption: error)
        }
        await completion(of: request)
        return request.batch
    }

    /// Asks for completions that continue the first bytes of an earlier one and then `append`, with its messages.
    ///
    /// - Parameters:
    ///   - choice: Where to branch off.
    ///   - offset: How many UTF-8 bytes of its text are kept, on a character boundary; `nil`: all.
    ///   - append: Text put after them, before the model goes on.
    ///   - n: 1 to 1,024.
    ///   - sampling: `nil`: that of the earlier request.
    ///   - priority: Higher first, among this session's requests.
    /// - Throws: As `generate`.
    public func fork(
        _ choice: Choice, at offset: Int? = nil, append: String = "", n: Int = 1, sampling: Sampling? = nil,
        priority: Int = 0
    ) async throws -> [Choice] {
        let request = try submitFork(
            of: choice.request, choice: choice.index, at: offset ?? choice.text.utf8.count, append: append, n: n,
            sampling: sampling, priority: priority)
        await completion(of: request)
        return try request.batch.all()
    }

    /// Until a request's last event. A cancelled task gives its request up at once.
    func completion(of request: PendingRequest) async {
        await withTaskCancellationHandler {
            while request.ending == nil { await request.nextChange() }
        } onCancel: {
            self.abandon(request)
        }
    }
}

extension PendingRequest {
    var batch: Batch { Batch(choices: choices.sorted { $0.index < $1.index }, interruption: interruption) }
}
