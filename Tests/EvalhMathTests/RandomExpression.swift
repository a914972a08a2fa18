/// Expressions made at random, the same for the same seed, and other ways to write the same.
struct RandomExpression {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func number(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }

    /// A sum of a few products of what is simple.
    mutating func text(depth: Int) -> String {
        if depth == 0 { return leaf() }
        let (a, b) = (text(depth: depth - 1), text(depth: depth - 1))
        switch number(below: 6) {
        case 0, 1: return "(\(a) + \(b))"
        case 2: return "(\(a) - \(b))"
        case 3: return "(\(a)) \\cdot (\(b))"
        case 4: return "\\frac{\(a)}{\(b) + 17}"
        default: return "(\(a))^{2}"
        }
    }

    private mutating func leaf() -> String {
        switch number(below: 8) {
        case 0: "x"
        case 1: "y"
        case 2: "\\sqrt{\(number(below: 30) + 1)}"
        case 3: "\\frac{\(number(below: 9))}{\(number(below: 9) + 1)}"
        case 4: "\\pi"
        case 5: "0.\(number(below: 90) + 10)"
        default: "\(number(below: 20))"
        }
    }

    /// The same value in another dress.
    mutating func rewritten(_ text: String) -> String {
        switch number(below: 6) {
        case 0: "0 + (\(text))"
        case 1: "\\frac{3 (\(text))}{3}"
        case 2: "-(-(\(text)))"
        case 3: "(\(text) + x) - x"
        case 4: "\\left(\(text)\\right) \\times 1"
        default: "\\frac{(\(text)) \\cdot \\sqrt{2}}{\\sqrt{2}}"
        }
    }
}
