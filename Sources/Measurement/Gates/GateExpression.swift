/// `metric(arm)` or `metric(arm@level)`.
struct GateReference: Hashable {
    var metric: String
    var arm: String
    var level: String?
    var offset: Int

    static func == (a: GateReference, b: GateReference) -> Bool {
        (a.metric, a.arm, a.level) == (b.metric, b.arm, b.level)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(metric)
        hasher.combine(arm)
        hasher.combine(level)
    }

    var text: String { "\(metric)(\(arm)\(level.map { "@" + $0 } ?? ""))" }
}

/// A sum of weighted references and a constant.
struct LinearForm {
    var constant = 0.0
    var terms: [(weight: Double, reference: GateReference)] = []

    func scaled(_ factor: Double) -> LinearForm {
        LinearForm(constant: constant * factor, terms: terms.map { ($0.weight * factor, $0.reference) })
    }

    static func + (a: LinearForm, b: LinearForm) -> LinearForm {
        LinearForm(constant: a.constant + b.constant, terms: a.terms + b.terms)
    }
}

/// A mistake in a gate's text. Offsets count Unicode scalars.
package struct GateSyntaxError: Error, Hashable, Sendable {
    package var offset: Int
    package var length: Int
    package var message: String
    package var hint: String?
}

/// Recursive descent over
/// `gate = sum (">=" | "<=" | ">" | "<" | "==") sum; sum = product (("+" | "-") product)*; product = factor (("*" |
/// "/") factor)*;` `factor = number ["%"] | metric "(" arm ["@" level] ")" | "(" sum ")" | "-" factor`, linear in the
/// metrics.
struct GateParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    struct Comparison {
        var left: LinearForm
        var sign: String
        var right: LinearForm
    }

    mutating func parse() throws(GateSyntaxError) -> Comparison {
        let left = try sum()
        skipSpace()
        let start = position
        var sign = ""
        while let scalar = peek, "<>=!".unicodeScalars.contains(scalar) {
            sign.unicodeScalars.append(scalar)
            position += 1
        }
        guard [">=", "<=", ">", "<", "=="].contains(sign) else {
            throw error(start, max(1, sign.count), "expected one of >=, <=, >, <, ==", sign == "=" ? "write ==" : nil)
        }
        let right = try sum()
        skipSpace()
        guard position == scalars.count else {
            throw error(position, scalars.count - position, "unexpected text after the comparison")
        }
        return Comparison(left: left, sign: sign, right: right)
    }

    private mutating func sum() throws(GateSyntaxError) -> LinearForm {
        var result = try product()
        while let sign = take("+-") { result = result + (try product()).scaled(sign == "+" ? 1 : -1) }
        return result
    }

    private mutating func product() throws(GateSyntaxError) -> LinearForm {
        var result = try factor()
        while let sign = take("*/") {
            let start = position
            let next = try factor()
            if sign == "/" {
                guard next.terms.isEmpty, next.constant != 0 else {
                    throw error(start, 1, "only division by a number other than 0 is possible")
                }
                result = result.scaled(1 / next.constant)
            } else if next.terms.isEmpty {
                result = result.scaled(next.constant)
            } else if result.terms.isEmpty {
                result = next.scaled(result.constant)
            } else {
                throw error(start, 1, "two metrics cannot be multiplied")
            }
        }
        return result
    }

    private mutating func factor() throws(GateSyntaxError) -> LinearForm {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard depth < 64 else { throw error(position, 1, "nested too deeply") }
        if take("-") != nil { return try factor().scaled(-1) }
        if take("(") != nil {
            let inner = try sum()
            guard take(")") != nil else { throw error(position, 1, "expected )") }
            return inner
        }
        guard let first = peek else {
            throw error(position, 1, "the gate ends too early; expected a number or metric(arm)")
        }
        if ("0"..."9").contains(first) || first == "." { return try number() }
        return try reference()
    }

    private mutating func number() throws(GateSyntaxError) -> LinearForm {
        let start = position
        while let scalar = peek, ("0"..."9").contains(scalar) || scalar == "." || scalar == "_" { position += 1 }
        let text = String(String.UnicodeScalarView(scalars[start..<position])).filter { $0 != "_" }
        guard let value = Double(text) else { throw error(start, position - start, "not a number: \(text)") }
        return LinearForm(constant: take("%") != nil ? value / 100 : value)
    }

    private mutating func reference() throws(GateSyntaxError) -> LinearForm {
        let start = position
        let metric = name(" (")
        guard !metric.isEmpty, take("(") != nil else {
            throw error(start, max(1, position - start), "expected a number or metric(arm), such as accuracy(greedy)")
        }
        skipSpace()
        let arm = name("@)")
        var level: String?
        if take("@") != nil { level = name(")") }
        guard !arm.isEmpty, level != "", take(")") != nil else {
            throw error(position, 1, "expected metric(arm) or metric(arm@level)")
        }
        return LinearForm(terms: [(1, GateReference(metric: metric, arm: arm, level: level, offset: start))])
    }

    private mutating func name(_ stops: String) -> String {
        let start = position
        while let scalar = peek, !stops.unicodeScalars.contains(scalar),
            !"<>+*/".unicodeScalars.contains(scalar) || stops == ")"
        {
            position += 1
        }
        let view = String.UnicodeScalarView(scalars[start..<position])
        var text = String(view)
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skipSpace() { while peek == " " { position += 1 } }

    private mutating func take(_ any: String) -> Unicode.Scalar? {
        skipSpace()
        guard let scalar = peek, any.unicodeScalars.contains(scalar) else { return nil }
        position += 1
        return scalar
    }

    private func error(_ offset: Int, _ length: Int, _ message: String, _ hint: String? = nil) -> GateSyntaxError {
        GateSyntaxError(offset: offset, length: max(1, length), message: message, hint: hint)
    }
}
