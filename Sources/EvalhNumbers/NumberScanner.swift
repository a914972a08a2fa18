/// A number as it stands in a text.
public struct FoundNumber: Hashable, Sendable {
    public var value: ExactNumber
    /// A percent sign follows; `value` is the number before it.
    public var isPercent: Bool
    /// Its place, in UTF-8 bytes of the scanned text. A sign before it lies outside.
    public var range: Range<Int>

    /// A number that was found elsewhere, or came by another way.
    public init(value: ExactNumber, isPercent: Bool = false, range: Range<Int> = 0..<0) {
        self.value = value
        self.isPercent = isPercent
        self.range = range
    }
}

/// Finds numbers in normalised text, from left to right, in one pass. Digits inside words (`H2O`), ordinals (`3rd`),
/// clock times and dates are not numbers.
///
/// ```swift
/// let text = NumberText.normalised("They paid −$1,234.50, or 3½ %.")
/// NumberScanner(text).all().map(\.value.key)  // ["-1234.5", "3.5"]
/// ```
public struct NumberScanner {
    let bytes: [UInt8]
    let isWhole: Bool
    /// Where the text's first character is that is no space.
    private let start: Int

    /// - Parameters:
    ///   - normalised: What `NumberText.normalised` made of a text.
    ///   - isWhole: The text is an answer and nothing else: ambiguous forms (`1 234`, `3,5`) are read as one number.
    public init(_ normalised: String, isWhole: Bool = false) {
        bytes = Array(normalised.utf8)
        self.isWhole = isWhole
        start = bytes.firstIndex { $0 != 32 } ?? bytes.count
    }

    /// All numbers of the text, in their order.
    public func all() -> [FoundNumber] {
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
                // What is too long to be compared is passed over whole: its tail is no number of its own.
                position = max(position + 1, wholePart(from: position).1)
                continue
            }
            if !isOrdinal(number.range.upperBound) { found.append(number) }
            position = max(position + 1, number.range.upperBound)
        }
        return found
    }

    // MARK: Characters

    func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }
    func isDigit(_ index: Int) -> Bool { (48...57).contains(byte(index)) }
    func isLetter(_ index: Int) -> Bool { (65...90).contains(byte(index)) || (97...122).contains(byte(index)) }

    private func isInsideWord(_ start: Int) -> Bool {
        isLetter(start - 1) || byte(start - 1) == UInt8(ascii: "_") && isLetter(start - 2)
    }

    private func isOrdinal(_ end: Int) -> Bool {
        guard isLetter(end), isLetter(end + 1), !isLetter(end + 2) else { return false }
        return ["st", "nd", "rd", "th"].contains(String(decoding: [byte(end) | 32, byte(end + 1) | 32], as: UTF8.self))
    }

    func digits(from start: Int) -> Int {
        var end = start
        while isDigit(end) { end += 1 }
        return end
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// U+2007, our mark of a grouping space.
    func isFigureSpace(_ index: Int) -> Bool {
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

    func finished(_ value: ExactNumber, _ range: Range<Int>) -> FoundNumber {
        var end = range.upperBound
        while byte(end) == UInt8(ascii: " ") { end += 1 }
        return FoundNumber(value: value, isPercent: byte(end) == UInt8(ascii: "%"), range: range)
    }

    /// A minus directly before, perhaps with a currency sign between, that is not a dash or a subtraction; or the word.
    private func isNegative(before start: Int) -> Bool {
        var index = start - 1
        if isWhole, byte(index) == UInt8(ascii: " "), byte(index - 1) == UInt8(ascii: "-"),
            self.start == index - 1
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

    /// Where the content ends if only units and punctuation follow.
    private func endOfContent(from index: Int) -> Int {
        var next = index
        while next < bytes.count, !isDigit(next) { next += 1 }
        return next == bytes.count ? index : next
    }
}
