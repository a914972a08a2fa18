internal import EvalhStatistics
internal import Synchronization

/// One completion in the making. The batch's thread alone touches what is not said to be safe.
package final class Generation: @unchecked Sendable {
    package let request: GenerationRequest
    /// Called on the batch's thread: after every token with the bytes of text that have become certain, and at the end.
    let onProgress: @Sendable (Generation, _ text: [UInt8], _ end: GenerationEnd?) -> Void

    package internal(set) var tokens: [GeneratedToken] = []
    /// Of the prompt's tokens from the second on; only where asked for.
    package internal(set) var promptScores: [GeneratedToken] = []
    /// The mean of the prompt's final states, each normalised as for the logits; only where asked for.
    package internal(set) var meanState: [Float] = []
    /// All text that is certain.
    package internal(set) var text: [UInt8] = []
    package internal(set) var cachedPromptTokens = 0
    package internal(set) var speculation = SpeculationCounts()
    /// Steps of the full model after the prompt.
    package internal(set) var targetCalls = 0

    /// Only while it is in the batch.
    var heldCache: KeyValueCache?
    var cache: KeyValueCache {
        guard let heldCache else { preconditionFailure("a generation outside the batch has no keys and values") }
        return heldCache
    }
    var draftCache: KeyValueCache?
    /// Positions whose keys and values stand in the cache.
    var filled = 0
    var draftFilled = 0
    /// Prompt and generated tokens.
    var all: [Int]
    var random: SplitMix64
    /// Of sampled exits, so that they do not change which tokens are drawn.
    var exitRandom: SplitMix64
    private var pending: [UInt8] = []
    private let cancelled = Atomic<Bool>(false)

    package init(
        _ request: GenerationRequest, onProgress: @escaping @Sendable (Generation, [UInt8], GenerationEnd?) -> Void
    ) {
        self.request = request
        self.onProgress = onProgress
        all = request.prompt
        random = SplitMix64(seed: request.seed)
        exitRandom = SplitMix64(seed: request.seed ^ 0xE817_0000_0000_0001)
    }

    /// Safe from any thread.
    package func cancel() { cancelled.store(true, ordering: .relaxed) }
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    var isPromptDone: Bool { filled >= request.prompt.count }

    /// Takes a token in.
    /// - Returns: why the completion ends with it, or `nil`.
    func take(_ token: GeneratedToken, _ vocabulary: Vocabulary) -> GenerationEnd? {
        tokens.append(token)
        all.append(token.token)
        var end: GenerationEnd?
        if token.token == Vocabulary.end {
            end = .stop
        } else {
            pending.append(contentsOf: vocabulary.bytes(of: token.token))
            if let hit = StopText.first(of: request.stop, in: pending) {
                pending.removeSubrange(hit...)
                end = .stop
            } else if tokens.count >= request.maxTokens || all.count >= cache.capacity {
                end = .length
            }
        }
        let certain = end == nil ? StopText.certain(pending, request.stop) : pending.count
        let piece = Array(pending.prefix(certain))
        pending.removeFirst(certain)
        text.append(contentsOf: piece)
        onProgress(self, piece, end)
        return end
    }

    func finish(_ end: GenerationEnd) { onProgress(self, [], end) }
}
