internal import Glibc

/// A fraction in lowest terms; the denominator is positive.
struct Rational: Hashable, Comparable, Sendable {
    static let zero = Rational(0)
    static let one = Rational(1)

    let numerator: Integer
    let denominator: Integer

    init(_ value: Int) { self.init(Integer(value)) }

    init(_ value: Integer) {
        numerator = value
        denominator = .one
    }

    /// - Throws: `undefined` for a denominator of zero.
    init(_ numerator: Integer, over denominator: Integer) throws(MathFault) {
        if denominator.isZero { throw .undefined }
        if denominator.isOne {
            self.init(numerator)
            return
        }
        let divisor = try Integer.commonDivisor(numerator, denominator)
        var (top, bottom) = (numerator, denominator)
        if !divisor.isOne {
            top = try top.divided(by: divisor).quotient
            bottom = try bottom.divided(by: divisor).quotient
        }
        self.init(lowest: bottom.isNegative ? top.negated : top, bottom.magnitude)
    }

    private init(lowest numerator: Integer, _ denominator: Integer) {
        self.numerator = numerator
        self.denominator = denominator
    }

    var isZero: Bool { numerator.isZero }
    var isOne: Bool { numerator.isOne && denominator.isOne }
    var isNegative: Bool { numerator.isNegative }
    var isInteger: Bool { denominator.isOne }
    var negated: Rational { Rational(lowest: numerator.negated, denominator) }
    var magnitude: Rational { Rational(lowest: numerator.magnitude, denominator) }
    /// `nil`: no integer, or too large.
    var int: Int? { isInteger ? numerator.int : nil }
    /// The larger part's.
    var bits: Int { max(numerator.bits, denominator.bits) }

    static func < (a: Rational, b: Rational) -> Bool {
        guard let left = try? a.numerator.times(b.denominator), let right = try? b.numerator.times(a.denominator) else {
            return a.approximate < b.approximate
        }
        return left < right
    }

    func adding(_ other: Rational) throws(MathFault) -> Rational {
        if isInteger, other.isInteger { return Rational(try numerator.adding(other.numerator)) }
        return try Rational(
            numerator.times(other.denominator).adding(other.numerator.times(denominator)),
            over: denominator.times(other.denominator))
    }

    func times(_ other: Rational) throws(MathFault) -> Rational {
        try Rational(numerator.times(other.numerator), over: denominator.times(other.denominator))
    }

    func inverse() throws(MathFault) -> Rational { try Rational(denominator, over: numerator) }

    func raised(to exponent: Int) throws(MathFault) -> Rational {
        if exponent < 0 {
            if exponent == .min { throw .tooLarge }
            return try inverse().raised(to: -exponent)
        }
        return Rational(lowest: try numerator.raised(to: exponent), try denominator.raised(to: exponent))
    }

    /// Rounded down.
    func floor() throws(MathFault) -> Integer {
        let (quotient, remainder) = try numerator.divided(by: denominator)
        return remainder.isNegative ? try quotient.adding(Integer(-1)) : quotient
    }

    /// Off by less than 2^-51 of its size.
    var approximate: Double {
        guard let (top, topScale) = Self.leading(numerator), let (bottom, bottomScale) = Self.leading(denominator)
        else { return 0 }
        let value = scalbn(top / bottom, Int32(clamping: topScale - bottomScale))
        return isNegative ? -value : value
    }

    private static func leading(_ value: Integer) -> (Double, Int)? {
        guard let last = value.limbs.last else { return nil }
        let count = value.limbs.count
        let next = count > 1 ? value.limbs[count - 2] : 0
        return (Double(last) + Double(next) * 0x1p-64, (count - 1) * 64)
    }

    var text: String { isInteger ? numerator.digits : numerator.digits + "/" + denominator.digits }
}
