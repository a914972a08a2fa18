import EvalhMath
import Testing

struct MathPropertyTests {
    private let answers = MathAnswers()

    @Test(arguments: 0..<12) func `an expression equals its own rewriting and its canonical text`(_ seed: Int) {
        var random = RandomExpression(seed: UInt64(seed + 1))
        for _ in 0..<25 {
            let text = random.text(depth: 2)
            let other = random.rewritten(random.rewritten(text))
            #expect(answers.compare(text, other).isEqual, "\(text) is not \(other)")
            guard let canonical = answers.canonical(text) else { continue }
            #expect(answers.compare(text, canonical).isEqual, "\(text) is not \(canonical)")
        }
    }

    @Test(arguments: 0..<12) func `an expression never equals what differs from it, by however little`(_ seed: Int) {
        var random = RandomExpression(seed: UInt64(seed + 100))
        let differences = [
            "1", "10^{-9}", "10^{-15}", "10^{-40}", "\\frac{x}{10^{12}}", "10^{-30} \\sin x", "\\sqrt{2} 10^{-20}",
        ]
        for _ in 0..<25 {
            let text = random.text(depth: 2)
            let difference = differences[random.number(below: differences.count)]
            let other = "(\(random.rewritten(text))) + \(difference)"
            let verdict = answers.compare(text, other)
            // Where a denominator is zero there is no value, and nothing differs.
            if verdict.method != .notRead, answers.canonical(text) != nil {
                #expect(!verdict.isEqual, "\(text) is \(other) by \(verdict.method.rawValue)")
            }
        }
    }

    @Test(arguments: [
        (#"\sqrt{x^2+1}"#, #"x + \frac{1}{2x}"#), (#"\sin x"#, #"x - \frac{x^3}{6} + \frac{x^5}{120}"#),
        (#"e^{\pi\sqrt{163}}"#, "262537412640768744"), (#"\pi"#, #"\frac{355}{113}"#),
        (#"\cos(1)"#, "0.5403023058681398"), (#"\ln 2"#, "0.693147180559945309"), (#"\pi^4 + \pi^5"#, "e^6"),
        (#"\sqrt{2} + \sqrt{3}"#, #"\pi"#), (#"\arctan(10^{9})"#, #"\frac{\pi}{2}"#), (#"\sin(\pi + 10^{-14})"#, "0"),
        (#"\frac{\ln(640320^3+744)}{\sqrt{163}}"#, #"\pi"#),
    ]) func `what is nearly equal is not equal`(_ first: String, _ second: String) {
        #expect(!answers.compare(first, second).isEqual)
    }
}
