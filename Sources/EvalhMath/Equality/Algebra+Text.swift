extension Algebra {
    /// As `MathReader` reads it. Equal values have equal texts where their lowest terms are found: for numbers with
    /// roots of primes and i, fractions in one variable, and where one part divides the other.
    func text(of value: Quotient) -> String { text((try? lowest(value)) ?? value) }

    func text(_ value: Quotient) -> String {
        let top = text(value.top)
        if value.bottom.isOne { return top }
        return enclosed(top, value.top) + "/(" + text(value.bottom) + ")"
    }

    private func enclosed(_ text: String, _ value: Polynomial) -> String {
        value.terms.count > 1 ? "(" + text + ")" : text
    }

    private func text(_ value: Polynomial) -> String {
        if value.isZero { return "0" }
        var result = ""
        for (monomial, coefficient) in sorted(value) {
            let sign = coefficient.isNegative ? "-" : result.isEmpty ? "" : "+"
            let size = coefficient.magnitude
            let factors = text(monomial)
            result += sign
            if factors.isEmpty {
                result += size.text
            } else if size.numerator.isOne {
                result += factors
            } else {
                result += size.numerator.digits + "*" + factors
            }
            if !factors.isEmpty, !size.isInteger { result += "/" + size.denominator.digits }
        }
        return result
    }

    private func text(_ monomial: Monomial) -> String {
        let parts = monomial.factors.map { factor in
            (
                key: atoms[factor.atom].key,
                text: factor.exponent == Fraction(1) ? atoms[factor.atom].key : raised(factor)
            )
        }
        return parts.sorted { $0.key < $1.key }.map(\.text).joined(separator: "*")
    }

    private func raised(_ factor: Monomial.Factor) -> String {
        let atom = atoms[factor.atom]
        if case .power(let base, let exponent) = atom.kind {
            return "(" + text(of: base) + ")^((" + text(of: exponent) + ")*" + factor.exponent.text + ")"
        }
        let isNegative = factor.exponent.top < 0 && factor.exponent.isInteger
        return atom.key + "^" + (isNegative ? "(\(factor.exponent.text))" : factor.exponent.text)
    }

    /// Higher degrees first, then by name.
    func sorted(_ value: Polynomial) -> [(Monomial, Rational)] {
        if value.terms.count == 1 { return value.terms.map { ($0.key, $0.value) } }
        let keyed = value.terms.map { (degree: $0.key.degree, name: text($0.key), $0.key, $0.value) }
        return keyed.sorted { $0.degree == $1.degree ? $0.name < $1.name : $0.degree > $1.degree }.map { ($0.2, $0.3) }
    }

    // MARK: Lowest terms

    /// Times what its variables stand under: 1/x becomes 1.
    func withoutNegativePowers(_ value: Polynomial) throws(MathFault) -> Polynomial {
        var lowest: [Int: Fraction] = [:]
        for factor in value.terms.keys.flatMap(\.factors) where factor.exponent.top < 0 {
            lowest[factor.atom] = min(lowest[factor.atom] ?? factor.exponent, factor.exponent)
        }
        if lowest.isEmpty { return value }
        let factors = try lowest.sorted { $0.key < $1.key }.map { atom, exponent throws(MathFault) in
            Monomial.Factor(atom: atom, exponent: try exponent.times(Fraction(-1)))
        }
        return try product(value, Polynomial(.one, Monomial(factors: factors)))
    }

    private func lowest(_ value: Quotient) throws(MathFault) -> Quotient {
        if value.bottom.isOne { return value }
        if value.top.isZero { return Quotient(.zero) }
        var value = value
        for _ in 0..<6 {
            guard let next = try withoutRoot(value) else { break }
            value = next
        }
        if value.bottom.isOne { return value }
        if let divided = try quotient(value.top, by: value.bottom) { return Quotient(top: divided) }
        if let divided = try quotient(value.bottom, by: value.top) {
            value = Quotient(top: .one, bottom: divided)
        } else if let divisor = try commonDivisor(value), let top = try quotient(value.top, by: divisor),
            let bottom = try quotient(value.bottom, by: divisor)
        {
            value = Quotient(top: top, bottom: bottom)
        }
        guard let leading = sorted(value.bottom).first?.1 else { throw .undefined }
        let scale = try leading.inverse()
        value = try Quotient(top: value.top.scaled(by: scale), bottom: value.bottom.scaled(by: scale))
        return value.bottom.isOne ? Quotient(top: value.top) : value
    }

    /// Takes a square root or i out of the denominator by its conjugate; `nil`: there is none.
    private func withoutRoot(_ value: Quotient) throws(MathFault) -> Quotient? {
        let half = Fraction(1, 2)
        for atom in value.bottom.atoms.sorted() {
            let exponent: Fraction?
            switch atoms[atom].kind {
            case .prime: exponent = half
            case .constant(.i): exponent = Fraction(1)
            default: continue
            }
            var conjugate = Polynomial()
            for (monomial, coefficient) in value.bottom.terms {
                let found = monomial.exponent(of: atom)
                if found != nil, found != exponent { return nil }
                try conjugate.add(found == nil ? coefficient : coefficient.negated, monomial)
            }
            let bottom = try product(value.bottom, conjugate)
            return try product(
                Quotient(top: product(value.top, conjugate)), inverse(Quotient(top: bottom)))
        }
        return nil
    }

    /// Long division by the leading term; `nil`: something is left.
    private func quotient(_ top: Polynomial, by bottom: Polynomial) throws(MathFault) -> Polynomial? {
        guard isPlain(top), isPlain(bottom),
            let (leading, coefficient) = bottom.terms.max(by: { isLess($0.key, $1.key) })
        else { return nil }
        var rest = top
        var result = Polynomial()
        let inverse = try coefficient.inverse()
        for _ in 0..<64 {
            guard let (monomial, value) = rest.terms.max(by: { isLess($0.key, $1.key) }) else { return result }
            guard let factor = divided(monomial, by: leading) else { return nil }
            let part = Polynomial(try value.times(inverse), factor)
            result = try result.adding(part)
            rest = try rest.adding(product(part, bottom).scaled(by: Rational(-1)))
        }
        return nil
    }

    /// Whole powers of variables and constants only.
    private func isPlain(_ value: Polynomial) -> Bool {
        value.terms.keys.allSatisfy { monomial in
            monomial.factors.allSatisfy { factor in
                guard factor.exponent.isInteger, factor.exponent.top > 0 else { return false }
                switch atoms[factor.atom].kind {
                case .symbol, .constant(.pi), .constant(.e): return true
                default: return false
                }
            }
        }
    }

    /// Lexicographic by atom.
    private func isLess(_ a: Monomial, _ b: Monomial) -> Bool {
        var (i, j) = (0, 0)
        while i < a.factors.count, j < b.factors.count {
            let (x, y) = (a.factors[i], b.factors[j])
            if x.atom != y.atom { return x.atom > y.atom }
            if x.exponent != y.exponent { return x.exponent < y.exponent }
            i += 1
            j += 1
        }
        return j < b.factors.count
    }

    private func divided(_ a: Monomial, by b: Monomial) -> Monomial? {
        var factors = a.factors
        for factor in b.factors {
            guard let place = factors.firstIndex(where: { $0.atom == factor.atom }),
                factors[place].exponent.top >= factor.exponent.top
            else { return nil }
            let rest = factors[place].exponent.top - factor.exponent.top
            if rest == 0 { factors.remove(at: place) } else { factors[place].exponent = Fraction(rest) }
        }
        return Monomial(factors: factors)
    }

    /// Euclid's algorithm where there is one variable; `nil`: there are more, or the degree is too high.
    private func commonDivisor(_ value: Quotient) throws(MathFault) -> Polynomial? {
        let variables = value.top.atoms.union(value.bottom.atoms)
        guard variables.count == 1, isPlain(value.top), isPlain(value.bottom) else { return nil }
        var (a, b) = (value.top, value.bottom)
        for _ in 0..<40 {
            guard let (leading, coefficient) = b.terms.max(by: { isLess($0.key, $1.key) }) else { break }
            b = try b.scaled(by: coefficient.inverse())
            var rest = a
            for _ in 0..<64 {
                guard let (monomial, value) = rest.terms.max(by: { isLess($0.key, $1.key) }),
                    let factor = divided(monomial, by: leading)
                else { break }
                rest = try rest.adding(product(Polynomial(value.negated, factor), b))
            }
            (a, b) = (b, rest)
        }
        return b.isZero && !a.atoms.isEmpty ? a : nil
    }
}
