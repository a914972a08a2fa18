import Completions
import Foundation
import Testing

struct ArithmeticGraderTests {
    private func grade(_ answer: String, numbers: String = "4 4 6 8", target: String = "", with: String = "{}") throws
        -> Grade
    {
        try GraderUnderTest("arithmetic", with).grade(answer, target, fieldsJSON: #"{"numbers":"\#(numbers)"}"#)
    }

    @Test(arguments: [
        ("Answer: (6 - 4) * (4 + 8) = 24", 1.0, 1.0, "phrase"), ("(6-4)*(4+8)", 1, 1, "last_line"),
        ("Steps:\n6 - 4 = 2\n4 + 8 = 12\nSo the answer is: **(6 − 4) × (4 + 8) = 24.**", 1, 1, "phrase"),
        ("\\boxed{(6-4) \\times (4+8) = 24}", 1, 1, "boxed"),
        ("6 - 4 = 2\n- (6 - 4) * (4 + 8) = 24", 1, 0, "last_line"),
        ("24 = (6 - 4) * (4 + 8)", 1, 1, "last_line"), ("Answer: 24", 0, 0, "none"),
        ("Answer: 6 * 4 = 24", 0, 0, "phrase"), ("Answer: (6 - 4) * (4 + 8) * 1 = 24", 0, 0, "phrase"),
        ("Answer: 4 + 4 + 6 + 8 = 24", 0, 0, "phrase"), ("Answer: (8 - 4 - 4) / 6 = 24", 0, 0, "phrase"),
        ("Answer: 6 / (8 - 4 - 4) = 24", 0, 0, "phrase"), ("I cannot do it.", 0, 0, "none"),
        ("Answer: (6 - 4) * (4 + 8 = 24", 0, 0, "none"),
    ])
    func `an expression is right if it uses the numbers and has the value`(
        _ text: String, _ score: Double, _ strict: Double, _ stage: String
    ) throws {
        let found = try grade(text)
        #expect(found.score == score, "\(found.explanation ?? "")")
        #expect(found.strictScore == strict)
        #expect(found.stage == stage)
    }

    @Test func `values are exact fractions`() throws {
        #expect(try grade("8/(3-8/3)", numbers: "3 3 8 8").score == 1)
        #expect(try grade("5*(5-1/5)", numbers: "1 5 5 5").score == 1)
        #expect(try grade("7*(3+3/7)", numbers: "3 3 7 7").score == 1)
    }

    @Test func `the target is the value to reach where it is a number`() throws {
        #expect(try grade("(6 - 4) * (4 + 8)", target: "24").score == 1)
        #expect(try grade("(6 - 4) * (4 + 8)", target: "25").score == 0)
        #expect(try grade("4 + 4 + 6 + 8", with: #"{"goal":22}"#).score == 1)
        let some = #"{"use_all":false}"#
        #expect(try grade("4 * 6", with: some).score == 1)
        #expect(try grade("6 * 6 - 8 - 4", with: some).score == 0)
    }

    @Test func `an item without numbers is an error that names the parameter`() throws {
        let fault = #expect(throws: (any Error).self) { try grade("1+2", numbers: "none") }
        #expect("\(try #require(fault))".contains("\"numbers\""))
    }

    @Test func `votes count an expression however it is spaced`() throws {
        let grader = try GraderUnderTest("arithmetic")
        let texts = ["(6 - 4)*(4+8)", "Answer: (6-4) × (4+8) = 24", "\\boxed{(6-4)\\cdot(4+8)}"]
        #expect(try Set(texts.map { try grader.extract($0)?.answer }) == ["(6-4)*(4+8)"])
        #expect(try grader.extract("no idea") == nil)
    }

    @Test func `hostile texts are bounded`() throws {
        let deep = String(repeating: "(", count: 900) + "1+1" + String(repeating: ")", count: 90)
        #expect(try grade(deep).stage == "none")
        #expect(try grade("9223372036854775807*9223372036854775807*9223372036854775807").score == 0)
        #expect(try grade(String(repeating: "1+", count: 400_000) + "1").stage == "none")
        #expect(try grade("99999999999999999999+1").stage == "none")
    }

    @Test(.enabled(if: RecordedTexts.folder != nil, "no ../shared/pools here"))
    func `recorded answers of the Game of 24 have the recorded correctness`() throws {
        let folder = try #require(RecordedTexts.folder).path
        var puzzles: [Int: String] = [:]
        var differences = 0
        var answers = 0
        let files = [
            "propose1_value3_greedy5", "naive_standard_sample_100", "naive_cot_sample_100",
        ].map { "\(folder)/tot-game24/gpt-4_0.7_\($0)_start900_end1000.json" }
        for file in files {
            let log = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
            for row in try #require(log as? [[String: Any]]) {
                let index = try #require(row["idx"] as? Int)
                if let steps = row["steps"] as? [[String: Any]] { puzzles[index] = steps.first?["x"] as? String }
                let puzzle = try #require(puzzles[index])
                let flags = try #require((row["accs"] ?? row["infos"]) as? [Any])
                for (text, flag) in zip(try #require(row["ys"] as? [String]), flags) {
                    let wanted = (flag as? [String: Any])?["r"] ?? flag
                    answers += 1
                    // The log's rule reads the last line alone, whatever stands above it.
                    let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
                    let right = try grade(last, numbers: puzzle).score == 1
                    if right != (wanted as? NSNumber)?.boolValue { differences += 1 }
                }
            }
        }
        #expect(answers == 20_500)
        #expect(differences == 0)
    }
}
