import EvalhMath
import Testing

struct MathEqualityTests {
    private let answers = MathAnswers()

    @Test func `the tables are whole`() {
        #expect(MathPair.all.count { $0.isEqual } >= 280)
        #expect(MathPair.all.count { !$0.isEqual } >= 65)
    }

    @Test(arguments: MathPair.all) func `two answers are the same if and only if the table says so`(_ pair: MathPair) {
        let there = answers.compare(pair.first, pair.second)
        #expect(there.isEqual == pair.isEqual, "by \(there.method.rawValue)")
        #expect(answers.compare(pair.second, pair.first).isEqual == pair.isEqual)
    }

    @Test(arguments: MathPair.all) func `an answer is itself, and its canonical text is read as the same`(
        _ pair: MathPair
    ) {
        for text in [pair.first, pair.second] {
            #expect(answers.compare(text, text).isEqual, "\(text)")
            guard let canonical = answers.canonical(text) else { continue }
            #expect(answers.canonical(canonical) == canonical, "\(text)")
            #expect(answers.compare(text, canonical).isEqual, "\(text) is not \(canonical)")
        }
    }

    @Test(arguments: [
        (#"\frac{3}{6}"#, "0.5"), (#"\sqrt{18}"#, #"3\sqrt2"#), (#"\frac{1}{\sqrt3}"#, #"\frac{\sqrt3}{3}"#),
        (#"\frac{2}{1+i}"#, "1 - i"), ("(a+5)(b+2)", "ab + 5b + 2a + 10"), (#"\frac{x^2-1}{x-1}"#, "1+x"),
        ("2, 1", "1 and 2"), (#"\{2, 1, 1\}"#, #"\{1, 2\}"#), ("x>3 \\text{ or } x<1", "(-\\infty,1)\\cup(3,\\infty)"),
        ("2y = 4x + 6", "y - 2x - 3 = 0"), (#"\text{Monday}"#, "mon"), ("52_8", "52_{8}"), ("(C)", #"\textbf{(C)}"#),
    ]) func `equal canonical forms are equal bytes`(_ first: String, _ second: String) {
        #expect(answers.canonical(first) != nil)
        #expect(answers.canonical(first) == answers.canonical(second))
    }

    @Test(arguments: [
        ("0.5", #"\frac12"#, MathMethod.exact), (#"\sqrt{18}"#, #"3\sqrt2"#, .exact),
        ("(x+1)^2", "x^2+2x+1", .canonical),
        (#"\sin^2 x + \cos^2 x"#, "1", .numeric), (#"\sqrt{3+2\sqrt2}"#, #"1+\sqrt2"#, .numeric),
        (#"\text{east}"#, "east", .text), (#"\sum_k k"#, #"\sum_{k} k"#, .text), (#"\sum_k k"#, "3", .notRead),
    ]) func `a verdict says what decided`(_ first: String, _ second: String, _ method: MathMethod) {
        #expect(answers.compare(first, second).method == method)
    }

    @Test func `the decimal comma is a setting`() {
        let german = MathAnswers(MathOptions(decimalComma: true))
        #expect(german.compare("3,14", #"\frac{157}{50}"#).isEqual)
        #expect(german.compare("1.234,5", "2469/2").isEqual)
        #expect(!answers.compare("3,14", "3.14").isEqual)
    }

    @Test func `tolerances are absolute and relative to the second`() {
        let absolute = MathAnswers(MathOptions(tolerance: 0.01))
        #expect(absolute.compare("3.1416", #"\pi"#).isEqual)
        #expect(!absolute.compare("3.2", #"\pi"#).isEqual)
        let relative = MathAnswers(MathOptions(relativeTolerance: 0.01))
        #expect(relative.compare("101", "100").isEqual)
        #expect(!relative.compare("102", "100").isEqual)
    }
}
