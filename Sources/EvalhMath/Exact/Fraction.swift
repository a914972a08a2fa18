/// A small exponent: a fraction of machine integers in lowest terms.
struct Fraction: Hashable, Comparable {
    /// Larger exponents are left as they are written.
    static let bound = 1 << 30

    let top: Int
    let bottom: Int

    init(_ top: Int) {
        self.top = top
        bottom = 1
    }

    /// `nil`: too large.
    init?(_ top: Int, _ bottom: Int) {
        var (x, y) = (top.magnitude, bottom.magnitude)
        if y == 0 { return nil }
        while y != 0 { (x, y) = (y, x % y) }
        let sign = bottom < 0 ? -1 : 1
        self.top = sign * (top / Int(x))
        self.bottom = sign * (bottom / Int(x))
        if self.top.magnitude > Self.bound || self.bottom > Self.bound { return nil }
    }

    init?(_ value: Rational) {
        guard let top = value.numerator.int, let bottom = value.denominator.int,
            top.magnitude <= Self.bound, bottom <= Self.bound
        else { return nil }
        self.top = top
        self.bottom = bottom
    }

    var isInteger: Bool { bottom == 1 }
    /// Rounded down.
    var floor: Int { top >= 0 ? top / bottom : -((-top + bottom - 1) / bottom) }
    var text: String { isInteger ? "\(top)" : "(\(top)/\(bottom))" }

    static func < (a: Fraction, b: Fraction) -> Bool { a.top * b.bottom < b.top * a.bottom }

    /// - Throws: `tooLarge`.
    func adding(_ other: Fraction) throws(MathFault) -> Fraction {
        guard let sum = Fraction(top * other.bottom + other.top * bottom, bottom * other.bottom) else {
            throw .tooLarge
        }
        return sum
    }

    func times(_ other: Fraction) throws(MathFault) -> Fraction {
        guard let product = Fraction(top * other.top, bottom * other.bottom) else { throw .tooLarge }
        return product
    }
}
