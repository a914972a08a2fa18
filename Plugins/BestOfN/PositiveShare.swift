import EvalhPluginKit

/// How much of the probability of two words falls on the first of them.
enum PositiveShare {
    /// P(positive) / (P(positive) + P(negative)) at one token, from it and its alternatives. Tokens that are a word but
    /// for case and the space around it add up. `nil` if neither word is among them.
    static func of(_ token: Token, positive: String, negative: String) -> Double? {
        var agreeing = 0.0
        var disagreeing = 0.0
        let others = token.alternatives.filter { $0.text != token.text }.map { ($0.text, $0.logprob) }
        for (text, logprob) in [(token.text, token.logprob)] + others where !logprob.isNaN {
            let word = trimmed(text).lowercased()
            let probability = Token(text, logprob: logprob).probability
            if word == trimmed(positive).lowercased() { agreeing += probability }
            if word == trimmed(negative).lowercased() { disagreeing += probability }
        }
        return agreeing + disagreeing > 0 ? agreeing / (agreeing + disagreeing) : nil
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
