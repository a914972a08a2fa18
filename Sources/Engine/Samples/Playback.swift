internal import Completions

/// Tells the pieces of a choice that were shown from others.
struct PieceTally: Equatable {
    private(set) var count = 0
    private var nanoseconds: Int64 = 0

    mutating func add(_ seconds: Double) {
        count += 1
        nanoseconds &+= LogicalTime.nanoseconds(seconds)
    }
}

/// A recorded completion on its way to a session: it is shown again, the same pieces at the same times. One that was
/// given up midway is shown as far as it came, and then has no more to tell.
struct Playback {
    let request: UInt64
    let choice: Int
    let stream: Bool
    /// Logical nanoseconds of the session.
    let askedAt: Int64
    let completion: Completion

    /// Only a part of the completion was recorded.
    var isPart: Bool { completion.isPart }
    /// When all that was recorded has been shown.
    var end: Int64 { time(completion.seconds) }

    /// What the session gets, and when.
    var inputs: [(time: Int64, input: SessionInput)] {
        var inputs: [(time: Int64, input: SessionInput)] = []
        if stream {
            for piece in pieces { for input in shown(piece) { inputs.append((time(piece.seconds), input)) } }
        }
        if !isPart { inputs.append((end, .completed(request: request, choice: choice, completion))) }
        return inputs
    }

    /// A piece as it was shown when it was recorded: of reasoning, of text, or of both.
    private func shown(_ piece: Piece) -> [SessionInput] {
        let isReasoning = !piece.reasoning.isEmpty && piece.text.isEmpty
        let reasoned = CompletionChunk.reasoningTokens(
            of: piece.tokenCount, reasoningBytes: piece.reasoning.utf8.count, textBytes: piece.text.utf8.count)
        let thought = SessionInput.reasoning(
            request: request, choice: choice, text: piece.reasoning, tokens: isReasoning ? piece.tokens : [],
            tokenCount: reasoned, seconds: piece.seconds)
        let said = SessionInput.delta(
            request: request, choice: choice, text: piece.text, tokens: piece.tokens,
            tokenCount: piece.tokenCount - reasoned, seconds: piece.seconds)
        return isReasoning ? [thought] : piece.reasoning.isEmpty ? [said] : [thought, said]
    }

    /// What a session is charged for it that gave it up at a logical time: the tokens of the pieces that had come until
    /// then, or of what was not streamed the share of its time. A function of the record and that time alone, so that
    /// it does not matter who asked for the completion, when, and whether it went on for others.
    func partial(at now: Int64) -> Completion {
        let elapsed = LogicalTime.seconds(max(0, now - askedAt))
        var partial = completion
        partial.finish = .cancelled
        partial.seconds = min(elapsed, completion.seconds)
        if let first = completion.firstTokenSeconds, first > elapsed { partial.firstTokenSeconds = nil }
        partial.chunks = []
        let shown = stream ? pieces.filter { time($0.seconds) <= now } : []
        partial.text = shown.map(\.text).joined()
        partial.reasoning = completion.reasoning == nil ? nil : shown.map(\.reasoning).joined()
        partial.tokens = shown.flatMap(\.tokens)
        if stream {
            partial.usage.completionTokens = min(
                completion.usage.completionTokens, shown.reduce(0) { $0 + $1.tokenCount })
        } else {
            let share = completion.seconds > 0 ? min(1, elapsed / completion.seconds) : 1
            partial.usage.completionTokens = Int((Double(completion.usage.completionTokens) * share).rounded(.up))
            partial.isUsageEstimated = true
        }
        partial.usage.reasoningTokens = min(partial.usage.reasoningTokens, partial.usage.completionTokens)
        partial.usage.cancelledTokens = partial.usage.completionTokens
        return partial
    }

    /// The pieces that it shows until a logical time, that time included.
    func tally(until now: Int64 = .max) -> PieceTally {
        var tally = PieceTally()
        guard stream else { return tally }
        var last = CompletionChunk(endOffset: 0, endToken: 0, endReasoning: 0, seconds: 0)
        for chunk in completion.chunks.isEmpty ? evenChunks : completion.chunks where time(chunk.seconds) <= now {
            // A piece of both is shown as two.
            let isOfBoth = chunk.endOffset > last.endOffset && (chunk.endReasoning ?? 0) > (last.endReasoning ?? 0)
            for _ in 0..<(isOfBoth ? 2 : 1) { tally.add(chunk.seconds) }
            last = chunk
        }
        return tally
    }

    /// It has something to show that belongs before what has happened.
    func isBefore(_ last: PendingInputs.Order) -> Bool {
        guard let first = inputs.first?.time else { return false }
        return .sample(request, choice, at: first) < last
    }

    private func time(_ seconds: Double) -> Int64 { askedAt + LogicalTime.nanoseconds(seconds) }

    private struct Piece {
        var text: String
        var reasoning: String
        var tokens: [TokenLogprob]
        var tokenCount: Int
        var seconds: Double
    }

    /// The recorded pieces; a completion that was not streamed is cut into its tokens, or words, spread evenly over its
    /// time.
    private var pieces: [Piece] {
        let chunks = completion.chunks.isEmpty ? evenChunks : completion.chunks
        let bytes = Array(completion.text.utf8)
        let thought = Array((completion.reasoning ?? "").utf8)
        var pieces: [Piece] = []
        var offset = 0
        var thoughtOffset = 0
        var token = 0
        for chunk in chunks {
            let end = min(max(chunk.endOffset, offset), bytes.count)
            let thoughtEnd = min(max(chunk.endReasoning ?? 0, thoughtOffset), thought.count)
            let lastToken = max(chunk.endToken, token)
            let tokens =
                completion.tokens.isEmpty
                ? []
                : Array(
                    completion.tokens[min(token, completion.tokens.count)..<min(lastToken, completion.tokens.count)])
            pieces.append(
                Piece(
                    text: String(decoding: bytes[offset..<end], as: UTF8.self),
                    reasoning: String(decoding: thought[thoughtOffset..<thoughtEnd], as: UTF8.self), tokens: tokens,
                    tokenCount: lastToken - token,
                    seconds: chunk.seconds))
            offset = end
            thoughtOffset = thoughtEnd
            token = lastToken
        }
        return pieces
    }

    private var evenChunks: [CompletionChunk] {
        if let reasoning = completion.reasoning { return evenChunks(reasoning) }
        var ends: [Int] = []
        if completion.tokens.isEmpty {
            ends = Self.wordEnds(of: completion.text)
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

    /// First what was thought, then the text, both in words.
    private func evenChunks(_ reasoning: String) -> [CompletionChunk] {
        let thought = Self.wordEnds(of: reasoning)
        let said = Self.wordEnds(of: completion.text)
        let count = Double(thought.count + said.count)
        let ends = thought.map { (0, $0) } + said.map { ($0, reasoning.utf8.count) }
        return ends.enumerated().map { index, end in
            let share = Double(index + 1) / count
            return CompletionChunk(
                endOffset: end.0, endToken: Int((Double(completion.usage.completionTokens) * share).rounded()),
                endReasoning: end.1, seconds: completion.seconds * share)
        }
    }

    private static func wordEnds(of text: String) -> [Int] {
        let bytes = Array(text.utf8)
        let spaces = bytes.indices.filter { $0 > 0 && bytes[$0] == UInt8(ascii: " ") }
        return bytes.isEmpty ? [] : spaces + [bytes.count]
    }
}
