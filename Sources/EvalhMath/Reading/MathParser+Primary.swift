extension MathParser {
    /// A number, a variable, a function with its arguments, or something in brackets.
    mutating func primary() throws(MathFault) -> Expression {
        guard let token = next else { throw .notRead }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw .tooLarge }
        switch token.kind {
        case .number(let numeral):
            index += 1
            return try number(numeral)
        case .name(let name):
            index += 1
            return try named(name)
        case .text: throw .notRead
        case .mark(let mark):
            switch mark {
            case "(", "[", "{": return try bracketed()
            case "∞":
                index += 1
                return .constant(.infinity)
            case "|": return try absolute()
            case "⌊": return .call(.floor, [try enclosed(by: "⌋")])
            case "⌈": return .call(.ceiling, [try enclosed(by: "⌉")])
            default: throw .notRead
            }
        }
    }

    private mutating func absolute() throws(MathFault) -> Expression {
        var depth = 0
        for place in (index + 1)..<max(index + 1, tokens.count) {
            guard case .mark(let mark) = tokens[place].kind else { continue }
            if "([{⌊⌈".unicodeScalars.contains(mark) { depth += 1 }
            if ")]}⌋⌉".unicodeScalars.contains(mark) { depth -= 1 }
            if mark == "|", depth == 0 {
                let inner = tokens[(index + 1)..<place]
                index = place + 1
                return .call(.abs, [try expression(inner)])
            }
        }
        throw .notRead
    }

    private mutating func enclosed(by mark: Unicode.Scalar) throws(MathFault) -> Expression {
        guard let end = closing(of: index), tokens[end].is(mark) else { throw .notRead }
        let inner = tokens[(index + 1)..<end]
        index = end + 1
        return try expression(inner)
    }

    /// A numeral, and the fraction behind it that makes it a mixed number.
    private mutating func number(_ numeral: Numeral) throws(MathFault) -> Expression {
        if sees("_") { throw .notRead }
        guard let value = numeral.value else {
            // Too long to be computed with: only equal to itself.
            return .symbol("#" + numeral.whole + "." + numeral.decimals)
        }
        guard numeral.isWhole, let token = next else { return .number(value) }
        let saved = self
        if token.name == "frac" {
            index += 1
            if let part = try? fraction(), case .number(let top) = part.0, case .number(let bottom) = part.1,
                let mixed = try Self.mixed(value, top, bottom)
            {
                return mixed
            }
        } else if token.isSpaced, let top = token.numeral?.value, token.numeral?.isWhole == true,
            index + 2 < tokens.count, tokens[index + 1].is("/"), let bottom = tokens[index + 2].numeral?.value
        {
            index += 3
            if let mixed = try Self.mixed(value, top, bottom) { return mixed }
        }
        self = saved
        return .number(value)
    }

    private static func mixed(_ whole: Rational, _ top: Rational, _ bottom: Rational) throws(MathFault) -> Expression? {
        guard top.isInteger, bottom.isInteger, !top.isNegative, top < bottom else { return nil }
        return .number(try whole.adding(top.times(bottom.inverse())))
    }

    // MARK: Names

    private mutating func named(_ name: String) throws(MathFault) -> Expression {
        switch name {
        case "frac":
            let (top, bottom) = try fraction()
            return .product([top, bottom.inverse])
        case "sqrt":
            var degree = Expression.integer(2)
            if sees("[") { degree = try bracketed() }
            return try argument().root(degree)
        case "cbrt": return try argument().root(.integer(3))
        case "binom":
            if sees("(") { return .call(.binomial, try arguments()) }
            let upper = try argument()
            return .call(.binomial, [upper, try argument()])
        case "log", "lg": return try logarithm()
        case "exp": return .power(.constant(.e), try applied())
        case "overline": return try argument()
        default: break
        }
        if let constant = MathNames.constants[name] { return .constant(constant) }
        if let function = MathFunction.names[name] { return try application(of: function) }
        guard name.utf8.count == 1 || MathNames.greek.contains(name) else { throw .notRead }
        var symbol = name
        if take("_") { symbol += "_" + (try subscriptText()) }
        while take("'") { symbol += "'" }
        return .symbol(symbol)
    }

    private mutating func subscriptText() throws(MathFault) -> String {
        guard let first = next else { throw .notRead }
        var parts = [first]
        if first.is("{") {
            guard let end = closing(of: index) else { throw .notRead }
            parts = Array(tokens[(index + 1)..<end])
            index = end + 1
        } else {
            index += 1
        }
        var text = ""
        for part in parts {
            switch part.kind {
            case .number(let numeral): text += numeral.whole
            case .name(let name): text += name
            case .text(let word): text += word.filter(\.isLetter)
            case .mark(let mark): text += mark == "+" ? "p" : mark == "-" ? "m" : ""
            }
        }
        return text
    }

    /// Of `\frac43` each digit is one part.
    private mutating func fraction() throws(MathFault) -> (Expression, Expression) {
        if sees("(") {
            let both = try arguments()
            if both.count == 2 { return (both[0], both[1]) }
            throw .notRead
        }
        let top = try digitOrArgument()
        return (top, try digitOrArgument())
    }

    private mutating func digitOrArgument() throws(MathFault) -> Expression {
        guard let numeral = next?.numeral, numeral.isWhole, numeral.whole.utf8.count > 1, !numeral.hasCommas else {
            return try argument()
        }
        let rest = String(numeral.whole.dropFirst())
        guard let first = numeral.whole.first?.wholeNumberValue, rest.utf8.count < 18 else { throw .notRead }
        tokens[index].kind = .number(Numeral(value: Int(rest).map { Rational($0) }, whole: rest))
        return .integer(first)
    }

    /// What a command of LaTeX takes: something in braces or brackets, a number, or a single thing.
    private mutating func argument() throws(MathFault) -> Expression {
        guard let token = next else { throw .notRead }
        if let numeral = token.numeral {
            index += 1
            return numeral.value.map { .number($0) } ?? .symbol("#" + numeral.whole + "." + numeral.decimals)
        }
        return try primary()
    }

    // MARK: Functions

    private mutating func logarithm() throws(MathFault) -> Expression {
        var base = Expression.integer(10)
        if take("_") {
            if let numeral = next?.numeral, numeral.isWhole, numeral.whole.utf8.count > 1, tokens.count == index + 1 {
                // `\log_28` is the logarithm of 8 to the base 2.
                base = try digitOrArgument()
            } else {
                base = try argument()
            }
        }
        let power = take("^") ? try argument() : nil
        let value = Expression.product([
            .call(.ln, [try applied()]), Expression.call(.ln, [base]).inverse,
        ])
        return power.map { .power(value, $0) } ?? value
    }

    private mutating func application(of function: MathFunction) throws(MathFault) -> Expression {
        var function = function
        var power: Expression?
        if take("^") {
            let exponent = take("-") ? try argument().negated : try argument()
            if let inverse = function.inverse, exponent == .integer(-1) || exponent == Expression.one.negated {
                function = inverse
            } else {
                power = exponent
            }
        }
        if [.max, .min, .gcd, .lcm, .binomial].contains(function), sees("(") {
            return .call(function, try arguments())
        }
        let value = Expression.call(function, [try applied()])
        return power.map { .power(value, $0) } ?? value
    }

    /// The argument of a function: in brackets, or the product that follows up to the next function.
    private mutating func applied() throws(MathFault) -> Expression {
        if sees("(") || sees("[") || sees("{") { return try bracketed() }
        let isNegative = take("-")
        var factors = [try factor()]
        while let token = next, beginsFactor(token), !token.is("("), !token.is("[") {
            if let name = token.name, MathFunction.names[name] != nil || name == "log" { break }
            factors.append(try factor())
        }
        if sees("/"), factors.count == 1 {
            index += 1
            factors.append(try factor().inverse)
        }
        let value = Self.product(factors)
        return isNegative ? value.negated : value
    }

    /// Arguments in brackets between commas.
    private mutating func arguments() throws(MathFault) -> [Expression] {
        guard let end = closing(of: index) else { throw .notRead }
        let parts = tokens[(index + 1)..<end].split(omittingEmptySubsequences: false) { $0.is(",") }
        index = end + 1
        if parts.count > 64 { throw .tooLarge }
        var result: [Expression] = []
        for part in parts { result.append(try expression(part)) }
        return result
    }
}
