/// A product of powers of atoms, which an `Algebra` knows by number.
struct Monomial: Hashable {
    struct Factor: Hashable {
        var atom: Int
        var exponent: Fraction
    }

    static let one = Monomial(factors: [])

    /// By atom; no exponent is zero.
    var factors: [Factor]

    var degree: Int { factors.reduce(0) { $0 + $1.exponent.top / $1.exponent.bottom } }

    func exponent(of atom: Int) -> Fraction? { factors.first { $0.atom == atom }?.exponent }

    func without(_ atom: Int) -> Monomial { Monomial(factors: factors.filter { $0.atom != atom }) }
}

/// A sum of monomials with coefficients; none is zero.
struct Polynomial: Hashable {
    static let zero = Polynomial()
    static let one = Polynomial(.one)

    private(set) var terms: [Monomial: Rational] = [:]

    init() {}

    init(_ value: Rational, _ monomial: Monomial = .one) {
        if !value.isZero { terms[monomial] = value }
    }

    var isZero: Bool { terms.isEmpty }
    var isOne: Bool { constant?.isOne == true }

    /// `nil`: it holds atoms.
    var constant: Rational? {
        if terms.isEmpty { return .zero }
        return terms.count == 1 ? terms[.one] : nil
    }

    /// `nil`: none or several.
    var single: (monomial: Monomial, coefficient: Rational)? {
        terms.count == 1 ? terms.first.map { ($0.key, $0.value) } : nil
    }

    var atoms: Set<Int> { Set(terms.keys.flatMap { $0.factors.map(\.atom) }) }

    mutating func add(_ value: Rational, _ monomial: Monomial) throws(MathFault) {
        if value.isZero { return }
        guard let old = terms[monomial] else {
            terms[monomial] = value
            return
        }
        let sum = try old.adding(value)
        terms[monomial] = sum.isZero ? nil : sum
    }

    func adding(_ other: Polynomial) throws(MathFault) -> Polynomial {
        var result = self
        for (monomial, value) in other.terms { try result.add(value, monomial) }
        return result
    }

    func scaled(by factor: Rational) throws(MathFault) -> Polynomial {
        if factor.isOne { return self }
        var result = Polynomial()
        for (monomial, value) in terms { try result.add(value.times(factor), monomial) }
        return result
    }
}

/// A fraction of polynomials, not always in lowest terms.
struct Quotient {
    var top: Polynomial
    var bottom = Polynomial.one

    static let one = Quotient(top: .one)

    init(top: Polynomial, bottom: Polynomial = .one) {
        self.top = top
        self.bottom = bottom
    }

    init(_ value: Rational) { top = Polynomial(value) }

    var rational: Rational? { bottom.isOne ? top.constant : nil }
}
