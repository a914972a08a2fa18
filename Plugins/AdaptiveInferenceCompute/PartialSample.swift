import EvalhPluginKit

/// A stream that is read up to a number of tokens, and later to its end.
struct PartialSample {
    let stream: CompletionStream
    private var iterator: CompletionStream.AsyncIterator
    /// What was read.
    private(set) var text = ""
    private(set) var tokens = 0
    private(set) var hasEnded = false
    private(set) var interruption: (any Error)?

    init(_ stream: CompletionStream) {
        self.stream = stream
        iterator = stream.makeAsyncIterator()
    }

    var isOpen: Bool { !hasEnded && interruption == nil }

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
}
