/// An expression of whole numbers, + - × ÷ and brackets, with its exact value.
struct ArithmeticExpression {
    /// As `(4+9-12)*24`: ASCII, no spaces.
    let text: String
    /// The numbers in it, in order.
    let numbers: [Int]
    /// `nil`: a division by zero, or beyond 128 bits.
    let value: Fraction?

    /// `nil` for a text that is anything else than such an expression with at least one operator. Work is linear in the
    /// text's length, of which at most `maximumBytes` are read.
    init?(_ source: String) {
        guard source.utf8.count <= Self.maximumBytes, let tokens = ArithmeticToken.all(in: source) else { return nil }
        var parser = ArithmeticParser(tokens)
        guard let value = parser.whole(), parser.operators > 0 else { return nil }
        text = tokens.map(\.text).joined()
        numbers = tokens.compactMap { if case .number(let number) = $0 { number } else { nil } }
        self.value = value.known
    }

    static let maximumBytes = 1_000
}

enum ArithmeticToken: Hashable {
    case number(Int)
    case plus, minus, times, over, open, close

    var text: String {
        switch self {
        case .number(let number): String(number)
        case .plus: "+"
        case .minus: "-"
        case .times: "*"
        case .over: "/"
        case .open: "("
        case .close: ")"
        }
    }

    /// `nil` if something else stands in the text.
    static func all(in source: String) -> [ArithmeticToken]? {
        var tokens: [ArithmeticToken] = []
        var rest = source.replacing("\\times", with: "*").replacing("\\cdot", with: "*").replacing("\\div", with: "/")
            .replacing("\\left", with: "").replacing("\\right", with: "")[...]
        while let character = rest.first {
            switch character {
            case "0"..."9":
                let digits = rest.prefix { ("0"..."9").contains($0) }
                guard let number = Int(digits) else { return nil }
                tokens.append(.number(number))
                rest = rest[digits.endIndex...]
                continue
            case "+": tokens.append(.plus)
            case "-", "−", "–": tokens.append(.minus)
            case "*", "×", "·", "⋅", "x", "X": tokens.append(.times)
            case "/", "÷", "∕", ":": tokens.append(.over)
            case "(", "[", "{": tokens.append(.open)
            case ")", "]", "}": tokens.append(.close)
            default: guard character.isWhitespace || character == "$" else { return nil }
            }
            rest = rest.dropFirst()
        }
        return tokens
    }
}

/// A fraction in lowest terms.
struct Fraction: Hashable {
    let numerator: Int128
    let denominator: Int128

    init(_ whole: Int) {
        numerator = Int128(whole)
        denominator = 1
    }

    /// `nil` for a zero denominator.
    private init?(_ numerator: Int128, _ denominator: Int128) {
        guard denominator != 0 else { return nil }
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        guard a <= UInt128(Int128.max) else { return nil }
        let divisor = max(1, Int128(a)) * (denominator < 0 ? -1 : 1)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// `nil` beyond 128 bits or divided by zero.
    func applying(_ operation: ArithmeticToken, _ other: Fraction) -> Fraction? {
        func product(_ a: Int128, _ b: Int128) -> Int128? {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            return overflow || product == .min ? nil : product
        }
        switch operation {
        case .times:
            guard let top = product(numerator, other.numerator), let bottom = product(denominator, other.denominator)
            else { return nil }
            return Fraction(top, bottom)
        case .over:
            guard let top = product(numerator, other.denominator), let bottom = product(denominator, other.numerator)
            else { return nil }
            return Fraction(top, bottom)
        case .plus, .minus:
            guard let left = product(numerator, other.denominator), let right = product(other.numerator, denominator),
                let bottom = product(denominator, other.denominator)
            else { return nil }
            let (sum, overflow) =
                operation == .plus
                ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
            return overflow || sum == .min ? nil : Fraction(sum, bottom)
        case .number, .open, .close: return nil
        }
    }
}

/// Reads sums of products of factors. Brackets nest at most `maximumDepth` deep.
private struct ArithmeticParser {
    /// A value, or that there is none: what is well formed but divides by zero is still an expression.
    struct Reading {
        var known: Fraction?
    }

    static let maximumDepth = 64

    private let tokens: [ArithmeticToken]
    private var place = 0
    private var depth = 0
    private(set) var operators = 0

    init(_ tokens: [ArithmeticToken]) { self.tokens = tokens }

    mutating func whole() -> Reading? {
        guard let value = sum(), place == tokens.count else { return nil }
        return value
    }

    private mutating func sum() -> Reading? { chain([.plus, .minus]) { $0.product() } }

    private mutating func product() -> Reading? { chain([.times, .over]) { $0.factor() } }

    private mutating func chain(
        _ accepted: [ArithmeticToken], _ next: (inout ArithmeticParser) -> Reading?
    ) -> Reading? {
        guard var value = next(&self) else { return nil }
        while place < tokens.count, accepted.contains(tokens[place]) {
            let operation = tokens[place]
            place += 1
            operators += 1
            guard let other = next(&self) else { return nil }
            value.known = value.known.flatMap { left in other.known.flatMap { left.applying(operation, $0) } }
        }
        return value
    }

    private mutating func factor() -> Reading? {
        guard place < tokens.count, depth < Self.maximumDepth else { return nil }
        depth += 1
        defer { depth -= 1 }
        let token = tokens[place]
        place += 1
        switch token {
        case .number(let number): return Reading(known: Fraction(number))
        case .minus:
            guard let value = factor() else { return nil }
            return Reading(known: value.known.flatMap { Fraction(0).applying(.minus, $0) })
        case .open:
            guard let value = sum(), place < tokens.count, tokens[place] == .close else { return nil }
            place += 1
            return value
        case .plus, .times, .over, .close: return nil
        }
    }
}
