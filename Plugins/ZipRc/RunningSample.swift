import EvalhPluginKit

/// A stream that is read from checkpoint to checkpoint.
struct RunningSample {
    let stream: CompletionStream
    private var iterator: CompletionStream.AsyncIterator
    private(set) var text = ""
    private(set) var tokens = 0
    private(set) var hasEnded = false
    private(set) var interruption: (any Error)?
    private(set) var isStopped = false
    /// s of what it had written when it was last asked about.
    var evaluation: Double?

    init(_ stream: CompletionStream) {
        self.stream = stream
        iterator = stream.makeAsyncIterator()
    }

    var isOpen: Bool { !hasEnded && !isStopped && interruption == nil }

    /// The completion, if it ended by itself.
    var choice: Choice? { isStopped ? nil : stream.choice }

    /// Whether it may be the answer.
    var isFinished: Bool { hasEnded && choice?.isFinished == true && choice?.text.isEmpty == false }

    /// Reads until there are at least so many tokens, or the stream ends. A chunk of unknown size counts as one token.
    mutating func read(until limit: Int) async {
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

    /// Gives it up. One that ended meanwhile is given up too, so that its speed makes no difference.
    mutating func stop() async {
        isStopped = true
        _ = try? await stream.cancel()
    }

    /// What is expected of it.
    func prospect(_ prior: PriorTable, step: Int) -> Prospect {
        let prospect = hasEnded ? prior.finished(tokens: tokens) : prior.running(tokens: tokens, step: step)
        return evaluation.map { prospect.weighted(by: $0) } ?? prospect
    }
}
