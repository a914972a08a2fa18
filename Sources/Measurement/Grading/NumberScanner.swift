/// A number as it stands in a text.
struct FoundNumber {
    var value: ExactNumber
    var isPercent: Bool
    /// Bytes of the scanned text.
    var range: Range<Int>
}

/// Finds numbers in normalised text, from left to right, in one pass. Digits inside words (`H2O`), ordinals (`3rd`),
/// clock times and dates are not numbers.
struct NumberScanner {
    private let bytes: [UInt8]
    /// The text is an answer and nothing else: ambiguous forms (`1 234`, `3,5`) are read as one number.
    private let isWhole: Bool

    init(_ normalised: String, isWhole: Bool = false) {
        bytes = Array(normalised.utf8)
        self.isWhole = isWhole
    }

    func all() -> [FoundNumber] {
        var found: [FoundNumber] = []
        var position = 0
        while position < bytes.count {
            guard isDigit(position) || (bytes[position] == UInt8(ascii: ".") && isDigit(position + 1)) else {
                position += 1
                continue
            }
            if isInsideWord(position) {
                position += 1
                while position < bytes.count, isDigit(position) || isLetter(position) { position += 1 }
                continue
            }
            if let end = clockOrDate(from: position) {
                position = end
                continue
            }
            guard let number = number(at: position) else {
                position += 1
                continue
            }
            if !isOrdinal(number.range.upperBound) { found.append(number) }
            position = max(position + 1, number.range.upperBound)
        }
        return found
    }

    // MARK: Characters

    private func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }
    private func isDigit(_ index: Int) -> Bool { (48...57).contains(byte(index)) }
    private func isLetter(_ index: Int) -> Bool { (65...90).contains(byte(index)) || (97...122).contains(byte(index)) }

    private func isInsideWord(_ start: Int) -> Bool {
        isLetter(start - 1) || byte(start - 1) == UInt8(ascii: "_") && isLetter(start - 2)
    }

    private func isOrdinal(_ end: Int) -> Bool {
        guard isLetter(end), isLetter(end + 1), !isLetter(end + 2) else { return false }
        return ["st", "nd", "rd", "th"].contains(String(decoding: [byte(end) | 32, byte(end + 1) | 32], as: UTF8.self))
    }

    private func digits(from start: Int) -> Int {
        var end = start
        while isDigit(end) { end += 1 }
        return end
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// U+2007, our mark of a grouping space.
    private func isFigureSpace(_ index: Int) -> Bool {
        byte(index) == 0xE2 && byte(index + 1) == 0x80 && byte(index + 2) == 0x87
    }

    /// The end of `12:30`, `3/4/2024`, `2024-05-06` beginning here.
    private func clockOrDate(from start: Int) -> Int? {
        let first = digits(from: start)
        let separator = byte(first)
        guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-"),
            isDigit(first + 1)
        else {
            return nil
        }
        var end = first
        var parts = 1
        while byte(end) == separator, isDigit(end + 1) {
            end = digits(from: end + 1)
            parts += 1
        }
        if separator == UInt8(ascii: ":") { return end }
        if parts == 2, separator == UInt8(ascii: "/"), text(start..<end) == "24/7" { return end }
        return parts >= 3 ? end : nil
    }

    // MARK: Numbers

    private func number(at start: Int) -> FoundNumber? {
        let isNegative = isNegative(before: start)
        var (whole, end) = wholePart(from: start)
        var fraction = ""
        if let european = europeanDecimals(from: start) {
            (whole, fraction, end) = european
        } else if byte(end) == UInt8(ascii: "."), isDigit(end + 1) {
            let last = digits(from: end + 1)
            fraction = text(end + 1..<last)
            end = last
        } else if isWhole, byte(end) == UInt8(ascii: ","), isDigit(end + 1) {
            let last = digits(from: end + 1)
            if !whole.isEmpty, last - end - 1 != 3, last == endOfContent(from: last) {
                fraction = text(end + 1..<last)
                end = last
            }
        }
        if fraction.isEmpty {
            if let number = fractionBehind(whole, end, isNegative, start) { return number }
            // Over zero, or beyond what can be compared exactly.
            if denominator(from: end) != nil { return nil }
        }
        let (exponent, afterExponent) = exponent(from: end)
        guard let value = ExactNumber(isNegative: isNegative, whole: whole, fraction: fraction, exponent: exponent)
        else { return nil }
        return finished(value, start..<afterExponent)
    }

    private func finished(_ value: ExactNumber, _ range: Range<Int>) -> FoundNumber {
        var end = range.upperBound
        while byte(end) == UInt8(ascii: " ") { end += 1 }
        return FoundNumber(value: value, isPercent: byte(end) == UInt8(ascii: "%"), range: range)
    }

    /// A minus directly before, perhaps with a currency sign between, that is not a dash or a subtraction; or the word.
    private func isNegative(before start: Int) -> Bool {
        var index = start - 1
        if isWhole, byte(index) == UInt8(ascii: " "), byte(index - 1) == UInt8(ascii: "-"),
            bytes[..<(index - 1)].allSatisfy({ $0 == 32 })
        {
            return true
        }
        while index >= 0, isCurrency(index) || byte(index) == UInt8(ascii: " ") && isCurrency(index - 1) { index -= 1 }
        if byte(index) == UInt8(ascii: "-") || byte(index) == UInt8(ascii: "-") && isCurrency(index + 1) {
            var before = index - 1
            let hasSpace = byte(before) == UInt8(ascii: " ")
            while byte(before) == UInt8(ascii: " ") { before -= 1 }
            if isDigit(before) || byte(before) == UInt8(ascii: ")") || byte(before) == UInt8(ascii: "%") {
                return false
            }
            return hasSpace || !isLetter(before)
        }
        let before = String(decoding: bytes[max(0, start - 10)..<start], as: UTF8.self).lowercased()
        return before.hasSuffix("negative ") || before.hasSuffix("minus ") && !endsWithDigitBeforeMinus(start)
    }

    private func endsWithDigitBeforeMinus(_ start: Int) -> Bool {
        var index = start - 7
        while byte(index) == UInt8(ascii: " ") { index -= 1 }
        return isDigit(index)
    }

    private func isCurrency(_ index: Int) -> Bool {
        // `$`, or the last byte of £ ¥ (C2 A3, C2 A5) and € (E2 82 AC).
        switch byte(index) {
        case UInt8(ascii: "$"): true
        case 0xA3, 0xA5, 0xC2, 0xAC, 0x82, 0xE2: true
        default: false
        }
    }

    /// Digits with their thousands separators taken out.
    private func wholePart(from start: Int) -> (String, Int) {
        let first = digits(from: start)
        if let grouped = grouped(start, first) { return grouped }
        return (text(start..<first), first)
    }

    private func grouped(_ start: Int, _ first: Int) -> (String, Int)? {
        guard (1...3).contains(first - start) else { return nil }
        for separator in [UInt8(ascii: ","), UInt8(ascii: "_"), UInt8(ascii: "'")] where byte(first) == separator {
            return western(start, first, width: 1) { self.byte($0) == separator }
                ?? (separator == UInt8(ascii: ",") ? indian(start, first) : nil)
        }
        if isFigureSpace(first) { return western(start, first, width: 3) { self.isFigureSpace($0) } }
        if isWhole, byte(first) == UInt8(ascii: " ") {
            return western(start, first, width: 1) { self.byte($0) == UInt8(ascii: " ") }
        }
        // Two points and groups of three: no decimal point can be meant.
        if byte(first) == UInt8(ascii: "."),
            let result = western(start, first, width: 1, { self.byte($0) == UInt8(ascii: ".") }),
            result.0.count >= 7
        {
            let groups = (result.0.count - (first - start)) / 3
            return groups >= 2 ? result : nil
        }
        return nil
    }

    private func western(_ start: Int, _ first: Int, width: Int, _ isSeparator: (Int) -> Bool) -> (String, Int)? {
        var result = text(start..<first)
        var end = first
        while isSeparator(end) {
            let next = digits(from: end + width)
            guard next - end - width == 3 else { break }
            result += text(end + width..<next)
            end = next
        }
        return end > first ? (result, end) : nil
    }

    /// 12,34,567: groups of two, then one of three.
    private func indian(_ start: Int, _ first: Int) -> (String, Int)? {
        guard first - start <= 2 else { return nil }
        var result = text(start..<first)
        var end = first
        var last = 0
        while byte(end) == UInt8(ascii: ",") {
            let next = digits(from: end + 1)
            last = next - end - 1
            guard last == 2 || last == 3 else { return nil }
            result += text(end + 1..<next)
            end = next
            if last == 3 { break }
        }
        return last == 3 ? (result, end) : nil
    }

    /// 1.234,56: points group, the comma is the decimal one.
    private func europeanDecimals(from start: Int) -> (String, String, Int)? {
        let first = digits(from: start)
        guard (1...3).contains(first - start), byte(first) == UInt8(ascii: "."),
            let (whole, end) = western(start, first, width: 1, { self.byte($0) == UInt8(ascii: ".") }),
            byte(end) == UInt8(ascii: ",")
        else { return nil }
        let last = digits(from: end + 1)
        guard (1...2).contains(last - end - 1) else { return nil }
        return (whole, text(end + 1..<last), last)
    }

    /// `3/4`, or `1 1/2` with the whole number before.
    private func fractionBehind(_ whole: String, _ end: Int, _ isNegative: Bool, _ start: Int) -> FoundNumber? {
        if let (denominator, last) = denominator(from: end),
            let value = ExactNumber(isNegative: isNegative, numerator: whole, denominator: denominator)
        {
            return finished(value, start..<last)
        }
        var next = end
        while byte(next) == UInt8(ascii: " ") { next += 1 }
        guard next > end, isDigit(next) else { return nil }
        let top = digits(from: next)
        guard let (denominator, last) = denominator(from: top),
            let value = ExactNumber(
                isNegative: isNegative, whole: whole, numerator: text(next..<top), denominator: denominator)
        else { return nil }
        return finished(value, start..<last)
    }

    private func denominator(from end: Int) -> (String, Int)? {
        var slash = end
        while byte(slash) == UInt8(ascii: " ") { slash += 1 }
        guard byte(slash) == UInt8(ascii: "/") else { return nil }
        var start = slash + 1
        while byte(start) == UInt8(ascii: " ") { start += 1 }
        let last = digits(from: start)
        return last > start ? (text(start..<last), last) : nil
    }

    /// `e5`, `×10^5`, `x 10^{5}`; else 0.
    private func exponent(from end: Int) -> (Int, Int) {
        if byte(end) | 32 == UInt8(ascii: "e") {
            var start = end + 1
            let isSigned = byte(start) == UInt8(ascii: "-") || byte(start) == UInt8(ascii: "+")
            if isSigned { start += 1 }
            let last = digits(from: start)
            if last > start, !isLetter(last), let value = Int(text(start..<last)) {
                return (byte(end + 1) == UInt8(ascii: "-") ? -value : value, last)
            }
            return (0, end)
        }
        var index = end
        while byte(index) == UInt8(ascii: " ") { index += 1 }
        if byte(index) == 0xC3, byte(index + 1) == 0x97 {
            index += 2
        } else if byte(index) | 32 == UInt8(ascii: "x") || byte(index) == UInt8(ascii: "*") {
            index += 1
        } else {
            return (0, end)
        }
        while byte(index) == UInt8(ascii: " ") { index += 1 }
        guard byte(index) == UInt8(ascii: "1"), byte(index + 1) == UInt8(ascii: "0"),
            byte(index + 2) == UInt8(ascii: "^")
        else {
            return (0, end)
        }
        index += 3
        let isBraced = byte(index) == UInt8(ascii: "{")
        if isBraced { index += 1 }
        let isNegative = byte(index) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let last = digits(from: index)
        guard last > index, let value = Int(text(index..<last)) else { return (0, end) }
        return (isNegative ? -value : value, last + (isBraced && byte(last) == UInt8(ascii: "}") ? 1 : 0))
    }

    /// Where the content ends if only units and punctuation follow.
    private func endOfContent(from index: Int) -> Int {
        var next = index
        while next < bytes.count, !isDigit(next) { next += 1 }
        return next == bytes.count ? index : next
    }
}
