/// The server's "tokens": a run of letters with the space before it, a single digit, a run of one punctuation mark, a
/// single character of any other kind. Concatenated they are the text.
enum Pieces {
    /// Where each piece ends, as byte offsets, ascending; the last is the text's length.
    static func ends(of text: [UInt8]) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(text.count / 4 + 1)
        var index = 0
        while index < text.count {
            index = end(of: text, from: index)
            ends.append(index)
        }
        return ends
    }

    /// A stable id below 150,000 for a piece.
    static func id(of piece: some Sequence<UInt8>) -> Int {
        Int(StableHash.of(piece) % 150_000)
    }

    /// How many words (runs between white space) the bytes hold: the server's count of prompt tokens.
    static func words(in text: some Sequence<UInt8>) -> Int {
        var words = 0
        var inside = false
        for byte in text {
            let space = byte <= 0x20
            if !space && !inside { words += 1 }
            inside = !space
        }
        return words
    }

    private static func end(of text: [UInt8], from start: Int) -> Int {
        var index = start
        if text[index] == UInt8(ascii: " "), index + 1 < text.count, kind(text[index + 1]) != .space { index += 1 }
        let first = text[index]
        index += 1
        switch kind(first) {
        case .letter:
            while index < text.count, kind(text[index]) == .letter { index += 1 }
        case .punctuation:
            while index < text.count, text[index] == first { index += 1 }
        case .multibyte:
            while index < text.count, text[index] & 0xc0 == 0x80 { index += 1 }
        case .digit, .space:
            break
        }
        return index
    }

    private enum Kind { case letter, digit, space, punctuation, multibyte }

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 0...0x20: .space
        case 0x80...: .multibyte
        default: .punctuation
        }
    }
}
