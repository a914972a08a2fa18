extension JSONReader {
    /// The number that comes next, with all its digits; `nil` for a value of another kind, which is skipped.
    public mutating func number() throws(JSONError) -> JSONNumber? {
        guard try peek() == .number else {
            try skip()
            return nil
        }
        return JSONNumber(checked: String(decoding: bytes[try numberRange()], as: UTF8.self))
    }

    /// The number that comes next as the nearest double, infinite beyond their range; `nil` for a value of another
    /// kind, which is skipped.
    public mutating func double() throws(JSONError) -> Double? {
        guard try peek() == .number else {
            try skip()
            return nil
        }
        let range = try numberRange()
        return exactDouble(range) ?? Double(String(decoding: bytes[range], as: UTF8.self))
    }

    /// The number that comes next, if it is exactly an integer of 64 bits; `nil` for any other value, which is skipped.
    public mutating func int() throws(JSONError) -> Int? {
        guard try peek() == .number else {
            try skip()
            return nil
        }
        let range = try numberRange()
        // Few plain digits, nearly always: no text is built for them.
        if range.count <= 18, bytes[range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        return JSONNumber(checked: String(decoding: bytes[range], as: UTF8.self)).int
    }

    /// Steps over the number that starts here and checks its form.
    mutating func numberRange() throws(JSONError) -> Range<Int> {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let isZero = position < end && bytes[position] == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0 else { throw error("not a JSON value", at: start) }
        guard !isZero || whole == 1 else { throw error("a number with a leading zero", at: start) }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw error("a number that ends in a point", at: start) }
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw error("a number without digits in its exponent", at: start) }
        }
        return start..<position
    }

    private mutating func digits() -> Int {
        let start = position
        while position < end, bytes[position] >= 0x30, bytes[position] <= 0x39 { position += 1 }
        return position - start
    }

    /// The double without a detour by a text, where one rounding gives it: at most 15 digits and a power of ten up to
    /// 22 are exact doubles, so their product or quotient is the nearest double (W. D. Clinger, How to Read Floating
    /// Point Numbers Accurately, 1990).
    private func exactDouble(_ range: Range<Int>) -> Double? {
        var mantissa = 0
        var count = 0
        var fraction = 0
        var isFraction = false
        for byte in bytes[range] {
            switch byte {
            case UInt8(ascii: "-"): continue
            case UInt8(ascii: "."): isFraction = true
            case 0x30...0x39:
                mantissa = mantissa * 10 + Int(byte - 0x30)
                if mantissa > 0 { count += 1 }
                if isFraction { fraction += 1 }
                guard count <= 15 else { return nil }
            default: return nil
            }
        }
        guard fraction < JSONReader.powersOfTen.count else { return nil }
        let value = Double(mantissa) / JSONReader.powersOfTen[fraction]
        return bytes[range.lowerBound] == UInt8(ascii: "-") ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
