internal import Glibc

/// Computes what an expression is worth where its variables have given values.
struct Evaluation {
    let values: [String: Double]
    let work: Work

    /// `nil`: it has no value there, or too little is known of it.
    func value(_ expression: Expression) throws(MathFault) -> Approximate? {
        try work.take()
        switch expression {
        case .number(let number):
            let isExact = number.isInteger && number.bits <= 53
            return Approximate(number.approximate, error: isExact ? 0 : nil).checked
        case .symbol(let name): return values[name].map { Approximate($0, error: 0) }
        case .constant(let constant):
            switch constant {
            case .pi: return Approximate(.pi)
            case .e: return Approximate(M_E)
            case .i: return Approximate(0, 1, error: 0)
            case .infinity: return nil
            }
        case .sum(let parts):
            return try folded(parts, +)
        case .product(let parts):
            return try folded(parts, *)
        case .power(let base, let exponent): return try power(base, exponent)
        case .call(let function, let arguments):
            var known: [Approximate] = []
            for argument in arguments {
                guard let value = try value(argument) else { return nil }
                known.append(value)
            }
            return call(function, known)
        }
    }

    private func folded(
        _ parts: [Expression], _ combine: (Approximate, Approximate) -> Approximate
    ) throws(MathFault) -> Approximate? {
        var result: Approximate?
        for part in parts {
            guard let value = try value(part) else { return nil }
            result = result.map { combine($0, value) } ?? value
        }
        return result?.checked
    }

    private func power(_ base: Expression, _ exponent: Expression) throws(MathFault) -> Approximate? {
        guard let a = try value(base) else { return nil }
        if case .number(let number) = exponent {
            if let whole = number.int { return a.raised(to: whole) }
            return root(a, number)
        }
        if case .power(.number(let degree), .number(let sign)) = exponent, sign == Rational(-1) {
            return try root(a, degree.inverse())
        }
        guard let b = try value(exponent) else { return nil }
        if b.isReal, b.re == b.re.rounded(), abs(b.re) < 64, b.error < 1e-9, !a.isReal || a.re <= 0 { return nil }
        return a.logarithm(mayCross: values.isEmpty).flatMap { (b * $0).exponential }
    }

    private func root(_ a: Approximate, _ exponent: Rational) -> Approximate? {
        if let whole = exponent.int { return a.raised(to: whole) }
        let power = Approximate(exponent.approximate)
        if a.isReal, a.re < 0, !exponent.denominator.isEven {
            guard let size = Approximate(-a.re, error: a.error).logarithm(mayCross: false),
                let value = (power * size).exponential
            else { return nil }
            return exponent.numerator.isEven ? value : Approximate(-value.re, error: value.error)
        }
        return a.logarithm(mayCross: values.isEmpty).flatMap { (power * $0).exponential }
    }

    private func call(_ function: MathFunction, _ known: [Approximate]) -> Approximate? {
        guard let a = known.first else { return nil }
        switch function {
        case .sin: return a.sine(cosine: false)
        case .cos: return a.sine(cosine: true)
        case .tan: return ratio(a.sine(cosine: false), a.sine(cosine: true))
        case .cot: return ratio(a.sine(cosine: true), a.sine(cosine: false))
        case .sec: return a.sine(cosine: true)?.inverse
        case .csc: return a.sine(cosine: false)?.inverse
        case .arcsin, .arccos:
            let room = 1 - abs(a.re) - a.error
            if abs(a.re) == 1, a.error < 1e-300 { return a.mapped(slope: 0, function == .arcsin ? asin : acos) }
            return room > 0 ? a.mapped(slope: 1 / room.squareRoot(), function == .arcsin ? asin : acos) : nil
        case .arctan: return a.mapped(slope: 1, atan)
        case .sinh: return abs(a.re) < 300 ? a.mapped(slope: 2 * cosh(a.re), sinh) : nil
        case .cosh: return abs(a.re) < 300 ? a.mapped(slope: 2 * cosh(a.re), cosh) : nil
        case .tanh: return a.mapped(slope: 1, tanh)
        case .ln: return a.logarithm(mayCross: values.isEmpty)
        case .abs: return Approximate(a.size, error: a.error + a.size * 0x1p-51)
        case .floor, .ceiling:
            let isNear = abs(a.re - a.re.rounded()) <= a.error
            return isNear || !a.isReal
                ? nil : Approximate(function == .floor ? a.re.rounded(.down) : a.re.rounded(.up), error: 0)
        case .max, .min:
            guard known.allSatisfy(\.isReal) else { return nil }
            return known.dropFirst().reduce(a) { x, y in (x.re < y.re) == (function == .max) ? y : x }
        case .factorial, .binomial, .gcd, .lcm, .mod: return nil
        }
    }

    private func ratio(_ a: Approximate?, _ b: Approximate?) -> Approximate? {
        guard let a, let inverse = b?.inverse else { return nil }
        return a * inverse
    }
}
