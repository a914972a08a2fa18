import Measurement
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
        let grade = try GraderRegistry.make("choice").grade(answer: text, target: target, unfinished: false)
        #expect(grade.score == score, "read as \(grade.extracted ?? "nothing") by \(grade.stage)")
    }

    @Test func `exact compares the whole`() throws {
        let exact = try GraderRegistry.make("exact")
        #expect(exact.grade(answer: "  New\n York ", target: "New York", unfinished: false).score == 1)
        #expect(exact.grade(answer: "New York City", target: "New York", unfinished: false).score == 0)
        #expect(exact.grade(answer: "new york", target: "New York", unfinished: false).score == 0)
        let loose = try GraderRegistry.make("exact", parametersJSON: #"{"ignore_case":true}"#)
        #expect(loose.grade(answer: "new york", target: "New York", unfinished: false).score == 1)
    }

    @Test func `a pattern's group is the answer`() throws {
        let regex = try GraderRegistry.make("regex", parametersJSON: #"{"pattern":"result: (\\w+)"}"#)
        #expect(regex.grade(answer: "result: no\nresult: yes", target: "yes", unfinished: false).score == 1)
        #expect(regex.grade(answer: "result: no", target: "yes", unfinished: false).score == 0)
        #expect(regex.grade(answer: "result: yes", target: "yes", unfinished: true).score == 0)
        #expect(throws: GraderError.self) { try GraderRegistry.make("regex", parametersJSON: #"{"pattern":"("}"#) }
        #expect(throws: GraderError.self) { try GraderRegistry.make("regex") }
        #expect(throws: GraderError.self) { try GraderRegistry.make("nosuch") }
    }
}
