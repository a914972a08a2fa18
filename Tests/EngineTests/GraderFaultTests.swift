import Completions
import Engine
import Journal
import PluginHost
import Testing

/// A grader that cannot read a text which a strategy shows it.
struct GraderFaultTests {
    private struct Unread: Error, CustomStringConvertible {
        let description = "too many states on this text"
    }

    private final class FailingGrader: AnswerGrader {
        func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep { throw Unread() }

        func extract(_ text: String) throws -> (answer: String, stage: String)? {
            if text.contains("long") { throw Unread() }
            return (text, "whole")
        }
    }

    private func outcome(reading texts: [String]) throws -> SessionOutcome {
        let factory = TestFactory("reads") { services in
            TestStrategy(services) { event, services throws(PluginFault) in
                guard case .start = event else { return [] }
                let answers = texts.map { services.extract($0, isUnfinished: false)?.answer ?? "none" }
                return [.finish(FinishAction(kind: .answered, answer: answers.joined(), reason: "read"))]
            }
        }
        let session = StrategySession(
            start: SessionStart(
                itemID: "item", input: "Q?", fieldsJSON: "{}", messages: [], parametersJSON: "{}", seed: 1, models: [],
                repeatIndex: 0),
            models: [:], limits: BudgetLimits(), grader: FailingGrader())
        let outcomes = session.begin(factory).compactMap { effect -> SessionOutcome? in
            if case .finished(let outcome) = effect { outcome } else { nil }
        }
        return try #require(outcomes.first)
    }

    @Test func `the session is an error of the grader, whatever the strategy makes of the text`() throws {
        let outcome = try outcome(reading: ["short", "a long one", "short"])
        #expect(outcome.error?.kind == .grader)
        #expect(outcome.error?.message.contains("too many states on this text") == true)
    }

    @Test func `texts that can be read are no error`() throws {
        let outcome = try outcome(reading: ["short"])
        #expect(outcome.error == nil && outcome.finish.answer == "short")
    }
}
