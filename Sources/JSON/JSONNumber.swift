/// A JSON number as it is written. No digit is lost, be it a seed beyond 53 bits or `1e400`, which no double holds.
///
/// Equality is that of exact decimal numbers: `1`, `1.0` and `10e-1` are equal, 9007199254740993 and …992 are not.
public struct JSONNumber: Sendable {
    /// As RFC 8259 writes it, such as `-1.50e3`.
    public let text: String

    /// - Parameter text: What a reader has checked, or a formatter made.
    init(checked text: String) {
        self.text = text
    }

    public init(_ value: some FixedWidthInteger) {
        text = String(value)
    }

    /// The shortest text that gives this double again, whole numbers below 2^53 without a fraction; `nil` for
    /// infinities and NaN, which JSON lacks.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 {
            text = String(whole)
        } else {
            text = value.description
        }
    }

    /// `nil` if the text is not one JSON number and nothing else.
    public init?(text: String) {
        var reader = JSONReader(Array(text.utf8), in: nil)
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            let number = try? reader.number(), reader.position == reader.end
        else { return nil }
        self = number
    }

    /// The nearest double; `nil` beyond their range. What is nearer to 0 than any of them is 0.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The integer, if this is exactly one and it fits 64 bits.
    public var int: Int? {
        if let plain = Int(text) { return plain }
        guard let decimal = Decimal(text), decimal.exponent >= 0, decimal.exponent < 20 else { return nil }
        var value = 0
        for digit in decimal.digits + Array(repeating: 0, count: decimal.exponent) {
            let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (next, isStillTooLarge) = shifted.subtractingReportingOverflow(Int(digit))
            guard !isTooLarge, !isStillTooLarge else { return nil }
            value = next
        }
        if decimal.isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Whether it has no fraction, however large it is.
    public var isInteger: Bool { Decimal(text).map { $0.exponent >= 0 } ?? false }

    /// This number as a double has it, in its shortest text: equal doubles give equal texts. `nil` beyond their range.
    public var shortest: JSONNumber? { double.flatMap { JSONNumber($0) } }
}

extension JSONNumber: Hashable {
    public static func == (a: JSONNumber, b: JSONNumber) -> Bool {
        if a.text == b.text { return true }
        guard let x = Decimal(a.text), let y = Decimal(b.text) else { return false }
        return x == y
    }

    public func hash(into hasher: inout Hasher) {
        if let decimal = Decimal(text) { hasher.combine(decimal) } else { hasher.combine(text) }
    }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { text }
}

extension JSONNumber {
    /// A number as digits × 10^exponent, in the one form without zeros at either end.
    struct Decimal: Hashable {
        var isNegative = false
        /// 0 to 9 each; none for zero.
        var digits: [UInt8] = []
        var exponent = 0

        /// `nil` if the exponent is beyond 18 digits: such numbers are equal only if their texts are.
        init?(_ text: String) {
            var rest = Substring(text).utf8
            if rest.first == UInt8(ascii: "-") {
                isNegative = true
                rest.removeFirst()
            }
            var isFraction = false
            while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
                rest.removeFirst()
                if byte == UInt8(ascii: ".") {
                    isFraction = true
                } else {
                    digits.append(byte &- 0x30)
                    if isFraction { exponent -= 1 }
                }
            }
            if !rest.isEmpty {
                rest.removeFirst()
                guard let written = Int(Substring(rest)), written.magnitude < 1_000_000_000_000_000_000 else {
                    return nil
                }
                exponent += written
            }
            while digits.last == 0 {
                digits.removeLast()
                exponent += 1
            }
            digits.removeFirst(digits.prefix { $0 == 0 }.count)
            if digits.isEmpty { (isNegative, exponent) = (false, 0) }
        }
    }
}
