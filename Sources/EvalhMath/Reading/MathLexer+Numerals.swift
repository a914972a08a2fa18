extension MathLexer {
    /// A numeral with its separators, decimals, repeating part and exponent; a digit or a point and a digit come next.
    mutating func numeral() throws(MathFault) {
        var numeral = Numeral(value: nil, whole: digits())
        if 1...3 ~= numeral.whole.utf8.count, numeral.whole != "0" {
            while let length = separator() {
                if length == 1, scalars[index] != " " { numeral.hasCommas = true }
                index += length
                numeral.whole += digits()
            }
        }
        var repeating = ""
        if let length = decimalMark() {
            index += length
            numeral.decimals = digits()
            while let length = thinSpace(), isDigit(at: index + length), !numeral.decimals.isEmpty {
                index += length
                numeral.decimals += digits()
            }
            repeating = try repeatingPart(&numeral)
        }
        let exponent = exponent()
        numeral.value = try value(numeral, repeating, exponent)
        if exponent != 0 { numeral.decimals += "e\(exponent)" }
        emit(.number(numeral))
    }

    private mutating func digits() -> String {
        var result = String.UnicodeScalarView()
        while isDigit(at: index) {
            result.append(scalars[index])
            index += 1
        }
        return String(result)
    }

    private func has(_ text: String, at place: Int) -> Bool {
        var place = place
        for scalar in text.unicodeScalars {
            guard place < scalars.count, scalars[place] == scalar else { return false }
            place += 1
        }
        return true
    }

    /// Exactly three digits, and no more.
    private func isGroup(at place: Int) -> Bool {
        isDigit(at: place) && isDigit(at: place + 1) && isDigit(at: place + 2) && !isDigit(at: place + 3)
    }

    private var comma: String { options.decimalComma ? "." : "," }

    /// The length of what separates the next group of three digits.
    private func separator() -> Int? {
        for mark in [comma + "\\!", "{\(comma)}\\!", "{\(comma)}", comma + "\\,", "\\,", "\\!"]
        where has(mark, at: index) {
            var length = mark.unicodeScalars.count
            if has(" ", at: index + length), mark.hasSuffix("!") { length += 1 }
            if isGroup(at: index + length) { return length }
        }
        if openBrackets == 0, !options.commasSeparate, has(comma, at: index), isGroup(at: index + 1) { return 1 }
        return has(" ", at: index) && isGroup(at: index + 1) ? 1 : nil
    }

    private func thinSpace() -> Int? {
        for mark in ["\\,", "\\!"] where has(mark, at: index) { return 2 }
        return nil
    }

    private func decimalMark() -> Int? {
        if options.decimalComma { return has(",", at: index) && isDigit(at: index + 1) ? 1 : nil }
        if has("{,}", at: index), isDigit(at: index + 3) { return 3 }
        guard has(".", at: index) else { return nil }
        let next = index + 1
        return isDigit(at: next) || ["\\overline", "\\bar", "\\dot", "("].contains { has($0, at: next) } ? 1 : nil
    }

    /// `\overline{3}`, `(3)`, `\dot{3}`, or dots behind digits that repeat.
    private mutating func repeatingPart(_ numeral: inout Numeral) throws(MathFault) -> String {
        for command in ["\\overline", "\\bar", "\\dot"] where has(command, at: index) {
            var result = ""
            let isDotted = command == "\\dot"
            while has(command, at: index) {
                index += command.utf8.count
                if let content = group() {
                    result += content
                } else if isDigit(at: index) {
                    result += String(scalars[index])
                    index += 1
                }
                // Of a dotted block the first and the last digit have dots.
                if isDotted { result += digits() }
            }
            guard !result.isEmpty, result.utf8.allSatisfy({ (48...57).contains($0) }) else { throw .notRead }
            return result
        }
        if has("(", at: index), isDigit(at: index + 1) {
            let saved = index
            index += 1
            let result = digits()
            if has(")", at: index) {
                index += 1
                return result
            }
            index = saved
        }
        for dots in ["...", "…", "\\ldots", "\\dots", "\\cdots"] where has(dots, at: index) {
            guard let block = Self.repeatedBlock(of: numeral.decimals) else { throw .notRead }
            index += dots.unicodeScalars.count
            return block
        }
        return ""
    }

    /// The shortest block that stands at the end at least three times, or twice if it is longer than two digits.
    static func repeatedBlock(of digits: String) -> String? {
        let digits = Array(digits.utf8)
        for length in 1...12 {
            let times = length > 2 ? 2 : 3
            guard digits.count >= length * times else { return nil }
            let block = digits.suffix(length)
            let isRepeated = (1..<times).allSatisfy { time in
                digits.dropLast(length * time).suffix(length).elementsEqual(block)
            }
            if isRepeated { return String(decoding: block, as: UTF8.self) }
        }
        return nil
    }

    /// `e-5` behind digits.
    private mutating func exponent() -> Int {
        guard has("e", at: index) || has("E", at: index) else { return 0 }
        var place = index + 1
        var sign = 1
        if has("+", at: place) || has("-", at: place) {
            if has("-", at: place) { sign = -1 }
            place += 1
        }
        let first = place
        while isDigit(at: place) { place += 1 }
        guard place > first, place - first <= 4, !isLetter(at: place) else { return 0 }
        let digits = String(String.UnicodeScalarView(scalars[first..<place]))
        index = place
        return sign * (Int(digits) ?? 0)
    }

    private func value(_ numeral: Numeral, _ repeating: String, _ exponent: Int) throws(MathFault) -> Rational? {
        let all = numeral.whole + numeral.decimals
        guard all.utf8.count + repeating.utf8.count <= 2000, exponent.magnitude <= 2000 else { return nil }
        let ten = Integer(10)
        let scale = try ten.raised(to: numeral.decimals.utf8.count)
        var value = try Rational(Integer(digits: all.utf8.map { $0 - 48 }), over: scale)
        if !repeating.isEmpty {
            let nines = try ten.raised(to: repeating.utf8.count).adding(Integer(-1))
            let part = try Rational(Integer(digits: repeating.utf8.map { $0 - 48 }), over: nines.times(scale))
            value = try value.adding(part)
        }
        return exponent == 0 ? value : try value.times(Rational(10).raised(to: exponent))
    }
}
