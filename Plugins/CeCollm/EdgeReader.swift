import EvalhPluginKit

/// Reads the edge model's tokens up to the first one it is not sure of.
struct EdgeReader {
    /// θ: a token of a smaller probability is the cloud's.
    let threshold: Double
    /// The sure text, as the endpoint cut it into characters.
    private(set) var text = ""
    /// Sure tokens.
    private(set) var count = 0
    /// Tokens received behind the sure ones.
    private(set) var discarded = 0
    private(set) var isUnsure = false

    init(threshold: Double) {
        self.threshold = threshold
    }

    /// - Returns: Whether the chunk could be judged: it has log-probabilities or no text.
    mutating func read(_ chunk: Chunk) -> Bool {
        guard chunk.text.isEmpty || !chunk.tokens.isEmpty, !chunk.tokens.contains(where: \.logprob.isNaN) else {
            return false
        }
        guard let place = chunk.tokens.firstIndex(where: { $0.probability < threshold }) else {
            text += chunk.text
            count += chunk.tokens.count
            return true
        }
        let bytes = chunk.tokens[..<place].reduce(0) { $0 + $1.text.utf8.count }
        text += Self.beginning(of: chunk.text, bytes)
        count += place
        discarded += chunk.tokens.count - place
        isUnsure = true
        return true
    }

    /// The first bytes of a text, fewer if they would end inside a character.
    private static func beginning(of text: String, _ bytes: Int) -> Substring {
        guard var end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) else {
            return text[...]
        }
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end]
    }
}
