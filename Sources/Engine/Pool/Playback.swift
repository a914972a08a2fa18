internal import Completions

/// How a recorded completion is shown again: the same pieces at the same times.
enum PlaybackScript {
    static func entries(_ playback: PendingInputs.Playback, stream: Bool) -> [PendingInputs.Entry] {
        let completion = playback.completion
        var entries: [PendingInputs.Entry] = []
        if stream {
            for piece in pieces(of: completion) {
                entries.append(
                    PendingInputs.Entry(
                        time: playback.askedAt + nanoseconds(piece.seconds),
                        input: .delta(
                            request: playback.request, choice: playback.choice, text: piece.text, tokens: piece.tokens,
                            tokenCount: piece.tokenCount, seconds: piece.seconds),
                        playback: playback))
            }
        }
        entries.append(
            PendingInputs.Entry(
                time: playback.askedAt + nanoseconds(completion.seconds),
                input: .completed(request: playback.request, choice: playback.choice, completion), playback: playback))
        return entries
    }

    /// What a recorded completion would have cost if cancelled at a logical time: the tokens of the pieces shown until
    /// then.
    static func partial(_ playback: PendingInputs.Playback, at now: Int64, stream: Bool) -> Completion {
        let elapsed = Double(max(0, now - playback.askedAt)) / 1e9
        let completion = playback.completion
        var partial = completion
        partial.finish = .cancelled
        partial.seconds = min(elapsed, completion.seconds)
        partial.chunks = []
        let shown = stream ? pieces(of: completion).filter { playback.askedAt + nanoseconds($0.seconds) <= now } : []
        partial.text = shown.map(\.text).joined()
        partial.tokens = shown.flatMap(\.tokens)
        if stream {
            partial.usage.completionTokens = min(
                completion.usage.completionTokens, shown.reduce(0) { $0 + $1.tokenCount })
        } else {
            let share = completion.seconds > 0 ? min(1, elapsed / completion.seconds) : 1
            partial.usage.completionTokens = Int((Double(completion.usage.completionTokens) * share).rounded(.up))
            partial.isUsageEstimated = true
        }
        partial.usage.cancelledTokens = partial.usage.completionTokens
        return partial
    }

    private struct Piece {
        var text: String
        var tokens: [TokenLogprob]
        var tokenCount: Int
        var seconds: Double
    }

    /// The recorded pieces; a completion that was not streamed is cut into its tokens, or words, spread evenly over its
    /// time.
    private static func pieces(of completion: Completion) -> [Piece] {
        let chunks = completion.chunks.isEmpty ? evenChunks(of: completion) : completion.chunks
        let bytes = Array(completion.text.utf8)
        var pieces: [Piece] = []
        var offset = 0
        var token = 0
        for chunk in chunks {
            let end = min(max(chunk.endOffset, offset), bytes.count)
            let lastToken = max(chunk.endToken, token)
            let tokens =
                completion.tokens.isEmpty
                ? []
                : Array(
                    completion.tokens[min(token, completion.tokens.count)..<min(lastToken, completion.tokens.count)])
            pieces.append(
                Piece(
                    text: String(decoding: bytes[offset..<end], as: UTF8.self), tokens: tokens,
                    tokenCount: lastToken - token,
                    seconds: chunk.seconds))
            offset = end
            token = lastToken
        }
        return pieces
    }

    private static func evenChunks(of completion: Completion) -> [CompletionChunk] {
        var ends: [Int] = []
        if completion.tokens.isEmpty {
            let bytes = Array(completion.text.utf8)
            for index in bytes.indices where index > 0 && bytes[index] == UInt8(ascii: " ") { ends.append(index) }
            if !bytes.isEmpty { ends.append(bytes.count) }
        } else {
            var end = 0
            for token in completion.tokens {
                end += token.token.utf8.count
                ends.append(end)
            }
        }
        let tokens = completion.usage.completionTokens
        return ends.enumerated().map { index, end in
            let share = Double(index + 1) / Double(ends.count)
            let endToken = completion.tokens.isEmpty ? Int((Double(tokens) * share).rounded()) : index + 1
            return CompletionChunk(endOffset: end, endToken: endToken, seconds: completion.seconds * share)
        }
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        seconds.isFinite ? Int64(max(0, min(seconds, 1e9)) * 1e9) : 0
    }
}
