import Foundation
import Testing

struct MathGraderTests {
    @Test(arguments: [
        (#"So it is $\boxed{\frac{4}{3}}$."#, #"\frac43"#, 1.0, 1.0, "boxed"),
        (#"We get \boxed{1331} and \boxed{1728}."#, "1331 and 1728", 1, 1, "boxed"),
        (#"First \boxed{3}, then $x = \boxed{4}$"#, "4", 1, 1, "boxed"),
        (#"\boxed{3} \boxed{}"#, "3", 1, 1, "boxed"), (#"\boxed{3} \boxed{?}"#, "3", 0, 0, "boxed"),
        ("The answer is $x = 5$, as was to be shown.", "5", 1, 1, "phrase"),
        ("The final answer is **(C)**.", #"\text{(C)}"#, 1, 1, "phrase"),
        ("The answer is 18 eggs.", "18", 1, 1, "phrase"), ("The answer is $18.", "18", 1, 1, "phrase"),
        ("#### 5. Sum of squares\n236 is\n#### 236", "236", 1, 1, "marker"),
        (#"$\frac{1}{2}$"#, "0.5", 1, 1, "alone"), ("x^2+2x+1", "(x+1)^2", 1, 1, "alone"),
        (
            #"We simplify and find that $19x - 4x = 15x$ holds, so that this is \(15x - 80\)."#, "15x-80", 1, 0,
            "last_formula"
        ),
        (
            "The eggs that are sold make 18 in all.\n\nLet me know if you have any other questions!", "18", 1, 0,
            "last_number"
        ),
        ("I do not know how one would do this at all, sorry that I can not help with it.", "18", 0, 0, "none"),
    ]) func `the stage says where the answer stood`(
        _ text: String, _ target: String, _ score: Double, _ strict: Double, _ stage: String
    ) throws {
        let grade = try GraderUnderTest("math").grade(text, target)
        #expect(grade.stage == stage, "read as \(grade.extracted ?? "nothing")")
        #expect(grade.score == score && grade.strictScore == strict)
    }

    @Test(arguments: [
        (#"\boxed{0.5}"#, "1/2", "exact"), (#"\boxed{2x}"#, "x+x", "canonical"),
        (#"\boxed{\tan x \cos x}"#, #"\sin x"#, "numeric"), (#"\boxed{even}"#, #"\text{even}"#, "text"),
        (#"\boxed{\sum_k k}"#, "3", "not read: the answer"), (#"\boxed{3}"#, #"\sum_k k"#, "not read: the target"),
    ]) func `the explanation says what decided`(_ text: String, _ target: String, _ explanation: String) throws {
        #expect(try GraderUnderTest("math").grade(text, target).explanation == explanation)
    }

    @Test func `a target may be a whole solution`() throws {
        let grader = try GraderUnderTest("math")
        for target in [#"Add: \boxed{7}"#, "The answer is 7", "3 + 4 = <<3+4=7>>7\n#### 7", "$7$"] {
            #expect(try grader.grade(#"\boxed{7}"#, target).score == 1, "\(target)")
        }
    }

    @Test func `a cut-off answer is never right, and says what it would have been`() throws {
        let grade = try GraderUnderTest("math").grade(#"\boxed{7}"#, "7", isUnfinished: true)
        #expect(grade.score == 0 && grade.stage == "unfinished" && grade.explanation?.contains("7") == true)
    }

    @Test func `votes know equal answers`() throws {
        let grader = try GraderUnderTest("math")
        let answers = try [#"\boxed{50\%}"#, #"\boxed{\frac12}"#, #"\boxed{x=0.5}"#, #"\boxed{2^{-1}}"#]
            .compactMap { try grader.extract($0)?.answer }
        #expect(answers.count == 4)
        #expect(answers.allSatisfy { grader.areSame(answers[0], $0) })
        #expect(!grader.areSame(answers[0], "0.49"))
        #expect(try grader.extract(#"\boxed{\frac{3}{6}}"#)?.answer == grader.extract(#"\boxed{0.50}"#)?.answer)
    }

    @Test func `settings are read`() throws {
        #expect(try GraderUnderTest("math", #"{"decimal_comma":true}"#).grade(#"\boxed{3,5}"#, "7/2").score == 1)
        #expect(try GraderUnderTest("math", #"{"tolerance":0.01}"#).grade(#"\boxed{3.14}"#, #"\pi"#).score == 1)
        #expect(try GraderUnderTest("math").grade(#"\boxed{3.14}"#, #"\pi"#).score == 0)
    }
}
