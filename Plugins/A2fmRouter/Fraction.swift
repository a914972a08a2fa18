/// An exact number: a fraction in lowest terms whose parts have 128 bits.
struct Fraction: Hashable {
    let numerator: Int128
    /// Above 0.
    let denominator: Int128

    /// `nil` if the denominator is 0, or a part does not fit.
    init?(_ numerator: Int128, over denominator: Int128 = 1) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        let divisor = Self.greatestCommonDivisor(abs(numerator), abs(denominator))
        let sign: Int128 = denominator < 0 ? -1 : 1
        self.numerator = sign * numerator / divisor
        self.denominator = sign * denominator / divisor
    }

    /// Each `nil` if the result does not fit.
    func adding(_ other: Fraction) -> Fraction? {
        guard let left = Self.product(numerator, other.denominator),
            let right = Self.product(other.numerator, denominator),
            let below = Self.product(denominator, other.denominator)
        else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : Fraction(sum, over: below)
    }

    func multiplied(by other: Fraction) -> Fraction? {
        // Reduced crosswise first, so that only results that are too large do not fit.
        guard let left = Fraction(numerator, over: other.denominator),
            let right = Fraction(other.numerator, over: denominator),
            let above = Self.product(left.numerator, right.numerator),
            let below = Self.product(left.denominator, right.denominator)
        else { return nil }
        return Fraction(above, over: below)
    }

    var negated: Fraction? { Fraction(-numerator, over: denominator) }

    /// `nil` for 0 too.
    var inverse: Fraction? { Fraction(denominator, over: numerator) }

    var isZero: Bool { numerator == 0 }

    private static func product(_ a: Int128, _ b: Int128) -> Int128? {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? nil : product
    }

    private static func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a == 0 ? 1 : a
    }
}

extension Fraction: CustomStringConvertible {
    /// A whole or decimal number if it is one, else the fraction and about what it is.
    var description: String {
        if denominator == 1 { return "\(numerator)" }
        return decimal ?? "\(numerator)/\(denominator) (about \(Double(numerator) / Double(denominator)))"
    }

    /// `nil` if the decimals do not end, or there are too many.
    private var decimal: String? {
        var scaled = numerator
        var digits = 0
        while scaled % denominator != 0 {
            guard digits < 38, let next = Self.product(scaled, 10) else { return nil }
            scaled = next
            digits += 1
        }
        let whole = "\(abs(scaled / denominator))"
        let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
        return (numerator < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
