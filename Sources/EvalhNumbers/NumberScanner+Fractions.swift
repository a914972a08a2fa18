/// What may follow a number and belong to it: a denominator, a power of ten.
extension NumberScanner {
    /// `3/4`, or `1 1/2` with the whole number before.
    func fractionBehind(_ whole: String, _ end: Int, _ isNegative: Bool, _ start: Int) -> FoundNumber? {
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

    func denominator(from end: Int) -> (String, Int)? {
        var slash = end
        while byte(slash) == UInt8(ascii: " ") { slash += 1 }
        guard byte(slash) == UInt8(ascii: "/") else { return nil }
        var start = slash + 1
        while byte(start) == UInt8(ascii: " ") { start += 1 }
        let last = digits(from: start)
        return last > start ? (text(start..<last), last) : nil
    }

    /// `e5`, `×10^5`, `x 10^{5}`; else 0.
    func exponent(from end: Int) -> (Int, Int) {
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
}
