/// Whether two expressions have one value.
struct ScalarEquality {
    /// Points at which both sides must have agreed, and how many are tried.
    static let wantedPoints = 6
    static let triedPoints = 40
    /// Two sides that agree to this part of their size agree.
    private static let precision = 1e-9
    /// Numerals with more bits than this may agree by chance to as many digits as a computation has.
    private static let chanceBits = 40

    let options: MathOptions
    let work: Work

    func verdict(_ a: Expression, _ b: Expression) throws(MathFault) -> MathVerdict {
        let found = try withoutTolerance(a, b)
        guard !found.isEqual, options.tolerance > 0 || options.relativeTolerance > 0,
            let x = try Evaluation(values: [:], work: work).value(a), x.isReal,
            let y = try Evaluation(values: [:], work: work).value(b), y.isReal
        else { return found }
        let difference = abs(x.re - y.re)
        let isNear = difference <= options.tolerance || difference <= options.relativeTolerance * abs(y.re)
        return MathVerdict(isEqual: isNear, method: .numeric)
    }

    private func withoutTolerance(_ a: Expression, _ b: Expression) throws(MathFault) -> MathVerdict {
        if case .number(let x) = a, case .number(let y) = b { return MathVerdict(isEqual: x == y, method: .exact) }
        let algebra = Algebra(work: work)
        let difference: Polynomial
        do {
            difference = try algebra.difference(algebra.canonical(a), algebra.canonical(b))
        } catch .tooLarge {
            return MathVerdict(isEqual: try agree([a, b.negated]), method: .numeric)
        }
        let hasVariables = algebra.atoms.contains { if case .symbol = $0.kind { true } else { !$0.isComplete } }
        let method = hasVariables ? MathMethod.canonical : .exact
        if difference.isZero { return MathVerdict(isEqual: true, method: method) }
        if algebra.isComplete(difference) { return MathVerdict(isEqual: false, method: method) }
        return MathVerdict(isEqual: try agree(algebra.terms(of: difference)), method: .numeric)
    }

    /// Whether the terms' sum is zero at many points, within the errors of the computation and with no room for chance.
    private func agree(_ terms: [Expression]) throws(MathFault) -> Bool {
        let sum = Expression.sum(terms)
        guard sum.isModest(bits: Self.chanceBits) else { return false }
        let variables = sum.variables.sorted()
        var agreed = 0
        for point in 0..<(variables.isEmpty ? 1 : Self.triedPoints) {
            var values: [String: Double] = [:]
            for (index, name) in variables.enumerated() { values[name] = Self.value(point, index) }
            let evaluation = Evaluation(values: values, work: work)
            guard let value = try evaluation.value(sum) else { continue }
            if value.size > 4 * value.error { return false }
            var scale = 0.0
            for term in terms { scale += try evaluation.value(term)?.size ?? 0 }
            guard value.error <= Self.precision * scale else { continue }
            agreed += 1
            if agreed == Self.wantedPoints { return true }
        }
        return variables.isEmpty && agreed == 1
    }

    /// Numbers without a pattern: between 0 and 1 first, then up to 4, then of either sign.
    private static func value(_ point: Int, _ index: Int) -> Double {
        var bits = UInt64(truncatingIfNeeded: point * 97 + index * 7919 + 1) &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 29
        bits = bits &* 0xBF58_476D_1CE4_E5B9
        bits ^= bits >> 32
        let part = Double(bits >> 12) * 0x1p-52
        switch point % 3 {
        case 0: return 0.03 + 0.94 * part
        case 1: return 0.2 + 3.8 * part
        default: return (part - 0.5) * 6
        }
    }
}

extension Algebra {
    /// A polynomial's terms as expressions.
    func terms(of value: Polynomial) -> [Expression] {
        value.terms.map { monomial, coefficient -> Expression in
            if monomial == .one { return .number(coefficient) }
            let factors = monomial.factors.map(expression(of:))
            return MathParser.product(coefficient.isOne ? factors : [.number(coefficient)] + factors)
        }
    }

    private func expression(of factor: Monomial.Factor) -> Expression {
        let base: Expression
        let exponent = (try? Rational(Integer(factor.exponent.top), over: Integer(factor.exponent.bottom))) ?? .one
        switch atoms[factor.atom].kind {
        case .prime(let prime): base = .number(Rational(prime))
        case .constant(let constant): base = .constant(constant)
        case .symbol(let name): base = .symbol(name)
        case .call(let function, let arguments): base = .call(function, arguments.map(expression(of:)))
        case .power(let below, let above):
            // Not a power of a power, which is something else where the inner one is not positive.
            return .power(expression(of: below), .product([expression(of: above), .number(exponent)]))
        case .root(let sum): base = .sum(terms(of: sum))
        }
        return factor.exponent == Fraction(1) ? base : .power(base, .number(exponent))
    }

    private func expression(of value: Quotient) -> Expression {
        if let number = value.rational { return .number(number) }
        let top = Expression.sum(terms(of: value.top))
        return value.bottom.isOne ? top : .product([top, Expression.sum(terms(of: value.bottom)).inverse])
    }
}

extension Expression {
    /// Whether every number in it is a fraction of numbers of so many bits at most.
    func isModest(bits: Int) -> Bool {
        switch self {
        case .number(let value): value.bits <= bits
        case .symbol, .constant: true
        case .sum(let parts), .product(let parts), .call(_, let parts): parts.allSatisfy { $0.isModest(bits: bits) }
        case .power(let base, let exponent): base.isModest(bits: bits) && exponent.isModest(bits: bits)
        }
    }

    var variables: Set<String> {
        switch self {
        case .number, .constant: []
        case .symbol(let name): [name]
        case .sum(let parts), .product(let parts), .call(_, let parts):
            parts.reduce(into: []) { $0.formUnion($1.variables) }
        case .power(let base, let exponent): base.variables.union(exponent.variables)
        }
    }
}
