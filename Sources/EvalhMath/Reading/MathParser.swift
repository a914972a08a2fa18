/// Reads one expression by recursive descent.
struct MathParser {
    /// Deeper nesting is no answer.
    static let maximumDepth = 48
    /// More marks or powers than these above one thing are no answer.
    private static let maximumMarks = 8

    var tokens: [MathToken]
    var index = 0
    /// What `±` stands for in this reading.
    let sign: Int
    var depth = 0

    init(_ tokens: some Sequence<MathToken>, sign: Int = 1) {
        self.tokens = Array(tokens)
        self.sign = sign
    }

    /// The whole as one expression.
    static func expression(_ tokens: some Sequence<MathToken>, sign: Int = 1) throws(MathFault) -> Expression {
        try MathParser([], sign: sign).expression(Array(tokens)[...])
    }

    var next: MathToken? { index < tokens.count ? tokens[index] : nil }

    func sees(_ mark: Unicode.Scalar) -> Bool { next?.is(mark) == true }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        if sees(mark) {
            index += 1
            return true
        }
        return false
    }

    mutating func sum() throws(MathFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw .tooLarge }
        var terms = [try signed { parser throws(MathFault) in try parser.product() }]
        while let sign = peekSign() {
            index += 1
            let term = try signed { parser throws(MathFault) in try parser.product() }
            terms.append(sign < 0 ? term.negated : term)
        }
        return terms.count == 1 ? terms[0] : .sum(terms)
    }

    private func peekSign() -> Int? {
        if sees("+") { return 1 }
        if sees("-") { return -1 }
        if sees("±") { return sign }
        return sees("∓") ? -sign : nil
    }

    private mutating func signed(
        _ read: (inout MathParser) throws(MathFault) -> Expression
    ) throws(MathFault) -> Expression {
        var isNegative = false
        while let sign = peekSign() {
            if sign < 0 { isNegative.toggle() }
            index += 1
        }
        let value = try read(&self)
        return isNegative ? value.negated : value
    }

    private mutating func product() throws(MathFault) -> Expression {
        var factors = [try factor()]
        var hasModulus = false
        while let token = next {
            if take("*") {
                factors.append(try signed { parser throws(MathFault) in try parser.factor() })
            } else if take("/") || takeName("div") {
                factors.append(try signed { parser throws(MathFault) in try parser.factor() }.inverse)
            } else if takeName("pmod") {
                if hasModulus { throw .notRead }
                hasModulus = true
                let divisor = try factor()
                factors = [.call(.mod, [Self.product(factors), divisor])]
            } else if beginsFactor(token) {
                // Two numerals side by side are no product.
                if token.numeral != nil, tokens[index - 1].numeral != nil { throw .notRead }
                factors.append(try factor())
            } else {
                break
            }
        }
        return Self.product(factors)
    }

    static func product(_ factors: [Expression]) -> Expression { factors.count == 1 ? factors[0] : .product(factors) }

    mutating func takeName(_ name: String) -> Bool {
        if next?.name == name {
            index += 1
            return true
        }
        return false
    }

    func beginsFactor(_ token: MathToken) -> Bool {
        switch token.kind {
        case .number: return true
        case .name(let name): return !["over", "choose", "pmod"].contains(name) && !name.hasPrefix("end:")
        case .text: return false
        case .mark(let mark): return "([{⌊⌈∞".unicodeScalars.contains(mark)
        }
    }

    /// A primary with what stands behind and above it.
    mutating func factor() throws(MathFault) -> Expression {
        var value = try postfixed(primary())
        var levels = 0
        while sees("^") {
            index += 1
            levels += 1
            if levels > Self.maximumMarks { throw .tooLarge }
            if let raised = try raised(value) { value = try postfixed(raised) }
        }
        return value
    }

    private mutating func postfixed(_ value: Expression) throws(MathFault) -> Expression {
        var value = value
        for _ in 0..<Self.maximumMarks {
            if take("!") {
                value = .call(.factorial, [value])
            } else if take("%") {
                value = .product([value, Expression.integer(100).inverse])
            } else if take("°") {
                value = .product([value, MathUnits.degree])
            } else {
                return value
            }
        }
        throw .tooLarge
    }

    /// The base to what comes next; the base itself under a degree sign or an ordinal's ending.
    private mutating func raised(_ base: Expression) throws(MathFault) -> Expression? {
        if take("°") { return .product([base, MathUnits.degree]) }
        if sees("{"), index + 2 < tokens.count, tokens[index + 2].is("}") {
            if tokens[index + 1].is("°") {
                index += 3
                return .product([base, MathUnits.degree])
            }
            if let text = tokens[index + 1].text, ["th", "st", "nd", "rd"].contains(text) {
                index += 3
                return nil
            }
        }
        let exponent = try signed { parser throws(MathFault) in
            // Powers are read from the right.
            parser.sees("{") ? try parser.primary() : try parser.exponent()
        }
        return .power(base, exponent)
    }

    private mutating func exponent() throws(MathFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw .tooLarge }
        let value = try primary()
        guard take("^") else { return value }
        let above = try signed { parser throws(MathFault) in try parser.exponent() }
        return .power(value, above)
    }

    /// The place of the bracket that closes the one at `place`.
    func closing(of place: Int) -> Int? { Self.closing(of: place, in: tokens) }

    static func closing(of place: Int, in tokens: [MathToken]) -> Int? {
        var depth = 0
        for index in place..<tokens.count {
            guard case .mark(let mark) = tokens[index].kind else { continue }
            if "([{⦃⟨⌊⌈".unicodeScalars.contains(mark) { depth += 1 }
            if ")]}⦄⟩⌋⌉".unicodeScalars.contains(mark) {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// What is between a bracket and the one that closes it.
    mutating func bracketed() throws(MathFault) -> Expression {
        guard let end = closing(of: index) else { throw .notRead }
        let inner = tokens[(index + 1)..<end]
        let isFit =
            tokens[index].is("(") && tokens[end].is(")") || tokens[index].is("[") && tokens[end].is("]")
            || tokens[index].is("{") && tokens[end].is("}")
        if !isFit { throw .notRead }
        index = end + 1
        return try expression(inner)
    }

    func expression(_ inner: ArraySlice<MathToken>) throws(MathFault) -> Expression {
        if depth >= Self.maximumDepth { throw .tooLarge }
        var parser = MathParser(inner, sign: sign)
        parser.depth = depth + 1
        let value = try parser.sum()
        if parser.takeName("choose") {
            let lower = try parser.sum()
            if parser.index == parser.tokens.count { return .call(.binomial, [value, lower]) }
        } else if parser.takeName("over") {
            let lower = try parser.sum()
            if parser.index == parser.tokens.count { return .product([value, lower.inverse]) }
        }
        if parser.index < parser.tokens.count { throw .notRead }
        return value
    }
}
