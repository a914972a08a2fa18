internal import Completions

/// What a model's server counts for prompts, learned from its answers: bytes are known before a request is sent,
/// tokens only after it. A value.
///
/// | answers so far | reserved for a prompt                               | booked where the server did not tell     |
/// |----------------|-----------------------------------------------------|------------------------------------------|
/// | none           | its bytes, and what templates add; goes alone       | the endpoint's guess                     |
/// | some           | that, or the worst that its size suggests if more   | the guess, or that worst if more         |
///
/// Sizes are powers of two. The worst is taken of the prompts of the nearest size that is not below the prompt's: the
/// most tokens that one of them had, or its bytes times their worst ratio of tokens to bytes. Where none was as large,
/// it is the worst ratio of all. So a prompt is never reserved less than it is counted, if a server's counts are a
/// constant and a multiple of bytes, and what a template adds to short prompts is not reserved many times over for
/// long ones once one of these is known.
struct PromptReckoning {
    private struct Worst {
        var tokens = 0
        /// Tokens a byte.
        var ratio = 0.0
    }

    /// An answer has come, so that there is something to go by.
    private(set) var isKnown = false
    /// By the prompt's number of binary digits.
    private var sizes: [Int: Worst] = [:]
    /// What the server told of prompts lately.
    private var told: [RequestKey: Int] = [:]
    private static let mostTold = 4096

    /// More is not reserved for anything: sums of such amounts must not overflow.
    private static let most = 1 << 40

    mutating func learn(_ request: CompletionRequest, _ key: RequestKey? = nil, counted tokens: Int) {
        isKnown = true
        let bytes = max(1, request.promptBytes)
        let tokens = max(0, min(tokens, Self.most))
        if let key {
            if told.count >= Self.mostTold { told.removeAll(keepingCapacity: true) }
            told[key] = tokens
        }
        var worst = sizes[Self.size(bytes)] ?? Worst()
        worst.tokens = max(worst.tokens, tokens)
        worst.ratio = max(worst.ratio, Double(tokens) / Double(bytes))
        sizes[Self.size(bytes)] = worst
    }

    /// What the server counted for this very prompt; `nil`: it is not known any more, or never was.
    func exact(_ key: RequestKey) -> Int? { told[key] }

    /// The most that a prompt may be counted as, by what is known.
    func bound(_ request: CompletionRequest) -> Int { max(request.unlearnedPromptBound, worst(request)) }

    /// The worst that is known of prompts of its size; 0: nothing is known.
    func worst(_ request: CompletionRequest) -> Int {
        let bytes = max(1, request.promptBytes)
        let size = Self.size(bytes)
        let nearest = sizes.filter { $0.key >= size }.min { $0.key < $1.key }?.value
        let ratio = nearest?.ratio ?? sizes.values.map(\.ratio).max() ?? 0
        let scaled = Int(min(Double(Self.most), (ratio * Double(bytes)).rounded(.up)))
        return max(scaled, nearest?.tokens ?? 0)
    }

    private static func size(_ bytes: Int) -> Int { Int.bitWidth - bytes.leadingZeroBitCount }
}

/// Prompts that a server read and told nothing of.
struct UntoldPrompts {
    let request: CompletionRequest
    let count: Int
    /// Tokens that were booked for them.
    let booked: Int
}

extension CompletionRequest {
    /// Bytes of all that is prompt.
    var promptBytes: Int { messages.reduce(prefix.utf8.count) { $0 + $1.content.utf8.count } }

    /// What a prompt counts for where nobody has told: a token for four bytes, and four for a message's frame.
    var guessedPrompt: Int { (promptBytes + 3) / 4 + 4 * messages.count }

    /// The most tokens of a prompt by its bytes alone: a byte is at most a token, plus what a chat template adds a
    /// message.
    var unlearnedPromptBound: Int {
        let templateTokens = 16
        return promptBytes + templateTokens * (messages.count + 1)
    }
}
