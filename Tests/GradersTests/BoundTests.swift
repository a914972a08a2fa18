import Glibc
import Testing

/// Whatever a model writes, reading it takes time in proportion to its length.
struct BoundTests {
    /// Texts of 1 MiB that make readers who go back do it for every byte.
    private static let texts: [(name: String, unit: String)] = [
        ("open boxes", "\\boxed{"), ("empty boxes", "\\boxed{}"), ("boxes of letters", "\\boxed{x}"), ("digits", "3"),
        ("a decimal", "0.333"), ("a sentence", "The answer is 18. "),
        ("an answer that is none", "The answer is helpful. "),
        ("lines", "The total is 18.\n"), ("fractions", "\\frac{1}{2}"), ("open fractions", "\\frac{"),
        ("marks", "#### "),
        ("spaces", " "), ("Indian groups", "1,23,"), ("points", "1.234."), ("subtractions", " - 5"), ("braces", "{"),
        ("options", "Option C is wrong. "), ("brackets", "(B) "), ("letters", "A "), ("tags", "<answer>"),
        ("questions", "question "), ("short lines", "q\n"), ("equations", "1="), ("Arabic digits", "\u{0663}"),
        ("a list of options", "A) foo\n"), ("the word", "answer "), ("denials", "is not B, "), ("dollars", "€"),
    ]

    /// Processor time of this thread, in nanoseconds.
    private func time(_ work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        }
        let start = now()
        try work()
        return now() - start
    }

    @Test(arguments: ["numeric", "choice", "exact", "regex"])
    func `a text four times as long takes about four times as long`(_ name: String) throws {
        let grader = try GraderUnderTest(name, name == "regex" ? #"{"pattern":"answer is:? *(.*)|= *(\\w+)"}"# : "{}")
        for (name, unit) in Self.texts {
            let short = String(repeating: unit, count: (1 << 18) / unit.utf8.count)
            let long = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
            _ = try grader.grade(short, "B")
            let first = try time { _ = try grader.grade(short, "B") }
            let second = try time { _ = try grader.grade(long, "B") }
            // A reader that goes back for every byte takes sixteen times as long.
            #expect(second < 9 * first + 2e7, "\(name): \(first / 1e6) ms, then \(second / 1e6) ms")
        }
    }
}
