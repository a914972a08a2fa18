/// What polynomials are made of.
struct Atom {
    indirect enum Kind {
        /// A prime whose powers with exponents between 0 and 1 stand in monomials: √2.
        case prime(Integer)
        /// π, e, infinity, and the imaginary unit.
        case constant(MathConstant)
        case symbol(String)
        case call(MathFunction, [Quotient])
        /// Something to a power that is no number: 2^n.
        case power(Quotient, Quotient)
        /// A sum of which only roots stand in monomials: √(x + 1).
        case root(Polynomial)
    }

    var kind: Kind
    /// Equal for equal atoms; as it is written in canonical texts.
    var key: String

    /// Two different polynomials of such atoms have different values: roots of primes are linearly independent over the
    /// rational numbers (Besicovitch 1940), variables over everything.
    var isComplete: Bool {
        switch kind {
        case .prime(let value): value.bits <= 32
        case .constant, .symbol: true
        case .call, .power, .root: false
        }
    }

    var isImaginary: Bool { if case .constant(.i) = kind { true } else { false } }

    /// Certainly a positive number.
    var isPositive: Bool {
        switch kind {
        case .prime, .constant(.pi), .constant(.e): true
        default: false
        }
    }
}
