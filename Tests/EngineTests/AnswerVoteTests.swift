import Completions
import Engine
import Journal
import PluginHost
import Testing

/// What a session's strategy is told of answers.
struct AnswerVoteTests {
    @Test func `a strategy sees answers that the grader holds equal as one answer`() {
        let session = session(ShareGrader())
        func answer(_ text: String) -> String? { session.extract(text, isUnfinished: false)?.answer }
        #expect(["50%", "0.5", "25%", "0.5", "0.25", "50%"].map(answer) == ["50%", "50%", "25%", "50%", "25%", "50%"])
        #expect(session.extract("50%", isUnfinished: true) == nil)
        #expect(answer("") == nil)
    }

    @Test func `classes are a session's own`() {
        let grader = ShareGrader()
        #expect(session(grader).extract("50%", isUnfinished: false)?.answer == "50%")
        #expect(session(grader).extract("0.5", isUnfinished: false)?.answer == "0.5")
    }

    private func session(_ grader: any AnswerGrader) -> StrategySession {
        StrategySession(
            start: SessionStart(
                itemID: "item", input: "Q?", fieldsJSON: "{}", messages: [], parametersJSON: "{}", seed: 1, models: [],
                repeatIndex: 0),
            models: [:], limits: BudgetLimits(), grader: grader)
    }
}

/// The text is the answer; a percentage is the share it stands for.
private final class ShareGrader: AnswerGrader {
    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        .graded(Grade(score: 0, strictScore: 0, stage: "none"))
    }

    func extract(_ text: String) -> (answer: String, stage: String)? { text.isEmpty ? nil : (text, "whole") }

    func areSame(_ first: String, _ other: String) -> Bool { value(first) == value(other) }

    private func value(_ text: String) -> Double? {
        text.last == "%" ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    }
}
