/// Tokens of the embedded model: words with the blank before them, single digits, signs, and bytes for everything else,
/// so that every text comes back byte for byte.
package struct Vocabulary: Sendable {
    package static let user = 1
    package static let assistant = 2
    package static let end = 3
    package static let system = 4
    static let specials = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>", "<|system|>"]
    private static let bytes = specials.count
    private static let firstWord = bytes + 256

    private let words: [[UInt8]]
    private let rows: [[UInt8]: Int]
    /// Tokens from here on have no text: unused, or reserved for predictions.
    package let count: Int

    init(words: [String]) {
        self.words = words.map { Array($0.utf8) }
        rows = Dictionary(self.words.enumerated().map { ($0.element, Self.firstWord + $0.offset) }) { first, _ in first
        }
        count = Self.firstWord + words.count
    }

    /// - Parameter readsSpecials: whether `<|user|>` and so on are tokens of their own; text from outside must not be
    ///   read so.
    package func encode(_ text: String, readsSpecials: Bool = false) -> [Int] {
        let bytes = Array(text.utf8)
        var tokens: [Int] = []
        var index = 0
        while index < bytes.count {
            if readsSpecials, bytes[index] == UInt8(ascii: "<"),
                let special = Self.specials.firstIndex(where: { bytes[index...].starts(with: $0.utf8) })
            {
                tokens.append(special)
                index += Self.specials[special].utf8.count
                continue
            }
            let end = Self.pieceEnd(bytes, from: index)
            if let row = rows[Array(bytes[index..<end])] {
                tokens.append(row)
            } else {
                tokens.append(contentsOf: bytes[index..<end].map { Self.bytes + Int($0) })
            }
            index = end
        }
        return tokens
    }

    /// The end of the piece that begins at `start`: a blank and letters, a digit or a sign; or one byte of white space.
    private static func pieceEnd(_ bytes: [UInt8], from start: Int) -> Int {
        var next = bytes[start] == 0x20 ? start + 1 : start
        guard next < bytes.count, !isSpace(bytes[next]) else { return start + 1 }
        if isLetter(bytes[next]) {
            while next < bytes.count, isLetter(bytes[next]) { next += 1 }
            return next
        }
        next += 1
        while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The bytes of a token; none for those that are no text.
    package func bytes(of token: Int) -> [UInt8] {
        if (Self.firstWord..<count).contains(token) { return words[token - Self.firstWord] }
        if (Self.bytes..<Self.firstWord).contains(token) { return [UInt8(token - Self.bytes)] }
        return []
    }

    /// A token as log-probabilities show it.
    package func text(of token: Int) -> String {
        (0..<Self.bytes).contains(token) ? Self.specials[token] : String(decoding: bytes(of: token), as: UTF8.self)
    }

    package func decode(_ tokens: some Sequence<Int>) -> String {
        String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self)
    }
}
