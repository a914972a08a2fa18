/// When two texts are the same word.
public enum WordComparison: Hashable, Sendable {
    /// They are equal but for case and the white space around them.
    case trimmed
    /// Their letters are equal but for case: `" Yes."` is `"yes"`. Both need a letter.
    case letters

    /// A text as it is compared.
    public func form(of text: String) -> String {
        switch self {
        case .letters: return text.filter(\.isLetter).lowercased()
        case .trimmed:
            var text = text[...]
            while text.first?.isWhitespace == true { text = text.dropFirst() }
            while text.last?.isWhitespace == true { text = text.dropLast() }
            return text.lowercased()
        }
    }
}

extension Token {
    /// What is known of the distribution at this token's place: its alternatives, then the token itself unless it is
    /// among them or has no log-probability.
    public var listed: [Alternative] {
        if logprob.isNaN || alternatives.contains(where: { $0.text == text }) { return alternatives }
        return alternatives + [Alternative(text, logprob: logprob)]
    }

    /// The probability of everything that is not listed, in [0, 1].
    public var unlistedProbability: Double { max(0, 1 - listed.reduce(0) { $0 + $1.probability }) }

    /// P(word) at this token's place: the sum over the listed texts that are the word, in [0, 1]; 0 if none is.
    public func probability(of word: String, comparing comparison: WordComparison = .trimmed) -> Double {
        let word = comparison.form(of: word)
        return listed.reduce(0) { sum, entry in
            comparison.form(of: entry.text) == word && !entry.logprob.isNaN ? sum + entry.probability : sum
        }
    }

    /// P(word) / (P(word) + P(other)), in [0, 1]; `nil` if neither word is listed.
    public func share(of word: String, against other: String, comparing comparison: WordComparison = .trimmed)
        -> Double?
    {
        let (first, second) = (
            probability(of: word, comparing: comparison), probability(of: other, comparing: comparison)
        )
        return first + second > 0 ? first / (first + second) : nil
    }
}
