import Testing

@testable import SuiteModel

/// What suites say of a judge.
struct JudgeSpecTests {
    @Test func `what is left out has its default`() {
        let judge = JudgeSpec(parametersJSON: #"{"role":"j"}"#)
        #expect(judge.role == "j" && judge.second == nil && judge.template == .correctness && judge.form == .word)
        #expect(judge.swaps && judge.disagreement == .tie && judge.repeats == 1 && judge.noVerdict == .leftOut)
        #expect(judge.maxTokens == 1024 && judge.temperature == 0 && judge.certainty == 0.5)
        #expect(JudgeSpec(parametersJSON: #"{"role":"j","verdict":"probability"}"#).maxTokens == 4)
    }

    @Test(arguments: [
        (#""template":"correctness""#, false, true), (#""template":"pairwise""#, true, true),
        (#""template":"pairwise","baseline":"other""#, true, false),
        (#""template":"Polite? {{ answer }}""#, false, false),
        (#""template":"{{target}} {{ answer }}""#, false, true),
        (#""template":"{{ first }} or {{{second}}}?","baseline":"b""#, true, false),
    ])
    func `the template says whether two answers are compared, and whether items need a target`(
        _ members: String, _ isPairwise: Bool, _ needsTarget: Bool
    ) {
        let judge = JudgeSpec(parametersJSON: #"{"role":"j",\#(members)}"#)
        #expect(judge.isPairwise == isPairwise && judge.needsTarget == needsTarget)
    }
}
