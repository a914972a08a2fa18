import Glibc

/// The log probabilities the server claims: the token at position i of the assistant's text, prefix included, has
/// −2·exp(−i/20), so confidence rises from 0.14 at the beginning to 0.95 at position 74. Early-exit strategies can be
/// tested on it.
enum Confidence {
    static func logprob(at position: Int) -> Double {
        -2 * exp(-Double(position) / 20)
    }

    struct Alternative {
        let piece: [UInt8]
        let logprob: Double
    }

    /// The piece itself, then others, each at most half as likely as the one before: together never above probability
    /// 1.
    static func alternatives(to piece: ArraySlice<UInt8>, at position: Int, count: Int) -> [Alternative] {
        let own = logprob(at: position)
        var found = [Alternative(piece: Array(piece), logprob: own)]
        let rest = log(max(1 - exp(own), 1e-12))
        for candidate in candidates(for: piece) {
            guard found.count < count else { break }
            let steps = Double(found.count)
            found.append(Alternative(piece: candidate, logprob: min(own - steps, rest - steps * log(2))))
        }
        return Array(found.prefix(count))
    }

    private static func candidates(for piece: ArraySlice<UInt8>) -> [[UInt8]] {
        guard let last = piece.last, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) else {
            return words.filter { !$0.elementsEqual(piece) }
        }
        let digits = (1...9).map {
            Array(piece.dropLast()) + [UInt8(ascii: "0") + (last - UInt8(ascii: "0") + UInt8($0)) % 10]
        }
        return digits + words
    }

    private static let words = [
        " the", " a", ".", ",", " is", " of", " Wait", " so", "\n", " and", " to", " in", " answer", " we", " then",
        " it", " first",
        " can", " step", " be", " not", " that", " this", " as", " two", " one",
    ].map { Array($0.utf8) }
}
