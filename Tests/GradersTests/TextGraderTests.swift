import PluginHost
import Testing

struct TextGraderTests {
    @Test(arguments: [
        ("The answer is (B).", "B", 1.0), ("Answer: B", "B", 1), ("\\boxed{B}", "B", 1), ("\\boxed{\\text{B}}", "B", 1),
        ("**B**", "B", 1),
        ("B.", "B", 1), ("(b)", "B", 1), ("I choose (C)", "C", 1), ("The answer is A train.", "A", 0),
        ("Because", "B", 0),
        ("The answer is B because A is wrong", "B", 1), ("the answer is B", "A", 0), ("#### D", "D", 1),
        ("no idea", "A", 0),
    ]) func `choices are read as letters and never inside words`(_ text: String, _ target: String, _ score: Double)
        throws
    {
        let grade = try GraderUnderTest("choice").grade(text, target)
        #expect(grade.score == score, "read as \(grade.extracted ?? "nothing") by \(grade.stage)")
    }

    @Test func `a letter that becomes two in upper case is no choice, and no trap`() throws {
        let choice = try GraderUnderTest("choice")
        for text in ["ﬁ", "(ß)", "The answer is ŉ", "I choose (ﬂ)"] {
            #expect(try choice.grade(text, "F").stage == "none")
        }
    }

    @Test func `exact compares the whole`() throws {
        let exact = try GraderUnderTest("exact")
        #expect(try exact.grade("  New\n York ", "New York").score == 1)
        #expect(try exact.grade("New York City", "New York").score == 0)
        #expect(try exact.grade("new york", "New York").score == 0)
        let loose = try GraderUnderTest("exact", #"{"ignore_case":true}"#)
        #expect(try loose.grade("new york", "New York").score == 1)
    }

    @Test func `a pattern's group is the answer`() throws {
        let regex = try GraderUnderTest("regex", #"{"pattern":"result: (\\w+)"}"#)
        #expect(try regex.grade("result: no\nresult: yes", "yes").score == 1)
        #expect(try regex.grade("result: no", "yes").score == 0)
        #expect(try regex.grade("result: yes", "yes", isUnfinished: true).score == 0)
        #expect(throws: PluginFault.self) { try GraderUnderTest("regex", #"{"pattern":"("}"#) }
        #expect(throws: PluginFault.self) { try GraderUnderTest("regex") }
        #expect(throws: PluginLoadError.self) { try GraderUnderTest("nosuch") }
    }
}
