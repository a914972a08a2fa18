internal import Completions

/// The pieces of a streamed choice, at most `WireLimits.chunks` of them: when they are too many, neighbours are merged
/// and from then on that many more arrivals make one piece.
struct ChunkRecorder {
    private(set) var chunks: [CompletionChunk] = []
    /// Arrivals that make one piece.
    private var stride = 1
    private var arrivalsInLast = 0

    mutating func append(_ chunk: CompletionChunk) {
        if arrivalsInLast > 0, arrivalsInLast < stride, let last = chunks.indices.last {
            chunks[last] = chunk
            arrivalsInLast += 1
            return
        }
        if chunks.count >= WireLimits.chunks {
            chunks = Swift.stride(from: 1, to: chunks.count, by: 2).map { chunks[$0] }
            stride *= 2
        }
        chunks.append(chunk)
        arrivalsInLast = 1
    }
}
