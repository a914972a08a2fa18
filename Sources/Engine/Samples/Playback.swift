internal import Completions

/// A recorded completion on its way to a session: it is shown again, the same pieces at the same times.
struct Playback {
    let request: UInt64
    let choice: Int
    let stream: Bool
    /// Logical nanoseconds of the session.
    let askedAt: Int64
    let completion: Completion

    /// What the session gets, and when.
    var inputs: [(time: Int64, input: SessionInput)] {
        var inputs: [(time: Int64, input: SessionInput)] = []
        if stream {
            for piece in pieces {
                let input = SessionInput.delta(
                    request: request, choice: choice, text: piece.text, tokens: piece.tokens,
                    tokenCount: piece.tokenCount, seconds: piece.seconds)
                inputs.append((time(piece.seconds), input))
            }
        }
        inputs.append((time(completion.seconds), .completed(request: request, choice: choice, completion)))
        return inputs
    }

    /// What the completion would have cost if cancelled at a logical time: the tokens of the pieces shown until then.
    func partial(at now: Int64) -> Completion {
        let elapsed = Double(max(0, now - askedAt)) / 1e9
        var partial = completion
        partial.finish = .cancelled
        partial.seconds = min(elapsed, completion.seconds)
        partial.chunks = []
        let shown = stream ? pieces.filter { time($0.seconds) <= now } : []
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

    private func time(_ seconds: Double) -> Int64 {
        askedAt + (seconds.isFinite ? Int64(max(0, min(seconds, 1e9)) * 1e9) : 0)
    }

    private struct Piece {
        var text: String
        var tokens: [TokenLogprob]
        var tokenCount: Int
        var seconds: Double
    }

    /// The recorded pieces; a completion that was not streamed is cut into its tokens, or words, spread evenly over its
    /// time.
    private var pieces: [Piece] {
        let chunks = completion.chunks.isEmpty ? evenChunks : completion.chunks
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

    private var evenChunks: [CompletionChunk] {
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
}
