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
    ///   - sampling: `nil`: that of the earlier request.
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

/// What came of a request.
public struct Batch: Sendable {
    /// By index.
    public var choices: [Choice]
    /// Why there are not more: `RequestFailed`, `Rejected`, `SessionStopped` or `CancellationError`; `nil`: they are
    /// all there.
    public var interruption: (any Error)?

    public init(choices: [Choice], interruption: (any Error)? = nil) {
        self.choices = choices
        self.interruption = interruption
    }

    /// The interruption as an answer's reason, in a short fixed word, or in the host's if it stopped the session;
    /// `nil`: none.
    public var interruptionReason: String? {
        switch interruption {
        case nil: nil
        case let error as SessionStopped: error.reason
        case let error as Rejected: error.reason == .budget ? "budget" : "rejected"
        case is RequestFailed: "request_failed"
        default: "interrupted"
        }
    }

    /// All choices, or the interruption thrown.
    func all() throws -> [Choice] {
        if let interruption { throw interruption }
        guard !choices.isEmpty else { throw RequestFailed(.server, message: "the request ended without a completion") }
        return choices
    }

    func one() throws -> Choice {
        guard let choice = try all().first else {
            throw RequestFailed(.server, message: "the request ended without a completion")
        }
        return choice
    }
}
