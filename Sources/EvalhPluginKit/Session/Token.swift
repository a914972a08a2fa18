import CEvalhPlugin

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One token with the log-probability of its sampling.
public struct Token: Hashable, Sendable {
    /// Another token that might have come here.
    public struct Alternative: Hashable, Sendable {
        /// Its text.
        public var text: String
        /// Natural logarithm.
        public var logprob: Double

        /// A token that might have come, with the natural logarithm of its probability.
        public init(_ text: String, logprob: Double) {
            self.text = text
            self.logprob = logprob
        }

        /// In [0, 1].
        public var probability: Double { exp(logprob) }
    }

    /// Its text; tokens of a completion joined are its text.
    public var text: String
    /// Natural logarithm, from the model's raw distribution.
    public var logprob: Double
    /// As many as `Sampling.topLogprobs` asked for, most probable first.
    public var alternatives: [Alternative]

    /// A token with the natural logarithm of its probability.
    public init(_ text: String, logprob: Double, alternatives: [Alternative] = []) {
        self.text = text
        self.logprob = logprob
        self.alternatives = alternatives
    }

    /// A token of a probability in [0, 1].
    public init(_ text: String, probability: Double, alternatives: [Alternative] = []) {
        self.init(text, logprob: log(probability), alternatives: alternatives)
    }

    /// In [0, 1].
    public var probability: Double { exp(logprob) }
}

extension Collection where Element == Token {
    /// Mean log-probability a token (natural logarithm); `nil` if there are no tokens or one has no number.
    public var meanLogprob: Double? {
        guard !isEmpty else { return nil }
        let mean = reduce(0) { $0 + $1.logprob } / Double(count)
        return mean.isNaN ? nil : mean
    }

    /// Geometric mean of the tokens' probabilities, exp of `meanLogprob`.
    public var geometricMeanProbability: Double? { meanLogprob.map { exp($0) } }
}

extension Collection where Element == Double {
    /// The n-th root of the product of n numbers of at least 0, by way of logarithms; `nil` without numbers.
    public var geometricMean: Double? {
        isEmpty ? nil : exp(reduce(0) { $0 + log($1) } / Double(count))
    }
}

extension Array where Element == Token {
    /// Copies tokens out of an event. A host that promises more alternatives than it passes is read as far as it goes.
    static func copying(
        _ tokens: UnsafePointer<evalh_logprob>?, count: UInt64, alternatives: UnsafePointer<evalh_logprob>?,
        total: UInt64
    ) -> [Token] {
        guard let tokens, let count = Int(exactly: count) else { return [] }
        let total = alternatives == nil ? 0 : Int(exactly: total) ?? 0
        var used = 0
        return (0..<count).map { index in
            let end = Swift.min(used + Int(tokens[index].alternative_count), total)
            var others: [Token.Alternative] = []
            if let alternatives, end > used {
                others = (used..<end).map {
                    Token.Alternative(String(alternatives[$0].token), logprob: alternatives[$0].logprob)
                }
            }
            used = end
            return Token(String(tokens[index].token), logprob: tokens[index].logprob, alternatives: others)
        }
    }
}
