import Foundation
import PluginHost
import Testing

/// The pattern engine beside ICU's, which tries way after way.
struct RegexGraderTests {
    private func json(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    private func find(_ pattern: String, in text: String, _ more: [String: Any] = [:]) throws -> String? {
        try GraderUnderTest("regex", json(["pattern": pattern].merging(more) { $1 })).extract(text)?.answer
    }

    /// What ICU finds, as the grader would give it.
    private func expected(_ pattern: String, in text: String, group: Int, isLast: Bool, ignoresCase: Bool) throws
        -> String?
    {
        let expression = try NSRegularExpression(
            pattern: pattern, options: ignoresCase ? [.caseInsensitive, .anchorsMatchLines] : [.anchorsMatchLines])
        let matches = expression.matches(in: text, range: NSRange(text.startIndex..., in: text))
        guard let match = isLast ? matches.last : matches.first, let range = Range(match.range(at: group), in: text)
        else { return nil }
        let found = text[range].trimmingCharacters(in: .whitespacesAndNewlines)
        return ignoresCase ? found.lowercased() : found
    }

    private static let patterns = [
        #"\d\d/\d\d/\d\d\d\d"#, #"(-?[0-9][0-9,./]*)[^0-9]*$"#, #"answer is:? *(.*)|= *(\w+)"#, "a+b|a",
        "(a|ab)(c|bcd)?",
        "^ *(.*?) *$", #"(?i)final answer:\s*(\S+)"#, #"\\boxed\{(.*?)\}"#, #"(\w+)\W+(\w+)$"#, "(a*?)b", "x{2,3}",
        "(?:ab|a){1,2}c?", #"\bis\b"#, #"\B.\B"#, "[^a-c ]+", "[[:alpha:]]+", "[a-z&&[^aeiou]]+", #"\p{L}+"#,
        #"\p{Lu}\p{Ll}*"#, "(?s)a.*b", "a.*b", #"\A\w+"#, #"\w+\z"#, #"[\d.]+"#, "(?<word>[a-z]+)-", "é+", #"\u00e9"#,
        "(a)|(b)|(c)", "((a|b)+)c", "(?-i)A", "(?i:A)b", #"\Qa.b\E"#, #"\s+"#, #"\S+$"#, "-?", "(|a)b",
        #"[\]a]"#, #"\."#, "a{2}", "a{2,}", "b??c", "(a+)(a+)", "[aeiou]{2}?", #"\d+(?:\.\d+)?"#,
        #"#### (\-?[0-9\.\,]+)"#,
    ]

    /// Texts of what the patterns are about, the same on every run.
    private static let texts: [String] = {
        let pieces = [
            "a", "b", "c", "ab", "abc", "abcd", " ", "  ", "\n", "is", "answer is: 12", "Final answer: B",
            "#### -1,234.5",
            "11/12/2013", "3.14", "= x", "\\boxed{7}", "é", "É", "xx", "xxx", "A", "B", "Zeta", "-", ".", "a.b", "٣",
            "😀",
            "\t", "aaa", "bcd", "]",
        ]
        var generator = Pieces(seed: 7)
        return (0..<60).map { _ in
            (0..<generator.next(below: 9)).map { _ in pieces[generator.next(below: pieces.count)] }.joined()
        }
    }()

    @Test(arguments: patterns) func `it finds what ICU finds`(_ pattern: String) throws {
        for (isLast, ignoresCase) in [(true, false), (false, false), (true, true)] {
            let groups = try NSRegularExpression(pattern: pattern).numberOfCaptureGroups
            for group in 0...groups {
                let grader = try GraderUnderTest(
                    "regex",
                    json([
                        "pattern": pattern, "group": group, "match": isLast ? "last" : "first",
                        "ignore_case": ignoresCase,
                    ]))
                for text in Self.texts {
                    let wanted = try expected(pattern, in: text, group: group, isLast: isLast, ignoresCase: ignoresCase)
                    #expect(try grader.extract(text)?.answer == wanted, "in \(text.debugDescription), group \(group)")
                }
            }
        }
    }

    @Test func `random patterns find what ICU finds`() throws {
        let pieces = [
            "a", "b", "ab", ".", #"\d"#, #"\w"#, #"\s"#, "[a-c]", "[^a]", "(a|b)", "(?:ab|a)", "(a*)", "(b+)", "a*?",
            "b+?",
            "(a|ab)", "x{2,3}", "^", "$", #"\b"#, #"\B"#, "(?i)A", "é", #"\p{L}"#, "(a(b)?)", "c??", "-?", #"\."#,
            #"\A"#,
            #"\z"#, #"\Z"#, #"\S+"#, #"\W"#, "|",
        ]
        var generator = Pieces(seed: 11)
        for _ in 0..<400 {
            let pattern = (0..<1 + generator.next(below: 4)).map { _ in pieces[generator.next(below: pieces.count)] }
                .joined()
            let grader = try GraderUnderTest("regex", json(["pattern": pattern, "group": 0]))
            for _ in 0..<8 {
                let text = Self.texts[generator.next(below: Self.texts.count)]
                let wanted = try expected(pattern, in: text, group: 0, isLast: true, ignoresCase: false)
                #expect(try grader.extract(text)?.answer == wanted, "\(pattern) in \(text.debugDescription)")
            }
        }
    }

    @Test func `it finds a match wherever it stands`() throws {
        let filling = String(repeating: "No date stands in this sentence of the answer. ", count: 25_000)
        let pattern = #"(\d\d/\d\d/\d\d\d\d)"#
        for text in ["11/12/2013 " + filling, filling + "11/12/2013 " + filling, filling + "11/12/2013"] {
            #expect(try find(pattern, in: text) == "11/12/2013")
        }
        // An engine that goes back would not end.
        #expect(try find("(a|aa)+$", in: String(repeating: "a", count: 100_000) + "b") == nil)
        #expect(try find("(x+x+)+y", in: String(repeating: "x", count: 100_000)) == nil)
        #expect(try find("a+b|a", in: String(repeating: "a", count: 100_000)) == "a")
    }

    @Test func `the group that took part is the answer`() throws {
        #expect(try find(#"answer: (\d+)|result: (\d+)"#, in: "result: 12") == "12")
        #expect(try find(#"answer: (\d+)|result: (\d+)"#, in: "result: 12", ["group": 1]) == nil)
        #expect(try find(#"\d+"#, in: "1 22") == "22")
    }

    @Test(arguments: [
        (#"(a)\1"#, "write out what may be repeated"), (#"(?<n>a)\k<n>"#, "cannot be matched in bounded time"),
        ("(?=a)b", "put the answer alone into a group"), ("(?<!a)b", "look ahead or behind"), ("(?>a)", "write `(?:`"),
        ("a++", "possessive"), ("(", "not closed"), ("[a", "not closed"), ("*a", "repeats nothing"),
        ("a)", "closes no"),
        (#"\p{Han}"#, "A script is a range"), (#"\y"#, "unknown"), ("a{3,2}", "below the first"),
        ("((a{100}){100}){100}", "too large"), (String(repeating: "(", count: 1_000), "nested"), ("[z-a]", "higher"),
    ]) func `what cannot be matched is refused with a reason`(_ pattern: String, _ reason: String) throws {
        let fault = #expect(throws: PluginFault.self) { try GraderUnderTest("regex", json(["pattern": pattern])) }
        #expect(fault?.message.contains(reason) == true, "\(fault?.message ?? "")")
    }

    @Test func `a pattern that needs too many states on a text is an error, never no answer`() throws {
        // Whether an `a` stands 40 places ahead must be known for every place between.
        let grader = try GraderUnderTest("regex", json(["pattern": "x[ab]{40}a[ab]*"]))
        var generator = Pieces(seed: 3)
        let text = "x" + String((0..<400_000).map { _ in generator.next(below: 2) == 0 ? "a" : "b" })
        #expect(throws: PluginFault.self) { try grader.grade(text, "a") }
    }
}

/// Numbers that look random and are the same on every run: SplitMix64 (Steele, Lea and Flood 2014).
struct Pieces {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
