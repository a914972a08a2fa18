/// A number compared exactly: a decimal of any length, or a reduced fraction.
public struct ExactNumber: Hashable, Sendable {
    /// The canonical text: `-1234.5`, or `p/q` in lowest terms where the decimals do not end.
    public let key: String
    /// The nearest `Double`, for tolerances.
    public let approximate: Double

    /// From a sign, digits before and after the point, and a power of ten. `nil` for no digits, more than 2,000 of
    /// them, or a power beyond ±1,000. The texts must hold ASCII digits alone.
    public init?(isNegative: Bool, whole: String, fraction: String = "", exponent: Int = 0) {
        guard abs(exponent) <= 1000, whole.utf8.count + fraction.utf8.count <= 2000,
            !(whole.isEmpty && fraction.isEmpty)
        else {
            return nil
        }
        var digits = Array(whole.utf8) + Array(fraction.utf8)
        var point = whole.utf8.count + exponent
        if point < 0 {
            digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point), at: 0)
            point = 0
        }
        if point > digits.count {
            digits.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - digits.count))
        }
        var before = digits[..<point].drop { $0 == UInt8(ascii: "0") }
        var after = digits[point...]
        while after.last == UInt8(ascii: "0") { after.removeLast() }
        if before.isEmpty { before = [UInt8(ascii: "0")][...] }
        let isZero = before.elementsEqual([UInt8(ascii: "0")]) && after.isEmpty
        var text = isNegative && !isZero ? "-" : ""
        text += String(decoding: before, as: UTF8.self)
        if !after.isEmpty { text += "." + String(decoding: after, as: UTF8.self) }
        key = text
        approximate = Double(text) ?? 0
    }

    /// `whole + numerator / denominator`, the sign over all. `nil` for a zero denominator or terms beyond 128 bits.
    public init?(isNegative: Bool, whole: String = "0", numerator: String, denominator: String) {
        guard let w = Int128(whole), let n = Int128(numerator), let d = Int128(denominator),
            w >= 0, n >= 0, d > 0
        else { return nil }
        let (scaled, overflow) = w.multipliedReportingOverflow(by: d)
        let (sum, sumOverflow) = scaled.addingReportingOverflow(n)
        guard !overflow, !sumOverflow else { return nil }
        let divisor = Self.gcd(sum, d)
        let p = sum / divisor
        let q = d / divisor
        if let decimal = Self.decimal(p, q, isNegative) {
            self = decimal
            return
        }
        key = (isNegative && p != 0 ? "-" : "") + (q == 1 ? "\(p)" : "\(p)/\(q)")
        approximate = (isNegative ? -1 : 1) * Double(p) / Double(q)
    }

    private init(key: String, approximate: Double) {
        self.key = key
        self.approximate = approximate
    }

    /// The decimal form if it ends.
    private static func decimal(_ p: Int128, _ q: Int128, _ isNegative: Bool) -> ExactNumber? {
        var rest = q
        var twos = 0
        var fives = 0
        while rest % 2 == 0 {
            rest /= 2
            twos += 1
        }
        while rest % 5 == 0 {
            rest /= 5
            fives += 1
        }
        guard rest == 1 else { return nil }
        let places = max(twos, fives)
        var scaled = p
        for _ in twos..<max(places, twos) {
            let (next, overflow) = scaled.multipliedReportingOverflow(by: 2)
            if overflow { return nil }
            scaled = next
        }
        for _ in fives..<max(places, fives) {
            let (next, overflow) = scaled.multipliedReportingOverflow(by: 5)
            if overflow { return nil }
            scaled = next
        }
        return ExactNumber(isNegative: isNegative, whole: "\(scaled)", exponent: -places)
    }

    private static func gcd(_ a: Int128, _ b: Int128) -> Int128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a == 0 ? 1 : a
    }

    /// From a canonical text, as `key` has it. `nil` for any other text.
    public init?(key: String) {
        let isNegative = key.hasPrefix("-")
        let body = isNegative ? key.dropFirst() : key[...]
        guard body.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") })
        else { return nil }
        func parts(_ separator: Character) -> [String] {
            body.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        }
        let (terms, decimals) = (parts("/"), parts("."))
        if terms.count == 2 {
            self.init(isNegative: isNegative, numerator: terms[0], denominator: terms[1])
        } else if terms.count == 1, decimals.count <= 2 {
            self.init(isNegative: isNegative, whole: decimals[0], fraction: decimals.count > 1 ? decimals[1] : "")
        } else {
            return nil
        }
    }

    /// A hundredth of it: what a percentage means as a share. `nil` for terms beyond 128 bits.
    public var hundredth: ExactNumber? {
        let isNegative = key.hasPrefix("-")
        let body = isNegative ? key.dropFirst() : key[...]
        if let slash = body.firstIndex(of: "/") {
            return ExactNumber(
                isNegative: isNegative, numerator: String(body[..<slash]),
                denominator: String(body[body.index(after: slash)...]) + "00")
        }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        return ExactNumber(
            isNegative: isNegative, whole: String(parts[0]), fraction: parts.count > 1 ? String(parts[1]) : "",
            exponent: -2)
    }
}
