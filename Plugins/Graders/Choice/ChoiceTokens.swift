/// A text as words, labels and marks.
struct ChoiceTokens {
    enum Kind: Equatable {
        case word(ChoiceWord)
        /// The option's number.
        case label(Int)
        case mark(UInt8)
        case lineEnd
    }

    struct Token {
        var kind: Kind
        var start: Int
        var end: Int
        /// For labels: written as it is in the list, not in the other case.
        var isExact = true
        /// For labels: `(B)`, `[B]`.
        var isBracketed = false
        /// For words: a capital letter begins it.
        var isCapital = false
    }

    private(set) var tokens: [Token] = []
    let bytes: [UInt8]

    /// - Parameter labels: What is a label, with its option's number, in the case of the list.
    init(_ bytes: [UInt8], labels: [[UInt8]: Int], otherCase: [[UInt8]: Int]) {
        self.bytes = bytes
        tokens.reserveCapacity(bytes.count / 4)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<"), let end = tagEnd(from: index) {
                index = end
            } else if Self.isWordByte(byte) {
                let end = wordEnd(from: index)
                add(word: index..<end, labels, otherCase)
                index = end
            } else if byte >= 0x80 {
                index = other(from: index, labels)
            } else {
                if byte == UInt8(ascii: "\n") {
                    tokens.append(Token(kind: .lineEnd, start: index, end: index + 1))
                } else if ".!?:;,=()[]<>/|-+{}".utf8.contains(byte) {
                    tokens.append(Token(kind: .mark(byte), start: index, end: index + 1))
                }
                index += 1
            }
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte & ~32)
    }

    private func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

    /// The end of a tag that only says how a text looks: `<b>`, `</strong>`.
    private func tagEnd(from start: Int) -> Int? {
        let name = bytes[(start + 1)...].prefix(8).drop { $0 == UInt8(ascii: "/") }.prefix { Self.isWordByte($0) }
        guard byte(name.endIndex) == UInt8(ascii: ">") else { return nil }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        return ["b", "i", "u", "p", "br", "em", "strong", "code", "span"].contains(text) ? name.endIndex + 1 : nil
    }

    /// Letters and digits, with apostrophes, hyphens and the like between them: `isn't`, `A-level`, `N/A`, `1.5`.
    private func wordEnd(from start: Int) -> Int {
        var end = start
        while true {
            while Self.isWordByte(byte(end)) { end += 1 }
            // ’ is E2 80 99.
            if byte(end) == 0xE2, byte(end + 1) == 0x80, byte(end + 2) == 0x99, Self.isWordByte(byte(end + 3)) {
                end += 4
                continue
            }
            let isJoint = "'_-/+^&.,".utf8.contains(byte(end))
            guard isJoint, Self.isWordByte(byte(end + 1)) else { break }
            // `1.5` is one word, `B.foo` and `B,C` are two.
            if byte(end) == UInt8(ascii: ".") || byte(end) == UInt8(ascii: ",") {
                guard (48...57).contains(byte(end - 1)), (48...57).contains(byte(end + 1)) else { break }
            }
            end += 2
        }
        // Accented letters belong to the word; those of scripts without words do not.
        while byte(end) >= 0xC3, byte(end) < 0xE0 {
            end += 2
            while Self.isWordByte(byte(end)) { end += 1 }
        }
        // `C++`, `A+`
        while byte(end) == UInt8(ascii: "+") { end += 1 }
        return min(end, bytes.count)
    }

    private mutating func add(word range: Range<Int>, _ labels: [[UInt8]: Int], _ otherCase: [[UInt8]: Int]) {
        if range.count <= 2 {
            let label = Array(bytes[range])
            if let number = labels[label] ?? otherCase[label], !isPart(range) {
                var token = Token(kind: .label(number), start: range.lowerBound, end: range.upperBound)
                token.isExact = labels[label] != nil
                let (before, behind) = (byte(range.lowerBound - 1), byte(range.upperBound))
                token.isBracketed =
                    before == UInt8(ascii: "(") && behind == UInt8(ascii: ")")
                    || before == UInt8(ascii: "[") && behind == UInt8(ascii: "]")
                tokens.append(token)
                return
            }
        }
        let isLong = range.count > 14
        let word =
            isLong ? .other : ChoiceWord(String(decoding: bytes[range].map { Self.lowercased($0) }, as: UTF8.self))
        var token = Token(kind: .word(word), start: range.lowerBound, end: range.upperBound)
        token.isCapital = (65...90).contains(bytes[range.lowerBound])
        tokens.append(token)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }

    /// A letter of a formula or a call: `f(A)`, `x_A`, `\A`.
    private func isPart(_ range: Range<Int>) -> Bool {
        let before = byte(range.lowerBound - 1)
        if before == UInt8(ascii: "\\") || before == UInt8(ascii: "^") { return true }
        if before == UInt8(ascii: "_") || before == UInt8(ascii: "/") {
            return Self.isWordByte(byte(range.lowerBound - 2))
        }
        guard before == UInt8(ascii: "("), Self.isWordByte(byte(range.lowerBound - 2)) else { return false }
        // `f(A)`, `sin(A)`; `option(C)` is no call.
        let name = bytes[..<(range.lowerBound - 1)].suffix(4).reversed().prefix { Self.isWordByte($0) }
        let text = String(decoding: name.reversed(), as: UTF8.self)
        return text.count == 1
            || ["sin", "cos", "tan", "log", "ln", "exp", "max", "min", "det", "Pr", "Var"].contains(text)
    }

    /// Scripts beyond ASCII: a label of theirs, or a word.
    private mutating func other(from start: Int, _ labels: [[UInt8]: Int]) -> Int {
        func length(_ byte: UInt8) -> Int { byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1 }
        let first = min(bytes.count, start + length(bytes[start]))
        guard bytes[start] >= 0xC3, bytes[start] < 0xE0 else {
            // A dash or an arrow is a mark; so is whatever else has no words.
            tokens.append(Token(kind: .mark(UInt8(ascii: "-")), start: start, end: first))
            return first
        }
        var end = first
        while end < bytes.count, Self.isWordByte(bytes[end]) || bytes[end] >= 0xC3 && bytes[end] < 0xE0 {
            end = min(bytes.count, end + length(bytes[end]))
        }
        if let number = labels[Array(bytes[start..<end])] {
            tokens.append(Token(kind: .label(number), start: start, end: end))
        } else {
            tokens.append(Token(kind: .word(.other), start: start, end: end))
        }
        return end
    }
}
