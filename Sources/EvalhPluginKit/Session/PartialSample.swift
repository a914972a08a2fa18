/// A stream that is read in parts: up to a number of tokens, later further, at last to its end.
///
/// ```swift
/// var sample = PartialSample(try session.stream())
/// await sample.read(until: 64)
/// if isHopeless(sample.text) { await sample.stop() } else { await sample.read(until: .max) }
/// ```
public struct PartialSample {
    /// What is read. Nothing else may iterate over it.
    public let stream: CompletionStream
    private var iterator: CompletionStream.AsyncIterator
    /// What was read.
    public private(set) var text = ""
    /// How many tokens were read. A chunk of unknown size counts as one token.
    public private(set) var tokens = 0
    /// Whether it was read to its end.
    public private(set) var hasEnded = false
    /// Whether it was given up by `stop`.
    public private(set) var isStopped = false
    /// What kept the rest from coming: `RequestFailed`, `Rejected`, `SessionStopped` or `CancellationError`.
    public private(set) var interruption: (any Error)?

    /// A sample of which nothing is read yet.
    public init(_ stream: CompletionStream) {
        self.stream = stream
        iterator = stream.makeAsyncIterator()
    }

    /// Whether there may be more to read.
    public var isOpen: Bool { !hasEnded && !isStopped && interruption == nil }

    /// The whole completion, if it ended by itself and was not given up.
    public var choice: Choice? { isStopped ? nil : stream.choice }

    /// Reads until there are at least so many tokens, or the stream ends.
    public mutating func read(until limit: Int) async {
        while isOpen, tokens < limit {
            do {
                if let chunk = try await iterator.next() {
                    text += chunk.text
                    tokens += chunk.tokenCount ?? max(1, chunk.tokens.count)
                } else {
                    hasEnded = true
                }
            } catch {
                interruption = error
            }
        }
    }

    /// Gives it up and waits until its request has ended. One that ended meanwhile is given up too, so that its speed
    /// makes no difference.
    public mutating func stop() async {
        isStopped = true
        _ = try? await stream.cancel()
    }
}
