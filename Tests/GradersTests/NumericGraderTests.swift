import Foundation
import Testing

struct NumericGraderTests {
    @Test func `the fixture is whole`() {
        #expect(HardCase.all.count >= 160)
        #expect(HardCase.all.count { $0.score == 0 } >= 40)
    }

    @Test(arguments: HardCase.all) func `hard case`(_ hard: HardCase) throws {
        let grade = try GraderUnderTest("numeric").grade(hard.text, hard.target)
        #expect(grade.score == hard.score, "read as \(grade.extracted ?? "nothing") by \(grade.stage)")
        #expect(grade.strictScore == hard.strict, "by \(grade.stage)")
        if let stage = hard.stage { #expect(grade.stage == stage) }
    }

    @Test func `a cut-off answer is never right`() throws {
        let grade = try GraderUnderTest("numeric").grade("#### 29", "29", isUnfinished: true)
        #expect(grade.score == 0)
        #expect(grade.stage == "unfinished")
        #expect(grade.explanation?.contains("29") == true)
    }

    @Test(arguments: HardCase.all) func `the gold answer scores 1`(_ hard: HardCase) throws {
        #expect(try GraderUnderTest("numeric").grade(hard.target, hard.target).score == 1)
    }

    @Test func `two answers have one canonical form if and only if they are equal`() throws {
        let grader = try GraderUnderTest("numeric")
        let equal = ["#### 1,234.50", "The answer is 1234.5", "\\boxed{2469/2}", "#### 1.2345e3", "１２３４．５"]
        #expect(try Set(equal.compactMap { try grader.extract($0)?.answer }) == ["1234.5"])
    }

    @Test func `tolerances are absolute and relative`() throws {
        let absolute = try GraderUnderTest("numeric", #"{"tolerance":0.01}"#)
        #expect(try absolute.grade("#### 3.1416", "3.14159").score == 1)
        let relative = try GraderUnderTest("numeric", #"{"relative_tolerance":0.01}"#)
        #expect(try relative.grade("#### 101", "100").score == 1)
        #expect(try relative.grade("#### 102", "100").score == 0)
    }

    @Test func `random text never crashes it and large text is bounded`() throws {
        let grader = try GraderUnderTest("numeric")
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789.,/%-$ #\\{}boxedfrac\n½×^e:−（）")
        for _ in 0..<3000 {
            let text = String(
                (0..<Int.random(in: 0..<60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "0" })
            _ = try grader.grade(text, text)
        }
        let large = String(repeating: "1", count: 3_000_000) + " #### 29"
        #expect(try grader.grade(large, "29").score == 1)
    }

    @Test func `a grader that compared substrings, took the first marker or dropped signs would fail the fixture`()
        throws
    {
        func failures(_ wrong: (HardCase) throws -> Double) rethrows -> Int {
            try HardCase.all.count { try wrong($0) != $0.score }
        }
        let grader = try GraderUnderTest("numeric")
        let substring = try failures { hard in
            try grader.extract(hard.text).map { hard.target.contains($0.answer) ? 1 : 0 } ?? 0
        }
        let firstMarker = try failures { hard in
            guard let range = hard.text.range(of: "####") else { return try grader.grade(hard.text, hard.target).score }
            let line = hard.text[range.upperBound...].prefix { $0 != "\n" }
            return try grader.grade("#### " + line, hard.target).score
        }
        let unsigned = try failures { hard in
            let plain = { (text: String) in
                text.replacingOccurrences(of: "-", with: " ").replacingOccurrences(of: "−", with: " ")
            }
            return try grader.grade(plain(hard.text), plain(hard.target)).score
        }
        #expect(substring > 10)
        #expect(firstMarker >= 2)
        #expect(unsigned >= 2)
    }
}

/// Published counts on recorded real answers, where the recordings are at hand.
struct RecordedAnswersTests {
    static let data: URL? = {
        let file = RecordedTexts.folder?.deletingLastPathComponent().appendingPathComponent("data/gsm8k/test.jsonl")
        return file.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }()

    @Test(.enabled(if: data != nil, "the recorded data is not on this machine"))
    func `every GSM8K gold answer scores 1 by its marker`() throws {
        let lines = try String(contentsOf: #require(Self.data), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1319)
        struct Row: Decodable { var answer: String }
        let grader = try GraderUnderTest("numeric")
        for line in lines {
            let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
            let grade = try grader.grade(row.answer, row.answer)
            #expect(grade.score == 1 && grade.stage == "marker")
        }
    }
}
