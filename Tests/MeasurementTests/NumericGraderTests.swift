import Foundation
import Measurement
import Testing

struct HardCase: Decodable, Sendable, CustomTestStringConvertible {
    var text: String
    var target: String
    var score: Double
    var strict: Double
    var stage: String?
    var note: String

    var testDescription: String { "\(text.prefix(40)) ⇔ \(target.prefix(20)) \(note)" }

    static let all: [HardCase] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/numeric.jsonl")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(HardCase.self, from: Data($0.utf8)) }
    }()
}

struct NumericGraderTests {
    @Test func `the fixture is whole`() {
        #expect(HardCase.all.count >= 160)
        #expect(HardCase.all.count { $0.score == 0 } >= 40)
    }

    @Test(arguments: HardCase.all) func `hard case`(_ hard: HardCase) {
        let grade = NumericGrader().grade(answer: hard.text, target: hard.target, unfinished: false)
        #expect(grade.score == hard.score, "read as \(grade.extracted ?? "nothing") by \(grade.stage)")
        #expect(grade.strictScore == hard.strict, "by \(grade.stage)")
        if let stage = hard.stage { #expect(grade.stage == stage) }
    }

    @Test func `a cut-off answer is never right`() {
        let grade = NumericGrader().grade(answer: "#### 29", target: "29", unfinished: true)
        #expect(grade.score == 0)
        #expect(grade.stage == "unfinished")
        #expect(grade.explanation.contains("29"))
    }

    @Test(arguments: HardCase.all) func `the gold answer scores 1`(_ hard: HardCase) {
        #expect(NumericGrader().grade(answer: hard.target, target: hard.target, unfinished: false).score == 1)
    }

    @Test func `two answers have one canonical form if and only if they are equal`() {
        let grader = NumericGrader()
        let equal = ["#### 1,234.50", "The answer is 1234.5", "\\boxed{2469/2}", "#### 1.2345e3", "１２３４．５"]
        #expect(Set(equal.compactMap { grader.extract($0)?.value }) == ["1234.5"])
    }

    @Test func `tolerances are absolute and relative`() {
        #expect(
            NumericGrader(tolerance: 0.01).grade(answer: "#### 3.1416", target: "3.14159", unfinished: false).score == 1
        )
        #expect(
            NumericGrader(relativeTolerance: 0.01).grade(answer: "#### 101", target: "100", unfinished: false).score
                == 1)
        #expect(
            NumericGrader(relativeTolerance: 0.01).grade(answer: "#### 102", target: "100", unfinished: false).score
                == 0)
    }

    @Test func `random text never crashes it and large text is bounded`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789.,/%-$ #\\{}boxedfrac\n½×^e:−（）")
        for _ in 0..<3000 {
            let text = String(
                (0..<Int.random(in: 0..<60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "0" })
            _ = NumericGrader().grade(answer: text, target: text, unfinished: false)
        }
        let large = String(repeating: "1", count: 3_000_000) + " #### 29"
        #expect(NumericGrader().grade(answer: large, target: "29", unfinished: false).score == 1)
    }

    @Test func `a grader that compared substrings, took the first marker or dropped signs would fail the fixture`() {
        func failures(_ wrong: (HardCase) -> Double) -> Int { HardCase.all.count { wrong($0) != $0.score } }
        let grader = NumericGrader()
        let substring = failures { hard in grader.extract(hard.text).map { hard.target.contains($0.value) ? 1 : 0 } ?? 0
        }
        let firstMarker = failures { hard in
            guard let range = hard.text.range(of: "####") else {
                return grader.grade(answer: hard.text, target: hard.target, unfinished: false).score
            }
            let line = hard.text[range.upperBound...].prefix { $0 != "\n" }
            return grader.grade(answer: "#### " + line, target: hard.target, unfinished: false).score
        }
        let unsigned = failures { hard in
            let plain = { (text: String) in
                text.replacingOccurrences(of: "-", with: " ").replacingOccurrences(of: "−", with: " ")
            }
            return grader.grade(answer: plain(hard.text), target: plain(hard.target), unfinished: false).score
        }
        #expect(substring > 10)
        #expect(firstMarker >= 2)
        #expect(unsigned >= 2)
    }
}

/// Published counts on recorded real answers, where the recordings are at hand.
struct RecordedAnswersTests {
    static let shared: String? = {
        let named = ProcessInfo.processInfo.environment["EVALH_SHARED"]
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = named ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
        return FileManager.default.fileExists(atPath: path + "/data/gsm8k/test.jsonl") ? path : nil
    }()

    @Test(.enabled(if: shared != nil, "the recorded data is not on this machine"))
    func `every GSM8K gold answer scores 1 by its marker`() throws {
        let path = try #require(Self.shared) + "/data/gsm8k/test.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1319)
        struct Row: Decodable { var answer: String }
        for line in lines {
            let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
            let grade = NumericGrader().grade(answer: row.answer, target: row.answer, unfinished: false)
            #expect(grade.score == 1 && grade.stage == "marker")
        }
    }
}
