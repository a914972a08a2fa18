internal import Completions

/// One choice of a request while it arrives.
struct ChoiceState {
    var text = ""
    var tokens: [TokenLogprob] = []
    /// Entries for tokens without text.
    var emptyTokens = 0
    /// Tokens known from the pieces that came.
    var seenTokens = 0
    /// What came apart from the text.
    var reasoning = ""
    var reasoningPieces = 0
    var finish: FinishReason?
    /// A piece had a word for its finish that says nothing: an end only together with the stream's own.
    var hasVagueFinish = false
    /// What the server said of this choice alone.
    var usage: WireUsage?
    /// llama.cpp's count of tokens generated for this choice so far.
    var timings: WireTimings?
    var chunks = ChunkRecorder()
    var work: ModelWork?
    var firstSeconds: Double?
    var lastSeconds = 0.0
    var isReported = false

    var isWithinLimits: Bool {
        text.utf8.count + reasoning.utf8.count <= WireLimits.text && tokens.count <= WireLimits.tokens
    }

    /// Takes a piece. Returns how many tokens are in it, as far as known.
    mutating func append(_ piece: WireChoice, timings piecesTimings: WireTimings?, at seconds: Double, isRecorded: Bool)
        -> Int
    {
        text += piece.text
        tokens.append(contentsOf: piece.tokens)
        emptyTokens += piece.emptyTokens
        reasoning += piece.reasoning
        if !piece.reasoning.isEmpty { reasoningPieces += 1 }
        if let reason = piece.finish {
            if piece.isFinishVague { hasVagueFinish = true } else { finish = reason }
        }
        if let told = piece.usage { usage = told }
        if let told = piece.work { work = told }
        if firstSeconds == nil, !piece.text.isEmpty { firstSeconds = seconds }
        lastSeconds = seconds

        var count = piece.tokens.count + piece.emptyTokens
        if count == 0 { count = (piece.text.isEmpty ? 0 : 1) + (piece.reasoning.isEmpty ? 0 : 1) }
        if let predicted = piecesTimings?.predictedTokens {
            timings = piecesTimings
            count = max(predicted - seenTokens, piece.text.isEmpty && piece.reasoning.isEmpty ? 0 : 1)
        }
        seenTokens += count
        if isRecorded, piece.hasContent {
            chunks.append(
                CompletionChunk(
                    endOffset: text.utf8.count, endToken: seenTokens,
                    endReasoning: reasoning.isEmpty ? nil : reasoning.utf8.count, seconds: seconds))
        }
        return count
    }

    /// Tokens of the choice by the host's own reckoning: pieces of a stream or entries of log-probabilities where there
    /// are any, a token for four bytes otherwise.
    func estimatedTokens(isStream: Bool) -> Int {
        if let predicted = timings?.predictedTokens { return predicted }
        if !tokens.isEmpty { return max(tokens.count + emptyTokens, isStream ? seenTokens : 0) }
        if isStream { return seenTokens }
        return TokenEstimate.tokens(bytes: text.utf8.count + reasoning.utf8.count) + (finish == .stop ? 1 : 0)
    }

    func estimatedReasoning(isStream: Bool, within completionTokens: Int) -> Int {
        min(isStream ? reasoningPieces : TokenEstimate.tokens(bytes: reasoning.utf8.count), completionTokens)
    }
}

/// The host's guess where a server counts nothing.
enum TokenEstimate {
    /// About four bytes a token, as in English text with the vocabularies of today.
    static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }

    /// A prompt's length: its text and four tokens of frame a message.
    static func prompt(_ request: CompletionRequest) -> Int {
        let bytes = request.messages.reduce(request.prefix.utf8.count) { $0 + $1.content.utf8.count }
        return tokens(bytes: bytes) + 4 * request.messages.count
    }

    /// Divides `total` in proportion to `weights`, in whole tokens whose sum is `total` (largest remainders).
    static func split(_ total: Int, by weights: [Int]) -> [Int] {
        let sum = weights.reduce(0, +)
        guard sum > 0, total > 0 else {
            guard !weights.isEmpty else { return [] }
            return weights.indices.map { total / weights.count + ($0 < total % weights.count ? 1 : 0) }
        }
        let exact = weights.map { Double(total) * Double($0) / Double(sum) }
        var parts = exact.map { Int($0) }
        let order = exact.indices.sorted {
            (exact[$1] - exact[$1].rounded(.down), $0) < (exact[$0] - exact[$0].rounded(.down), $1)
        }
        for index in order.prefix(max(0, total - parts.reduce(0, +))) { parts[index] += 1 }
        return parts
    }
}
