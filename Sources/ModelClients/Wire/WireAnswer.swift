internal import Completions

/// What one JSON object of a server says: a whole answer, or one event of a stream. Dialects are gone from here on.
struct WireAnswer {
    var choices: [WireChoice] = []
    var usage: WireUsage?
    var timings: WireTimings?
    var model: String?
    /// An error told within a stream, or with status 200.
    var error: WireError?
    /// Whether an array of choices was there at all, empty or not.
    var hasChoices = false
}

/// A choice, or a piece of one.
struct WireChoice {
    var index: Int?
    var text = ""
    /// Thinking that is told apart from the text.
    var reasoning = ""
    var finish: FinishReason?
    /// The word for the finish is empty, "null" or unknown: some servers send such a one with every piece, so that it
    /// ends nothing by itself.
    var isFinishVague = false
    /// The server's word for having given the choice up; `nil`: it has not.
    var givenUp: String?
    var tokens: [TokenLogprob] = []
    /// Entries that stand for no text: the end-of-turn token. Counted in `usage`, not among `tokens`.
    var emptyTokens = 0
    /// Usage told with this choice.
    var usage: WireUsage?
    /// What the embedded model tells of its work.
    var work: ModelWork?

    /// Whether there is something to show.
    var hasContent: Bool { !text.isEmpty || !tokens.isEmpty || !reasoning.isEmpty }
}

/// A server's count of tokens; what it did not tell is `nil`.
struct WireUsage: Equatable {
    var promptTokens: Int?
    var completionTokens: Int?
    var cachedTokens: Int?
    var reasoningTokens: Int?

    var isEmpty: Bool { promptTokens == nil && completionTokens == nil }
}

/// llama.cpp's own count, which comes with every event when asked for.
struct WireTimings: Equatable {
    /// Prompt tokens computed for this request.
    var promptTokens: Int?
    /// Prompt tokens taken from the cache.
    var cachedTokens: Int?
    /// Tokens generated so far.
    var predictedTokens: Int?

    var usage: WireUsage {
        let prompt = promptTokens.map { $0 + (cachedTokens ?? 0) }
        return WireUsage(promptTokens: prompt, completionTokens: predictedTokens, cachedTokens: cachedTokens)
    }
}

/// The fields of an error object, as far as given.
struct WireError: Equatable {
    var message: String?
    var type: String?
    var code: String?
}
