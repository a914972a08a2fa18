import Completions
import PluginHost
import Testing

struct SubjectGraderTests {
    private func score(_ answer: String, _ parameters: String = "", unfinished: Bool = false) throws -> Grade {
        try GraderUnderTest("subject", parameters).grade(answer, "7", isUnfinished: unfinished)
    }

    @Test(arguments: [
        ("", 0.25, 0.25), ("", -3, 0), ("", 1.5, 1), (#"{"minimum":2,"maximum":10}"#, 4, 0.25),
        (#"{"minimum":-1}"#, 0, 0.5),
        (#"{"maximum":4}"#, 1, 0.25), (#"{"at_least":0.9}"#, 0.9, 1), (#"{"at_least":0.9}"#, 0.89, 0),
        (#"{"at_least":-6}"#, -5, 1),
    ]) func `a program's score is mapped to 0 to 1, whatever the target`(
        _ parameters: String, _ raw: Double, _ expected: Double
    ) throws {
        let grade = try score("{\"cost\":3,\"score\":\(raw)}", parameters)
        #expect(grade.score == expected && grade.strictScore == expected)
        #expect(grade.extracted == raw.description && grade.stage == "score")
    }

    @Test(arguments: [
        "", "no JSON", "0.5", "[0.5]", #"{"cost":1}"#, #"{"score":"1"}"#, #"{"score":null}"#, #"{"score":1e999}"#,
        #"{"score":1"#,
    ])
    func `an answer without a score is no answer`(_ answer: String) throws {
        let grade = try score(answer)
        #expect(grade.score == 0 && grade.extracted == nil && grade.stage == "none")
    }

    @Test func `a cut-off answer is never right, and equal scores are equal answers`() throws {
        #expect(try score(#"{"score":1}"#, unfinished: true).score == 0)
        let grader = try GraderUnderTest("subject")
        #expect(
            try grader.extract(#"{"score":0.50,"cost":1}"#)?.answer
                == grader.extract(#"{"cost":9,"score":5e-1}"#)?.answer)
    }

    @Test(arguments: [
        #"{"minimum":1,"maximum":1}"#, #"{"minimum":2}"#, #"{"at_least":1,"minimum":0}"#,
        #"{"at_least":1,"maximum":2}"#,
        #"{"minimum":"0"}"#,
    ]) func `bounds out of order and bounds beside at_least are refused`(_ parameters: String) {
        #expect(throws: PluginFault.self) { try GraderUnderTest("subject", parameters) }
    }

    @Test func `two graders do without targets`() {
        #expect(GraderUnderTest.all.filter { $0.needs.contains(.noTarget) }.map(\.id) == ["arithmetic", "subject"])
    }
}
