extension Algebra {
    func call(_ function: MathFunction, _ arguments: [Quotient]) throws(MathFault) -> Quotient {
        if let value = try exact(function, arguments) { return value }
        let written = arguments.map(text(of:))
        let sorted = [.max, .min, .gcd, .lcm].contains(function) ? written.sorted() : written
        let key = function.rawValue + "(" + sorted.joined(separator: ",") + ")"
        return Quotient(top: try single(.call(function, arguments), key: key))
    }

    private func exact(_ function: MathFunction, _ arguments: [Quotient]) throws(MathFault) -> Quotient? {
        switch function {
        case .ln: return try arguments.count == 1 ? logarithm(arguments[0]) : nil
        case .binomial: return try arguments.count == 2 ? binomial(arguments[0], arguments[1]) : nil
        default: break
        }
        let values = arguments.compactMap(\.rational)
        guard values.count == arguments.count, let first = values.first else { return nil }
        switch function {
        case .abs: return Quotient(first.magnitude)
        case .floor: return Quotient(Rational(try first.floor()))
        case .ceiling: return Quotient(Rational(try first.negated.floor().negated))
        case .max: return Quotient(values.max() ?? first)
        case .min: return Quotient(values.min() ?? first)
        case .factorial: return try factorial(first)
        case .gcd, .lcm: return try divisor(function, values)
        case .mod:
            guard values.count == 2, !values[1].isZero else { throw .undefined }
            let times = Rational(try first.times(values[1].inverse()).floor())
            return Quotient(try first.adding(times.times(values[1]).negated))
        default: return nil
        }
    }

    private func factorial(_ value: Rational) throws(MathFault) -> Quotient? {
        guard let number = value.int else { return nil }
        if number < 0 { throw .undefined }
        if number > 800 { return nil }
        var result = Integer.one
        for factor in stride(from: 2, through: number, by: 1) {
            try work.take(result.limbs.count)
            result = try result.times(Integer(factor))
        }
        return Quotient(Rational(result))
    }

    private func divisor(_ function: MathFunction, _ values: [Rational]) throws(MathFault) -> Quotient? {
        var result = values[0].numerator.magnitude
        for value in values {
            guard value.isInteger else { return nil }
            try work.take(value.numerator.limbs.count * 64)
            let common = try Integer.commonDivisor(result, value.numerator)
            if function == .gcd {
                result = common
            } else {
                if common.isZero { return Quotient(.zero) }
                result = try result.times(value.numerator.magnitude).divided(by: common).quotient
            }
        }
        return Quotient(Rational(result))
    }

    /// n (n − 1) … / k! for a small k, whatever n is.
    private func binomial(_ upper: Quotient, _ lower: Quotient) throws(MathFault) -> Quotient? {
        guard var count = lower.rational?.int else { return nil }
        if count < 0 { return Quotient(.zero) }
        if let number = upper.rational?.int, number >= 0 {
            if count > number { return Quotient(.zero) }
            count = min(count, number - count)
            if count > 3000 { return nil }
        } else if count > 8 {
            return nil
        }
        var result = Quotient.one
        for index in 0..<count {
            try work.take((result.rational?.numerator.limbs.count ?? 1) * 4)
            let factor = try sum(upper, Quotient(Rational(-index)))
            let part = try product(factor, Quotient(Rational(Integer.one, over: Integer(index + 1))))
            result = try product(result, part)
        }
        return result
    }

    /// Of products of positive numbers the sum of the logarithms; ln e is 1.
    private func logarithm(_ argument: Quotient) throws(MathFault) -> Quotient? {
        guard argument.bottom.isOne, let (monomial, value) = argument.top.single else {
            if argument.top.isZero { throw .undefined }
            return nil
        }
        if value.isNegative || !monomial.factors.allSatisfy({ isPower(atoms[$0.atom]) }) { return nil }
        var result = Quotient(.zero)
        func add(_ kind: Atom.Kind, _ key: String, times count: Rational) throws(MathFault) {
            let factor: Polynomial =
                if case .constant(.e) = kind { .one } else {
                    try single(
                        .call(.ln, [Quotient(top: single(kind, key: key))]), key: "ln(\(key))")
                }
            result = try sum(result, Quotient(top: factor.scaled(by: count)))
        }
        for (number, sign) in [(value.numerator, 1), (value.denominator, -1)] {
            for (prime, count) in try PrimeFactors.of(number, work: work) {
                let logarithm = try single(
                    .call(.ln, [Quotient(Rational(prime))]), key: "ln(\(prime.digits))")
                result = try sum(result, Quotient(top: logarithm.scaled(by: Rational(count * sign))))
            }
        }
        for factor in monomial.factors {
            let count = try Rational(Integer(factor.exponent.top), over: Integer(factor.exponent.bottom))
            let atom = atoms[factor.atom]
            switch atom.kind {
            case .prime(let prime):
                let logarithm = try single(.call(.ln, [Quotient(Rational(prime))]), key: "ln(\(prime.digits))")
                result = try sum(result, Quotient(top: logarithm.scaled(by: count)))
            case .power(_, let exponent):
                // e to a power, see `isPower`.
                result = try sum(result, product(exponent, Quotient(count)))
            default: try add(atom.kind, atom.key, times: count)
            }
        }
        return result
    }

    private func isPower(_ atom: Atom) -> Bool {
        if case .power(let base, _) = atom.kind, let (monomial, value) = base.top.single, value.isOne,
            monomial.factors.count == 1, case .constant(.e) = atoms[monomial.factors[0].atom].kind
        {
            return monomial.factors[0].exponent == Fraction(1)
        }
        return atom.isPositive
    }
}
