/// A value that is written: numbers, variables and what is done with them.
indirect enum Expression: Hashable, Sendable {
    case number(Rational)
    /// A variable, with its index if it has one: `x`, `x_1`, `theta`.
    case symbol(String)
    case constant(MathConstant)
    case sum([Expression])
    case product([Expression])
    case power(Expression, Expression)
    case call(MathFunction, [Expression])

    static let zero = Expression.number(.zero)
    static let one = Expression.number(.one)

    static func integer(_ value: Int) -> Expression { .number(Rational(value)) }

    var negated: Expression {
        if case .number(let value) = self { return .number(value.negated) }
        return .product([.integer(-1), self])
    }

    var inverse: Expression { .power(self, .integer(-1)) }

    func root(_ degree: Expression) -> Expression { .power(self, degree.inverse) }
}

enum MathConstant: String, Sendable {
    case pi, e, i, infinity
}

enum MathFunction: String, Sendable {
    case sin, cos, tan, cot, sec, csc
    case arcsin, arccos, arctan
    case sinh, cosh, tanh
    case ln, abs, floor, ceiling, factorial, binomial, max, min, gcd, lcm, mod

    /// Names as they are written, LaTeX's without the backslash. `log` and `sqrt` have their own readings.
    static let names: [String: MathFunction] = [
        "sin": .sin, "cos": .cos, "tan": .tan, "cot": .cot, "sec": .sec, "csc": .csc, "tg": .tan, "ctg": .cot,
        "arcsin": .arcsin, "arccos": .arccos, "arctan": .arctan, "asin": .arcsin, "acos": .arccos, "atan": .arctan,
        "sinh": .sinh, "cosh": .cosh, "tanh": .tanh, "ln": .ln, "abs": .abs, "floor": .floor, "ceil": .ceiling,
        "ceiling": .ceiling, "binom": .binomial, "binomial": .binomial, "max": .max, "min": .min, "gcd": .gcd,
        "lcm": .lcm, "factorial": .factorial,
    ]

    /// What `f^{-1}` means.
    var inverse: MathFunction? {
        switch self {
        case .sin: .arcsin
        case .cos: .arccos
        case .tan: .arctan
        default: nil
        }
    }
}
