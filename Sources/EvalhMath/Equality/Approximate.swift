internal import Glibc

/// A complex number that is known up to an error: the true value is no further than `error` from it.
struct Approximate {
    /// Two units in the last place, and room for the library's functions.
    private static let unit = 0x1p-51

    var re: Double
    var im: Double
    var error: Double

    init(_ re: Double, _ im: Double = 0, error: Double? = nil) {
        self.re = re
        self.im = im
        self.error = error ?? (abs(re) + abs(im)) * Self.unit
    }

    static let zero = Approximate(0, error: 0)

    var size: Double { hypot(re, im) }
    var isReal: Bool { abs(im) <= error }
    /// `nil`: too little is known, or it is not finite.
    var checked: Approximate? { re.isFinite && im.isFinite && error.isFinite ? self : nil }

    static func + (a: Approximate, b: Approximate) -> Approximate {
        var sum = Approximate(a.re + b.re, a.im + b.im)
        sum.error += a.error + b.error
        return sum
    }

    static func * (a: Approximate, b: Approximate) -> Approximate {
        let (x, y) = (a.size, b.size)
        return Approximate(
            a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re,
            error: x * b.error + y * a.error + a.error * b.error + 4 * x * y * unit)
    }

    /// `nil`: it may be zero.
    var inverse: Approximate? {
        let size = size
        guard size > 2 * error else { return nil }
        let square = size * size
        return Approximate(re / square, -im / square, error: error / (size * (size - error)) + 4 * Self.unit / size)
            .checked
    }

    /// Away from zero and from the cut along the negative numbers, where `mayCross` is false.
    func logarithm(mayCross: Bool) -> Approximate? {
        let size = size
        guard size > 2 * error, re > 0 || mayCross && isReal || abs(im) > 2 * error else { return nil }
        let angle = isReal && re < 0 ? Double.pi : atan2(im, re)
        return Approximate(log(size), angle, error: error / (size - error) + (abs(log(size)) + 4) * Self.unit).checked
    }

    var exponential: Approximate? {
        guard error < 1, re < 700 else { return nil }
        let size = exp(re)
        return Approximate(
            size * cos(im), size * sin(im), error: size * (1.8 * error + (4 + abs(re) + abs(im)) * Self.unit)
        ).checked
    }

    func raised(to exponent: Int) -> Approximate? {
        guard exponent.magnitude <= 4096 else { return nil }
        var result = Approximate(1, error: 0)
        var square = self
        var rest = exponent.magnitude
        while rest > 0 {
            if rest & 1 == 1 { result = result * square }
            rest >>= 1
            if rest > 0 { square = square * square }
        }
        guard let checked = result.checked else { return nil }
        return exponent < 0 ? checked.inverse : checked
    }

    /// A real function whose slope near the number is no more than `slope`.
    func mapped(slope: Double, _ function: (Double) -> Double) -> Approximate? {
        guard isReal else { return nil }
        let value = function(re)
        return Approximate(value, error: error * slope + (abs(value) + 0x1p-60) * Self.unit).checked
    }

    /// The sine; `shift` turns it into the cosine.
    func sine(cosine: Bool) -> Approximate? {
        guard error < 0.5, abs(im) < 300, abs(re) < 1e9 else { return nil }
        let (growth, decay) = (cosh(im), sinh(im))
        let slack = growth * (1.2 * error + 4 * Self.unit)
        return cosine
            ? Approximate(cos(re) * growth, -sin(re) * decay, error: slack)
            : Approximate(sin(re) * growth, cos(re) * decay, error: slack)
    }
}
