import EvalhNumbers

/// What the place of an answer holds, as a number.
enum NumberAnswer {
    case number(FoundNumber)
    /// An answer, and no number: it holds more than a number and a unit, or something else altogether.
    case notANumber
    /// No answer at all.
    case nothing

    /// Reads a place that holds an answer and nothing else, such as the braces of `\boxed`.
    init(whole content: String) {
        let text = Self.unwrapped(content)
        guard !Self.isEmpty(text) else {
            self = .nothing
            return
        }
        let parts = Self.sides(text)
        guard let last = parts.last, parts.dropLast().enumerated().allSatisfy({ Self.isName($1, isFirst: $0 == 0) })
        else {
            self = .notANumber
            return
        }
        let isShort = last.reduce(0) { $0 + (Self.isLetter($1) ? 1 : 0) } <= 24
        let part = String(decoding: last, as: UTF8.self)
        guard let number = NumberScanner(part, isWhole: isShort).all().first,
            NumberSurroundings(last, number).areWhole
        else {
            self = .notANumber
            return
        }
        self = .number(number)
    }

    /// Reads what stands behind "the answer is": a sentence that begins with the answer or comes to it.
    init(sentence content: String) {
        let clause = Self.clause(Self.unwrapped(content))
        let parts = Self.sides(clause)
        for part in parts.reversed() {
            let isShort = part.reduce(0) { $0 + (Self.isLetter($1) ? 1 : 0) } <= 24
            let text = String(decoding: part, as: UTF8.self)
            guard let number = NumberScanner(text, isWhole: isShort).all().first else { continue }
            self = NumberSurroundings(part, number).areSentence ? .number(number) : .notANumber
            return
        }
        self = Self.isFormula(clause) ? .notANumber : .nothing
    }

    var number: FoundNumber? {
        if case .number(let number) = self { return number }
        return nil
    }

    // MARK: Pieces

    static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & ~32) || byte >= 0x80 }
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Without the marks of emphasis and formulas around it.
    private static func unwrapped(_ content: String) -> [UInt8] {
        var text = Array(content.utf8)[...]
        let marks = Set(" \t\r\n*$`\"':=~_#".utf8)
        func isCommand(_ slice: ArraySlice<UInt8>) -> Bool {
            slice.count == 2 && slice.first == UInt8(ascii: "\\") && Set("()[]".utf8).contains(slice.last ?? 0)
        }
        while true {
            let before = text.count
            text = text.drop { marks.contains($0) && $0 != UInt8(ascii: "$") }
            // A dollar before digits is money.
            if text.first == UInt8(ascii: "$") { text = text.dropFirst() }
            while let last = text.last, marks.contains(last) || last == UInt8(ascii: ".") { text.removeLast() }
            if isCommand(text.prefix(2)) { text = text.dropFirst(2) }
            if isCommand(text.suffix(2)) { text.removeLast(2) }
            if text.count == before { return Array(text) }
        }
    }

    /// What stands between the signs of equality.
    private static func sides(_ text: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var skipped = 0
        for (index, byte) in text.enumerated() {
            guard skipped == 0 else {
                skipped -= 1
                continue
            }
            let before = index > 0 ? text[index - 1] : 0
            if byte == UInt8(ascii: "="), !"<>!".utf8.contains(before) {
                parts.append([])
            } else if let length = approximation(text, at: index), !text[..<index].contains(where: { isDigit($0) }) {
                // `x ≈ 600`; of `1/3 ≈ 0.333` the first number is the answer.
                parts.append([])
                skipped = length - 1
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        parts.removeAll { $0.allSatisfy { $0 == UInt8(ascii: " ") } }
        return parts
    }

    private static func approximation(_ text: [UInt8], at index: Int) -> Int? {
        ["≈", "\\approx"].first { text[index...].starts(with: $0.utf8) }?.utf8.count
    }

    /// Whether a side before the last names or calculates one value: `x`, `f(2)`, `\angle ABC`, `3 × 6`; not `2x + y`,
    /// nor `1, y` of `x = 1, y = 2`.
    private static func isName(_ side: [UInt8], isFirst: Bool) -> Bool {
        var depth = 0
        var (hasOperator, hasVariable) = (false, false)
        for (index, byte) in side.enumerated() {
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ","), UInt8(ascii: ";"): if depth == 0 { return false }
            case UInt8(ascii: "<"), UInt8(ascii: ">"): return false
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"):
                hasOperator = true
            case _ where isLetter(byte):
                hasVariable = true
                if index > 0, isDigit(side[index - 1]), isFirst { hasOperator = true }
            default: break
            }
        }
        if hasOperator && hasVariable { return false }
        return isFirst || !NumberSurroundings.words(side).contains { ["or", "and"].contains($0) }
    }

    /// The sentence's part up to its end.
    private static func clause(_ text: [UInt8]) -> [UInt8] {
        var word = 0
        for (index, byte) in text.enumerated() {
            let next = index + 1 < text.count ? text[index + 1] : UInt8(ascii: " ")
            switch byte {
            case UInt8(ascii: "\n"): return Array(text[..<index])
            case UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "!"):
                let isEnd = next == UInt8(ascii: " ") || next == UInt8(ascii: "\r") || next == UInt8(ascii: "\n")
                // `Rs. 500`: no sentence ends there.
                let last = String(decoding: text[word..<index], as: UTF8.self).lowercased()
                if isEnd, !["rs", "no", "nr", "approx", "ca"].contains(last) { return Array(text[..<index]) }
            case UInt8(ascii: " "): word = index + 1
            default: break
            }
        }
        return text
    }

    /// No number, yet mathematics: `\pi`, `√n`.
    private static func isFormula(_ clause: [UInt8]) -> Bool {
        let words = NumberSurroundings.words(clause)
        guard words.count <= 3, words.allSatisfy({ $0.hasPrefix("\\") || $0.utf8.count == 1 }) else { return false }
        return words.contains { $0.hasPrefix("\\") && !NumberSurroundings.styles.contains($0) }
    }

    /// Whether anything stands there that could be an answer; `?` and dots could not.
    private static func isEmpty(_ text: [UInt8]) -> Bool { !text.contains { isLetter($0) || isDigit($0) } }
}
