/// Why an expression has no value, in words for the model.
struct CalculatorError: Error, Hashable, CustomStringConvertible {
    let description: String
}

/// An exact evaluator of + - * / and parentheses over whole and decimal numbers. It runs nothing else.
struct Calculator {
    /// The longest expression, in bytes, and the deepest nesting of parentheses and signs.
    static let maxLength = 200
    static let maxDepth = 32

    private let bytes: [UInt8]
    private var place = 0

    /// - Throws: `CalculatorError`.
    static func evaluate(_ expression: String) throws -> Fraction {
        guard expression.utf8.count <= maxLength else {
            throw CalculatorError(description: "the expression is too long")
        }
        var calculator = Calculator(bytes: Array(String(expression.map(plain)).utf8))
        let value = try calculator.sum(depth: 0)
        if let left = calculator.next {
            throw CalculatorError(
                description: "unexpected \(Character(Unicode.Scalar(left))); only numbers, + - * / ( ) are allowed")
        }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Signs as print has them; what is not ASCII else is not allowed.
    private static func plain(_ character: Character) -> Character {
        switch character {
        case "×", "·": "*"
        case "÷": "/"
        case "−", "–": "-"
        default: character.isASCII ? character : "?"
        }
    }

    /// The next byte that is no space.
    private var next: UInt8? {
        mutating get {
            while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") {
                place += 1
            }
            return place < bytes.count ? bytes[place] : nil
        }
    }

    private mutating func take(_ characters: Character...) -> Character? {
        guard let byte = next, let found = characters.first(where: { $0.asciiValue == byte }) else { return nil }
        place += 1
        return found
    }

    private mutating func sum(depth: Int) throws -> Fraction {
        var value = try product(depth: depth)
        while let sign = take("+", "-") {
            let term = try product(depth: depth)
            value = try fitting(value.adding(sign == "+" ? term : fitting(term.negated)))
        }
        return value
    }

    private mutating func product(depth: Int) throws -> Fraction {
        var value = try signed(depth: depth)
        while let sign = take("*", "/") {
            let factor = try signed(depth: depth)
            if sign == "/", factor.isZero { throw CalculatorError(description: "division by zero") }
            value = try fitting(value.multiplied(by: sign == "*" ? factor : fitting(factor.inverse)))
        }
        return value
    }

    private mutating func signed(depth: Int) throws -> Fraction {
        guard depth < Self.maxDepth else { throw CalculatorError(description: "the expression is nested too deeply") }
        if let sign = take("+", "-") {
            let value = try signed(depth: depth + 1)
            return sign == "+" ? value : try fitting(value.negated)
        }
        guard take("(") != nil else { return try number() }
        let value = try sum(depth: depth + 1)
        guard take(")") != nil else { throw CalculatorError(description: "a ) is missing") }
        return value
    }

    private mutating func number() throws -> Fraction {
        guard next != nil else { throw CalculatorError(description: "a number is missing at the end") }
        var digits: Int128 = 0
        var scale: Int128 = 1
        var count = 0
        var isFraction = false
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if let digit = Self.digit(byte) {
                count += 1
                guard count <= 30 else { throw CalculatorError(description: "a number has too many digits") }
                digits = digits * 10 + digit
                if isFraction { scale *= 10 }
            } else {
                break
            }
            place += 1
        }
        guard count > 0 else { throw CalculatorError(description: "a number is missing") }
        return try fitting(Fraction(digits, over: scale))
    }

    private static func digit(_ byte: UInt8) -> Int128? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int128(byte - UInt8(ascii: "0")) : nil
    }

    private func fitting(_ value: Fraction?) throws -> Fraction {
        guard let value else { throw CalculatorError(description: "a number is too large") }
        return value
    }
}
