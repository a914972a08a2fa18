extension Algebra {
    func canonical(_ expression: Expression) throws(MathFault) -> Quotient {
        try work.take()
        switch expression {
        case .number(let value): return Quotient(value)
        case .symbol(let name): return Quotient(top: try single(.symbol(name), key: Self.key(ofSymbol: name)))
        case .constant(let constant):
            return Quotient(top: try single(.constant(constant), key: constant.rawValue))
        case .sum(let parts):
            var result = Quotient(.zero)
            for part in parts { result = try sum(result, canonical(part)) }
            return result
        case .product(let parts):
            var result = Quotient.one
            for part in parts { result = try product(result, canonical(part)) }
            return result
        case .power(let base, let exponent):
            return try power(canonical(base), canonical(exponent))
        case .call(let function, let parts):
            var arguments: [Quotient] = []
            for part in parts { arguments.append(try canonical(part)) }
            return try call(function, arguments)
        }
    }

    private static func key(ofSymbol name: String) -> String {
        if name.hasPrefix("#") { return String(name.dropFirst()) }
        guard let place = name.firstIndex(of: "_"), name.utf8.count > 3 else { return name }
        return name[...place] + "{" + name[name.index(after: place)...] + "}"
    }

    // MARK: Powers

    private func power(_ base: Quotient, _ exponent: Quotient) throws(MathFault) -> Quotient {
        guard let rational = exponent.rational else { return try symbolicPower(base, exponent) }
        guard let fraction = Fraction(rational) else {
            if let value = base.rational, value.isOne || value.isZero && !rational.isNegative { return base }
            return try symbolicPower(base, exponent)
        }
        if fraction.top == 0 { return .one }
        if fraction.isInteger { return try power(base, whole: fraction.top) }
        if fraction.top < 0 { return try inverse(power(base, Quotient(rational.negated))) }
        if base.top.isZero { return base }
        let bottom = try root(base.bottom, fraction)
        return try product(root(base.top, fraction), inverse(bottom))
    }

    private func power(_ base: Quotient, whole exponent: Int) throws(MathFault) -> Quotient {
        if exponent < 0 { return try power(inverse(base), whole: -exponent) }
        if let (monomial, value) = base.top.single, base.bottom.isOne {
            // What is too large to be written out stays as it is.
            if value.bits > 1, exponent > Integer.maximumLimbs * 64 / value.bits {
                return try symbolicPower(base, Quotient(Rational(exponent)))
            }
            try work.take(value.bits * exponent / 512 + 1)
            let factors = try monomial.factors.map { factor throws(MathFault) in
                Monomial.Factor(atom: factor.atom, exponent: try factor.exponent.times(Fraction(exponent)))
            }
            return Quotient(top: try normalised(factors, times: value.raised(to: exponent)))
        }
        if exponent > Self.maximumPower { return try symbolicPower(base, Quotient(Rational(exponent))) }
        var result = Quotient.one
        for _ in 0..<exponent { result = try product(result, base) }
        return result
    }

    /// A root of a polynomial; `exponent` is positive and no whole number.
    private func root(_ base: Polynomial, _ exponent: Fraction) throws(MathFault) -> Quotient {
        if base.isOne { return .one }
        if let value = base.constant { return try root(value, exponent) }
        if let (monomial, value) = base.single, !value.isNegative || exponent.bottom % 2 == 1 {
            var result = try root(value, exponent)
            for factor in monomial.factors { result = try product(result, root(factor, exponent)) }
            return result
        }
        let content = try content(of: base)
        let rest = try base.scaled(by: content.inverse())
        let whole = Fraction(exponent.floor)
        let part = try exponent.adding(Fraction(-exponent.floor))
        let key = "(" + text(Quotient(top: rest)) + ")"
        let atom = try single(.root(rest), key: key, exponent: part)
        let outside = try power(Quotient(top: rest), whole: whole.top)
        return try product(product(root(content, exponent), Quotient(top: atom)), outside)
    }

    private func root(_ factor: Monomial.Factor, _ exponent: Fraction) throws(MathFault) -> Quotient {
        let power = try factor.exponent.times(exponent)
        let atom = atoms[factor.atom]
        // Of a number that may be negative an even power has a root that is not a power.
        let isOdd = factor.exponent.isInteger && factor.exponent.top % 2 != 0
        if atom.isPositive || !atom.isImaginary && (isOdd || exponent.bottom % 2 == 1 || !factor.exponent.isInteger) {
            return Quotient(top: try normalised([.init(atom: factor.atom, exponent: power)], times: .one))
        }
        let inner = try normalised([factor], times: .one)
        let key = "(" + text(Quotient(top: inner)) + ")"
        return Quotient(top: try single(.root(inner), key: key, exponent: exponent))
    }

    /// The root of a number as roots of primes; that of a negative number is real where its degree is odd.
    private func root(_ value: Rational, _ exponent: Fraction) throws(MathFault) -> Quotient {
        var result = Polynomial.one
        if value.isNegative {
            if exponent.bottom % 2 == 1 {
                if exponent.top % 2 != 0 { result = Polynomial(Rational(-1)) }
            } else if exponent.bottom == 2 {
                let turns = Polynomial(.one, Monomial(factors: [.init(atom: imaginary, exponent: Fraction(1))]))
                for _ in 0..<(exponent.top % 4) { result = try product(result, turns) }
            } else {
                return try symbolicPower(
                    Quotient(value), Quotient(Rational(Integer(exponent.top), over: Integer(exponent.bottom))))
            }
        }
        for (number, sign) in [(value.numerator.magnitude, 1), (value.denominator, -1)] {
            for (prime, count) in try PrimeFactors.of(number, work: work) {
                let power = try exponent.times(Fraction(count * sign))
                result = try product(result, single(.prime(prime), key: prime.digits, exponent: power))
            }
        }
        return Quotient(top: result)
    }

    private var imaginary: Int { atom(.constant(.i), key: MathConstant.i.rawValue) }

    /// The largest number that divides all coefficients, positive.
    private func content(of base: Polynomial) throws(MathFault) -> Rational {
        var top = Integer.zero
        var bottom = Integer.one
        for value in base.terms.values {
            top = try Integer.commonDivisor(top, value.numerator)
            let divisor = try Integer.commonDivisor(bottom, value.denominator)
            bottom = try bottom.times(value.denominator.divided(by: divisor).quotient)
        }
        return try Rational(top, over: bottom)
    }

    /// An exponent that is no number is taken apart into its terms: 2^(2n+1) is 2·(2^n)^2, and so is 2·4^n.
    private func symbolicPower(_ base: Quotient, _ exponent: Quotient) throws(MathFault) -> Quotient {
        var bases = [(base, Rational.one)]
        if let value = base.rational, !value.isNegative, !value.isZero {
            bases = []
            for (number, sign) in [(value.numerator, 1), (value.denominator, -1)] {
                for (prime, count) in try PrimeFactors.of(number, work: work) {
                    bases.append((Quotient(Rational(prime)), Rational(count * sign)))
                }
            }
        }
        guard exponent.bottom.isOne else {
            var result = Quotient.one
            for (base, count) in bases {
                let above = try product(exponent, Quotient(count))
                result = try product(result, powerAtom(base, above, times: Fraction(1)))
            }
            return result
        }
        var result = Quotient.one
        for (base, count) in bases {
            for (monomial, value) in exponent.top.terms {
                let multiple = try value.times(count)
                if monomial == .one, multiple.isInteger, let whole = multiple.int, whole.magnitude <= Fraction.bound,
                    exponent.top.terms.count > 1
                {
                    result = try product(result, power(base, whole: whole))
                } else if let fraction = Fraction(multiple), monomial != .one {
                    let unit = Quotient(top: Polynomial(.one, monomial))
                    result = try product(result, powerAtom(base, unit, times: fraction))
                } else {
                    let above = Quotient(top: Polynomial(multiple, monomial))
                    result = try product(result, powerAtom(base, above, times: Fraction(1)))
                }
            }
        }
        return result
    }

    private func powerAtom(_ base: Quotient, _ exponent: Quotient, times fraction: Fraction) throws(MathFault)
        -> Quotient
    {
        let key = "(" + text(base) + ")^(" + text(exponent) + ")"
        return Quotient(top: try single(.power(base, exponent), key: key, exponent: fraction))
    }
}
