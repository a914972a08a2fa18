import Testing

@testable import EvalhMath

/// The cost of hostile texts is counted, not timed.
struct MathWorkTests {
    static let hostile: [String] = [
        String(repeating: "(", count: 3000), String(repeating: "{", count: 3000),
        String(repeating: "(", count: 1500) + "x" + String(repeating: ")", count: 1500),
        String(repeating: "\\frac{1}{", count: 300) + "2" + String(repeating: "}", count: 300),
        String(repeating: "\\sqrt", count: 800) + "2", String(repeating: "x^", count: 1500) + "2",
        String(repeating: "-", count: 3000) + "1", String(repeating: "|", count: 1999),
        String(repeating: "(x+y+z+w)", count: 600), "((x+y+1)^{20})^{20}", "(a+b+c+d+f+g+h)^{24}",
        "9^{9^{9^{9}}}", "10^{10^{10}} + 1", "1000000007!", "C", "\\binom{1000000}{500000}", "2^{100000}", "1e999999",
        String(repeating: "9", count: 5000), "0." + String(repeating: "3", count: 5000) + "...",
        String(repeating: "1,", count: 2500), String(repeating: "\\frac12 + ", count: 200) + "1",
        String(repeating: "\\sqrt{2} + \\sqrt{3} + ", count: 150) + "1",
        String(repeating: "\\begin{pmatrix}", count: 200), String(repeating: "\\text{", count: 600),
        (1...40).map { "\\sqrt{x+\($0)}" }.joined(separator: " + "), "\\log_{1}{5}", "0^{-1}", "\\frac{1}{0}",
        (1...60).map { "\\sin(\($0)x)" }.joined(separator: "\\cdot "), String(repeating: "1=", count: 2000) + "1",
        String(repeating: "(0,1)\\cup", count: 400) + "(2,3)", String(repeating: "1,234,", count: 800) + "567",
    ]

    @Test(arguments: hostile) func `no text costs more than the bound, and what is beyond it is not read`(
        _ text: String
    ) {
        let work = Work()
        let read = try? MathReader.read(text, options: MathOptions())
        if let read { _ = try? CanonicalText(work: work).text(read) }
        // What is refused stops at once: no more than one step goes beyond the bound.
        #expect(work.left > -Work.limit / 4)
        let verdict = MathAnswers().compare(text, "1234321")
        #expect(!verdict.isEqual)
    }

    @Test func `longer and deeper texts than the bounds are not read`() {
        #expect(MathAnswers().canonical(String(repeating: "1+", count: MathLexer.maximumLength / 2) + "1") == nil)
        let deep = String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100)
        #expect(MathAnswers().canonical(deep) == nil)
    }

    @Test func `the work for a sum grows with its length, not faster`() throws {
        func cost(_ terms: Int) throws -> Int {
            let text = (1...terms).map { "\($0)x" }.joined(separator: " + ")
            let work = Work()
            _ = try CanonicalText(work: work).text(MathReader.read(text, options: MathOptions()))
            return Work.limit - work.left
        }
        let (short, long) = (try cost(50), try cost(200))
        #expect(short > 0)
        #expect(long <= 5 * short)
    }

    @Test func `whole numbers divide as they multiply`() throws {
        var random = RandomExpression(seed: 5)
        for _ in 0..<300 {
            func number(_ limbs: Int) throws -> Integer {
                let extremes: [UInt] = [0, 1, .max, .max - 1, 1 << 63]
                return try Integer(
                    isNegative: random.number(below: 2) == 0,
                    limbs: (0..<limbs).map { _ in
                        random.number(below: 3) == 0
                            ? extremes[random.number(below: 5)] : UInt(random.number(below: 1 << 30)) << 33 | 7
                    })
            }
            let (a, b) = (try number(random.number(below: 9) + 1), try number(random.number(below: 5) + 1))
            if b.isZero { continue }
            let (quotient, remainder) = try a.divided(by: b)
            #expect(try quotient.times(b).adding(remainder) == a)
            #expect(remainder.magnitude < b.magnitude)
        }
        let factorial = try (1...30).reduce(Integer.one) { try $0.times(Integer($1)) }
        #expect(factorial.digits == "265252859812191058636308480000000")
    }
}
