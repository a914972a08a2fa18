import EvalhNumbers

/// What stands around a number in an answer: a unit, or more than that.
struct NumberSurroundings {
    private let before: ArraySlice<UInt8>
    private let after: ArraySlice<UInt8>

    init(_ bytes: [UInt8], _ number: FoundNumber) {
        before = bytes[..<number.range.lowerBound]
        after = bytes[number.range.upperBound...]
    }

    /// Nothing but words, a unit, a currency and a sign stand around the number.
    var areWhole: Bool {
        guard Self.isHarmless(before, isBefore: true), !isCall else { return false }
        var rest = after
        // `(18)`: brackets around the number alone.
        if Self.trimmed(before).last == UInt8(ascii: "("), Self.trimmed(before).count == 1 {
            guard Self.trimmed(rest).first == UInt8(ascii: ")") else { return false }
            rest = Self.trimmed(rest).dropFirst()
        }
        return Self.tail(rest, isSentence: false)
    }

    /// The number stands for itself in its sentence: no part of a formula, a list or a range.
    var areSentence: Bool {
        let last = Self.trimmed(before)
        // Signs and marks directly before it; words may say what they like.
        let near = Array(last.reversed().prefix { !NumberAnswer.isLetter($0) && $0 != 32 }.reversed())
        guard Self.isHarmless(near[...], isBefore: true), !isRoot, !isCall else { return false }
        let words = Self.words(Array(before))
        if words.contains("between") { return false }
        guard !words.contains(where: { Self.relations.contains($0) }) else { return false }
        return Self.tail(after, isSentence: true)
    }

    // MARK: Before

    /// `f(2)`, `\log_2 8`: an argument.
    private var isCall: Bool {
        let text = Self.trimmed(before)
        guard text.last == UInt8(ascii: "("), let name = text.dropLast().last else { return false }
        return NumberAnswer.isLetter(name) || NumberAnswer.isDigit(name)
    }

    private var isRoot: Bool {
        Self.words(Array(before)).contains { $0.hasPrefix("\\") && !Self.styles.contains($0) && $0.utf8.count > 2 }
    }

    static let styles: Set<String> = [
        "\\quad", "\\qquad", "\\approx", "\\sim", "\\simeq", "\\underline", "\\bf", "\\rm", "\\displaystyle",
        "\\textstyle", "\\large", "\\Large", "\\huge", "\\Huge", "\\circ", "\\degree", "\\pounds", "\\euro",
        "\\therefore", "\\implies", "\\Rightarrow", "\\rightarrow", "\\to", "\\boxed", "\\fbox", "\\left", "\\right",
        "\\color", "\\blue", "\\red", "\\textdollar", "\\pound",
    ]
    private static let relations: Set<String> = ["\\leq", "\\geq", "\\le", "\\ge", "\\lt", "\\gt", "\\neq", "\\ne"]

    private static func isHarmless(_ text: ArraySlice<UInt8>, isBefore: Bool) -> Bool {
        // A choice's letter: `(B) 18`.
        var text = trimmed(text)
        if text.count >= 3, text.first == UInt8(ascii: "("), text[text.startIndex + 2] == UInt8(ascii: ")"),
            NumberAnswer.isLetter(text[text.startIndex + 1])
        {
            text = text.dropFirst(3)
        }
        let harmful = Set("+*/×÷<>≤≥√∞±∓^_|[!&#@%".utf8).subtracting("÷×≤≥√∞±∓".utf8)
        if text.contains(where: { harmful.contains($0) && !isSign($0, in: text) && $0 != UInt8(ascii: "*") }) {
            return false
        }
        let string = String(decoding: text, as: UTF8.self)
        if string.unicodeScalars.contains(where: { "×÷≤≥√∞±∓≠∪∩π".unicodeScalars.contains($0) }) { return false }
        if text.contains(UInt8(ascii: "(")), trimmed(text) != [UInt8(ascii: "(")][...] { return false }
        return words(Array(text)).allSatisfy { word in
            word.hasPrefix("\\") ? styles.contains(word) || word.utf8.count <= 2 : true
        } && !words(Array(text)).contains { $0.utf8.count == 1 && $0 != "a" }
    }

    private static func isSign(_ byte: UInt8, in text: ArraySlice<UInt8>) -> Bool {
        byte == UInt8(ascii: "+") && trimmed(text) == [byte][...]
    }

    // MARK: After

    /// Whether a unit follows, or a sentence goes on, and no more of the value.
    private static func tail(_ text: ArraySlice<UInt8>, isSentence: Bool) -> Bool {
        var scanner = TailScanner(text)
        return scanner.isUnit(isSentence: isSentence)
    }

    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == UInt8(ascii: "$") || byte == 9 || byte == 10 }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    /// Runs of letters, commands of LaTeX with their backslash.
    static func words(_ text: [UInt8]) -> [String] {
        var words: [String] = []
        var start: Int?
        for index in 0...text.count {
            let byte = index < text.count ? text[index] : 32
            if NumberAnswer.isLetter(byte) {
                if start == nil { start = index > 0 && text[index - 1] == UInt8(ascii: "\\") ? index - 1 : index }
            } else if let first = start {
                words.append(String(decoding: text[first..<index], as: UTF8.self))
                start = nil
            }
        }
        return words
    }
}

/// Reads what follows a number.
private struct TailScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: ArraySlice<UInt8>) {
        bytes = Array(text)
    }

    private static let unitLetters = Set("mgshlLJNWVAKCFMkdt".utf8)
    private static let connectors: Set<String> = ["and", "or", "to", "x", "mod", "plus", "minus", "times", "over"]
    private static let unitCommands: Set<String> = [
        "circ", "degree", "quad", "qquad", "pounds", "euro", "right", "left", "approx", "simeq", "sim", "Omega", "mu",
        "textdollar", "ldots", "dots", "cdots",
    ]

    private func byte(_ offset: Int = 0) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }

    mutating func isUnit(isSentence: Bool) -> Bool {
        var words = 0
        var isAttached = true
        while index < bytes.count {
            let character = byte()
            switch character {
            case 32, 9, 13, 10, UInt8(ascii: "$"), UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "."),
                UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"),
                UInt8(ascii: "?"):
                if character == UInt8(ascii: "*"), isOperand(1), byte(1) != UInt8(ascii: "*") { return false }
                index += 1
            case UInt8(ascii: "<"):
                // A closing tag of HTML.
                guard byte(1) == UInt8(ascii: "/"), let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else {
                    return false
                }
                index = end + 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): if !isSentence { return false }; index += 1
            case UInt8(ascii: "!"): if !isSentence, isAttached { return false }; index += 1
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"):
                return isSentence ? goesOn(behind: 1) : !isMore(behind: 1)
            case UInt8(ascii: "("): return isSentence && words > 0 || !hasDigits(from: index)
            case UInt8(ascii: "-"), UInt8(ascii: "/"):
                // `5-foot`, `km/h`, `– that is all`; not `5 - 3`.
                index += 1
                if isOperand(0) || byte() == 32 && isOperand(1) { return false }
                if isSentence, words > 0 || byte() == 32 { return true }
            case UInt8(ascii: "^"):
                if words == 0, !isDegree, !isOrdinal { return false }
                index += 1
                while [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "-")].contains(byte())
                    || NumberAnswer.isDigit(byte())
                { index += 1 }
            case UInt8(ascii: "\\"):
                guard let goes = command(isSentence: isSentence) else { return false }
                if goes { return true }
            case 48...57:
                // A second number: `cm2` was no word's end.
                if !isSentence || words == 0 { return false }
                return true
            case 0x80...:
                guard let goes = symbol() else { return false }
                if goes { return true }
                words += 1
            case _ where NumberAnswer.isLetter(character):
                guard let goes = word(isAttached: isAttached, isSentence: isSentence, words: words) else {
                    return false
                }
                if goes { return true }
                words += 1
            default: return false
            }
            if character != UInt8(ascii: ")") { isAttached = false }
        }
        return true
    }

    /// `true`: the rest may be anything; `nil`: the value goes on.
    private mutating func word(isAttached: Bool, isSentence: Bool, words: Int) -> Bool? {
        let start = index
        while index < bytes.count, NumberAnswer.isLetter(byte()), byte() < 0x80 { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        let lower = word.lowercased()
        if Self.connectors.contains(lower) {
            if isSentence, lower == "or", words > 0 { return true }
            return isMore(behind: 0) ? nil : (isSentence ? true : nil)
        }
        if word.utf8.count == 1, let letter = word.utf8.first, !Self.unitLetters.contains(letter) {
            // `18 a day`; not `18x`.
            guard letter == UInt8(ascii: "a"), !isAttached, byte() == 32 else { return nil }
            return false
        }
        // A sentence goes on behind the number's noun as it likes, but for a list.
        if isSentence, words >= 2 { return true }
        return false
    }

    private mutating func command(isSentence: Bool) -> Bool? {
        index += 1
        let start = index
        while index < bytes.count, NumberAnswer.isLetter(byte()), byte() < 0x80 { index += 1 }
        if start == index {
            // `\)`, `\]`, `\%`, `\$`: the formula ends or a sign stands there; `\\` begins another row.
            let mark = byte()
            index += 1
            if mark == UInt8(ascii: ")") || mark == UInt8(ascii: "]") { return false }
            return "%$ ".utf8.contains(mark) ? false : nil
        }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        if name == "approx" || name == "simeq" || name == "sim" { return true }
        return Self.unitCommands.contains(name) ? false : nil
    }

    /// Letters and signs beyond ASCII: units, degrees and currencies; operators are more of the value.
    private mutating func symbol() -> Bool? {
        let length = byte() >= 0xF0 ? 4 : byte() >= 0xE0 ? 3 : 2
        let text = String(decoding: bytes[index..<min(bytes.count, index + length)], as: UTF8.self)
        index += length
        if "≈".contains(text) { return true }
        return "×÷±∓≤≥<>√∞π∪∩≠!−²³–—".contains(text) && text != "²" && text != "³" && text != "—" && text != "–"
            ? nil : false
    }

    private var isDegree: Bool {
        bytes[index...].starts(with: "^\\circ".utf8) || bytes[index...].starts(with: "^{\\circ".utf8)
    }

    /// `12^{\mathrm{th}}`, as it stands in normalised text.
    private var isOrdinal: Bool {
        let rest = bytes[index...].dropFirst().drop { $0 == 32 || $0 == UInt8(ascii: "{") }
        return ["th", "st", "nd", "rd"].contains(
            String(decoding: rest.prefix { NumberAnswer.isLetter($0) }, as: UTF8.self))
    }

    private func isOperand(_ offset: Int) -> Bool {
        let next = byte(offset)
        return NumberAnswer.isDigit(next) || next == UInt8(ascii: "\\") || next == UInt8(ascii: "(")
            || next == UInt8(ascii: "-") || next == UInt8(ascii: "$")
    }

    /// Whether another value follows: `and 1728`, `, 5`, `or x`.
    private func isMore(behind offset: Int) -> Bool {
        let rest = bytes[min(bytes.count, index + offset)...].drop { $0 == 32 || $0 == UInt8(ascii: "$") }
        guard let first = rest.first else { return false }
        if NumberAnswer.isDigit(first) || "-\\([.".utf8.contains(first) { return true }
        guard NumberAnswer.isLetter(first) else { return false }
        let word = rest.prefix { NumberAnswer.isLetter($0) }
        if word.count == 1 { return true }
        return ["and", "or"].contains(String(decoding: word, as: UTF8.self))
    }

    /// A sentence behind a comma: not another value.
    private func goesOn(behind offset: Int) -> Bool { !isMore(behind: offset) }

    private func hasDigits(from start: Int) -> Bool { bytes[start...].contains { NumberAnswer.isDigit($0) } }
}
