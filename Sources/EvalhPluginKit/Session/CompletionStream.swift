/// A completion that is read while it is generated, see `Session.stream`.
///
/// ```swift
/// let stream = try session.stream()
/// for try await chunk in stream {
///     if isEnough(stream.text) { return Answer(try await stream.cancel().text) }
/// }
/// ```
///
/// Iterating throws `RequestFailed`, `Rejected`, `SessionStopped`, or `CancellationError` if the task is cancelled; it
/// ends after the last chunk. A stream can be iterated once.
public struct CompletionStream: AsyncSequence, Sendable {
    let session: Session
    let pending: PendingRequest

    /// The request, to fork from.
    public var request: RequestID { RequestID(number: pending.id) }
    /// All text received so far, be it read or not.
    public var text: String { pending.choices.first?.text ?? pending.text }
    /// All thinking received so far that the endpoint sends apart from the text, be it read or not; empty: none. A
    /// thought that stands in the text is part of `text`.
    public var reasoning: String { pending.choices.first?.reasoning ?? pending.reasoning }
    /// All tokens received so far, if log-probabilities were asked for.
    public var tokens: [Token] { pending.choices.first?.tokens ?? pending.tokens }
    /// The whole completion, once it has ended by itself.
    public var choice: Choice? { pending.choices.first }

    /// Ends the generation at once and waits until the host has counted it. If the completion ended before, it is
    /// whole.
    ///
    /// - Throws: `RequestFailed`, `Rejected`, `SessionStopped`.
    public func cancel() async throws -> Cancellation {
        session.pushCancel(of: pending)
        await session.completion(of: pending)
        switch pending.ending {
        case .complete, .result, nil: return Cancellation(text: text, tokens: tokens, choice: choice)
        case .cancelled(let count, let isEstimated):
            return Cancellation(text: text, tokens: tokens, tokensReceived: count, isEstimated: isEstimated)
        case .failed, .rejected, .stopped, .abandoned: throw pending.interruption ?? CancellationError()
        }
    }

    /// Asks for a continuation of the first bytes of this completion, be it still running or not, and then `append`.
    ///
    /// - Parameters:
    ///   - offset: How many UTF-8 bytes of the text received are kept, on a character boundary.
    ///   - append: Text put after them, before the model goes on.
    ///   - n: 1 to 1,024.
    ///   - sampling: `nil`: the stream's.
    ///   - priority: Higher first, among this session's requests.
    /// - Throws: As `Session.generate`.
    public func fork(at offset: Int, append: String = "", n: Int = 1, sampling: Sampling? = nil, priority: Int = 0)
        async throws
        -> [Choice]
    {
        let fork = try session.submitFork(
            of: request, choice: 0, at: offset, append: append, n: n, sampling: sampling, priority: priority)
        await session.completion(of: fork)
        return try fork.batch.all()
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(session: session, pending: pending)
    }

    /// Reads chunks in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let session: Session
        let pending: PendingRequest

        public mutating func next() async throws -> Chunk? {
            try Task.checkCancellation()
            let pending = pending
            let session = session
            await withTaskCancellationHandler {
                while pending.chunks.isEmpty, pending.ending == nil { await pending.nextChange() }
            } onCancel: {
                session.abandon(pending)
            }
            if let chunk = pending.chunks.popFirst() { return chunk }
            if let interruption = pending.interruption { throw interruption }
            return nil
        }
    }
}

/// More of a streamed completion.
public struct Chunk: Hashable, Sendable {
    /// The new text.
    public var text: String
    /// The new tokens, if log-probabilities were asked for.
    public var tokens: [Token]
    /// How many tokens are new; `nil`: unknown.
    public var tokenCount: Int?
    /// The new thinking, if the endpoint sends it apart from the text; `text` is empty then.
    public var reasoning: String

    /// A piece of a completion; for tests, as strategies get theirs from a stream.
    public init(text: String, tokens: [Token] = [], tokenCount: Int? = nil, reasoning: String = "") {
        self.text = text
        self.reasoning = reasoning
        self.tokens = tokens
        self.tokenCount = tokenCount
    }
}

/// What is known of a stream that was cancelled.
public struct Cancellation: Hashable, Sendable {
    /// All text received.
    public var text: String
    /// All tokens received, if log-probabilities were asked for.
    public var tokens: [Token]
    /// Tokens received and paid, as counted by the host; `nil` if the completion ended before the cancel took effect.
    public var tokensReceived: Int?
    /// Whether the host estimated that number.
    public var isEstimated = false
    /// The whole completion, if it ended before the cancel took effect.
    public var choice: Choice?
}

extension Session {
    /// Asks for one completion and gives its chunks while it is generated. Parameters as for `generate`.
    ///
    /// - Throws: `SessionStopped`, or `Rejected` if the host takes no more actions; that the endpoint cannot stream is
    ///   thrown by the first chunk.
    public func stream(
        sampling: Sampling? = nil, prefix: String = "", messages: [Message]? = nil, model: String = "",
        priority: Int = 0
    ) throws -> CompletionStream {
        let request = try submit(
            n: 1, sampling: sampling, prefix: prefix, messages: messages, model: model, priority: priority,
            isStream: true)
        return CompletionStream(session: self, pending: request)
    }

    /// As `fork`, streamed.
    public func streamFork(
        _ choice: Choice, at offset: Int? = nil, append: String = "", sampling: Sampling? = nil, priority: Int = 0
    ) throws -> CompletionStream {
        let request = try submitFork(
            of: choice.request, choice: choice.index, at: offset ?? choice.text.utf8.count, append: append, n: 1,
            sampling: sampling, priority: priority, isStream: true)
        return CompletionStream(session: self, pending: request)
    }
}
