/// Brings expressions to canonical form: fractions of polynomials whose atoms are variables, π, e, i, roots of primes,
/// and what can't be taken apart further.
final class Algebra {
    /// Larger powers of sums stay as they are written.
    static let maximumPower = 24
    static let maximumTerms = 600

    let work: Work
    private(set) var atoms: [Atom] = []
    private var numbers: [String: Int] = [:]

    init(work: Work) { self.work = work }

    func atom(_ kind: Atom.Kind, key: String) -> Int {
        if let number = numbers[key] { return number }
        numbers[key] = atoms.count
        atoms.append(Atom(kind: kind, key: key))
        return atoms.count - 1
    }

    func single(_ kind: Atom.Kind, key: String, exponent: Fraction = Fraction(1)) throws(MathFault) -> Polynomial {
        try normalised([.init(atom: atom(kind, key: key), exponent: exponent)], times: .one)
    }

    // MARK: Products

    func product(_ a: Polynomial, _ b: Polynomial) throws(MathFault) -> Polynomial {
        if a.isOne { return b }
        if b.isOne { return a }
        var result = Polynomial()
        for (left, x) in a.terms {
            for (right, y) in b.terms {
                try work.take(1 + x.numerator.limbs.count * y.numerator.limbs.count + left.factors.count)
                let value = try x.times(y)
                let merged = try merge(left.factors, right.factors)
                if needsNoCare(merged) {
                    try result.add(value, Monomial(factors: merged))
                } else {
                    result = try result.adding(normalised(merged, times: value))
                }
            }
            if result.terms.count > Self.maximumTerms { throw .tooLarge }
        }
        return result
    }

    private func merge(_ a: [Monomial.Factor], _ b: [Monomial.Factor]) throws(MathFault) -> [Monomial.Factor] {
        if a.isEmpty { return b }
        if b.isEmpty { return a }
        var result: [Monomial.Factor] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if j == b.count || i < a.count && a[i].atom < b[j].atom {
                result.append(a[i])
                i += 1
            } else if i == a.count || b[j].atom < a[i].atom {
                result.append(b[j])
                j += 1
            } else {
                let exponent = try a[i].exponent.adding(b[j].exponent)
                if exponent.top != 0 { result.append(.init(atom: a[i].atom, exponent: exponent)) }
                i += 1
                j += 1
            }
        }
        return result
    }

    private func needsNoCare(_ factors: [Monomial.Factor]) -> Bool {
        factors.allSatisfy { factor in
            switch atoms[factor.atom].kind {
            case .prime, .root: factor.exponent.top > 0 && factor.exponent.top < factor.exponent.bottom
            case .constant(.i): factor.exponent == Fraction(1)
            default: true
            }
        }
    }

    /// Whole powers of primes, of i and of sums under roots become what they are.
    func normalised(_ factors: [Monomial.Factor], times value: Rational) throws(MathFault) -> Polynomial {
        var value = value
        var kept: [Monomial.Factor] = []
        var expanded: [Polynomial] = []
        for factor in factors {
            let whole = factor.exponent.floor
            let rest = try factor.exponent.adding(Fraction(-whole))
            switch atoms[factor.atom].kind {
            case .prime(let prime):
                value = try value.times(Rational(prime).raised(to: whole))
                if rest.top != 0 { kept.append(.init(atom: factor.atom, exponent: rest)) }
            case .constant(.i):
                if rest.top != 0 { throw .notRead }
                let turns = ((whole % 4) + 4) % 4
                if turns >= 2 { value = value.negated }
                if turns % 2 == 1 { kept.append(.init(atom: factor.atom, exponent: Fraction(1))) }
            case .root(let sum):
                if whole < 0 || whole > Self.maximumPower { throw .tooLarge }
                for _ in 0..<whole { expanded.append(sum) }
                if rest.top != 0 { kept.append(.init(atom: factor.atom, exponent: rest)) }
            default: kept.append(factor)
            }
        }
        var result = Polynomial(value, Monomial(factors: kept))
        for factor in expanded { result = try product(result, factor) }
        return result
    }

    // MARK: Fractions

    func sum(_ a: Quotient, _ b: Quotient) throws(MathFault) -> Quotient {
        if a.bottom == b.bottom { return try simple(Quotient(top: a.top.adding(b.top), bottom: a.bottom)) }
        return try simple(
            Quotient(
                top: product(a.top, b.bottom).adding(product(b.top, a.bottom)), bottom: product(a.bottom, b.bottom)))
    }

    func product(_ a: Quotient, _ b: Quotient) throws(MathFault) -> Quotient {
        try simple(Quotient(top: product(a.top, b.top), bottom: product(a.bottom, b.bottom)))
    }

    func inverse(_ a: Quotient) throws(MathFault) -> Quotient {
        if a.top.isZero { throw .undefined }
        return try simple(Quotient(top: a.bottom, bottom: a.top))
    }

    /// A denominator of one term goes into the numerator.
    private func simple(_ a: Quotient) throws(MathFault) -> Quotient {
        if a.bottom.isZero { throw .undefined }
        if a.bottom.isOne { return a }
        guard let (monomial, value) = a.bottom.single else { return a }
        var factors: [Monomial.Factor] = []
        var bottom = Polynomial.one
        for factor in monomial.factors {
            if case .root(let sum) = atoms[factor.atom].kind {
                let rest = try Fraction(1).adding(factor.exponent.times(Fraction(-1)))
                factors.append(.init(atom: factor.atom, exponent: rest))
                bottom = try product(bottom, sum)
            } else {
                factors.append(.init(atom: factor.atom, exponent: try factor.exponent.times(Fraction(-1))))
            }
        }
        let inverse = try normalised(factors, times: value.inverse())
        return Quotient(top: try product(a.top, inverse), bottom: bottom)
    }

    /// The difference's numerator: zero if and only if the two are equal, as far as the atoms are complete.
    func difference(_ a: Quotient, _ b: Quotient) throws(MathFault) -> Polynomial {
        try product(a.top, b.bottom).adding(product(b.top, a.bottom).scaled(by: Rational(-1)))
    }

    func isComplete(_ polynomial: Polynomial) -> Bool { polynomial.atoms.allSatisfy { atoms[$0].isComplete } }
}
