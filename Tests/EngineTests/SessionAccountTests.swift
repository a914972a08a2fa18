import Completions
import Engine
import PluginHost
import Testing

/// What a session is charged, as seen from outside.
struct SessionAccountTests {
    private static let answer = SessionAction.Body.finish(FinishAction(kind: .answered, answer: "7", reason: "done"))

    private func submit(_ request: UInt64, n: Int = 1) -> SessionAction.Body {
        .submit(SubmitAction(request: request, n: n))
    }

    @Test(arguments: [(true, 10, 1), (false, 20, 2)])
    func `choices of a request pay its prompt once where the endpoint returns several`(
        sharesPrompt: Bool, promptTokens: Int, requests: Int
    ) throws {
        let session = SessionScript(sharesPrompt: sharesPrompt)
        _ = session.begin(submit(1, n: 2))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a", tokens: 5)))
        let effects = session.deliver(.completed(request: 1, choice: 1, .whole("b", tokens: 3)), Self.answer)
        let outcome = try #require(effects.first?.outcome)
        #expect(outcome.measure.usage.promptTokens == promptTokens && outcome.measure.usage.requests == requests)
        #expect(outcome.measure.usage.completionTokens == 8)
        #expect(abs((outcome.measure.usd ?? 0) - Double(promptTokens + 16) / 1e6) < 1e-15)
        #expect(outcome.draws.map(\.promptTokens) == (sharesPrompt ? [10, 0] : [10, 10]))
    }

    @Test func `what was cancelled before it was sent costs its prompt, as it would have alone`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1), Self.answer)
        let nothing = Completion(text: "", finish: .cancelled, usage: TokenUsage(promptTokens: 7))
        let outcome = try #require(session.deliver(.cancelled(request: 1, choice: 0, partial: nothing)).first?.outcome)
        #expect(outcome.measure.usage == TokenUsage(requests: 1, promptTokens: 7) && outcome.draws.count == 1)
    }

    @Test func `what a failed request is known to have cost counts`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1))
        let failure = ModelFailure(kind: .timeout, message: "", spent: TokenUsage(promptTokens: 4, completionTokens: 3))
        let effects = session.deliver(
            .failed(request: 1, choice: 0, failure), .finish(FinishAction(kind: .noAnswer, answer: "", reason: "")))
        let outcome = try #require(effects.first?.outcome)
        #expect(outcome.measure.usage.totalTokens == 7 && outcome.measure.samples == 0)
    }

    @Test func `parallel requests take as long as the slowest, later ones add up`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        _ = session.deliver(.completed(request: 2, choice: 0, .whole("b", seconds: 4)))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a", seconds: 3)), submit(3))
        let effects = session.deliver(.completed(request: 3, choice: 0, .whole("c", seconds: 2)), Self.answer)
        let outcome = try #require(effects.first?.outcome)
        #expect(outcome.measure.criticalPathSeconds == 6)
        #expect(outcome.draws.map(\.askedAt) == [0, 0, 4])
    }

    @Test func `the worst case is reserved until a request has ended`() {
        // A request reserves at most 34 of prompt and 100 generated tokens.
        let session = SessionScript(limits: BudgetLimits(tokens: 200))
        _ = session.begin(submit(1), submit(2))
        #expect(session.takeEvents() == ["start", "rejected 2 budget"])
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a")), submit(3))
        #expect(session.takeEvents() == ["done 1/0 a last"])
    }

    @Test func `a strategy is warned once when a fifth is left, and told to stop when time is over`() {
        let session = SessionScript(limits: BudgetLimits(seconds: 10))
        _ = session.begin(submit(1))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a", seconds: 9)), submit(2))
        #expect(session.takeEvents() == ["start", "done 1/0 a last", "budget"])
        _ = session.deliver(.completed(request: 2, choice: 0, .whole("b", seconds: 2)))
        #expect(session.takeEvents() == ["done 2/0 b last", "stop budget"])
    }

    @Test func `a model without a price makes the session's price unknown`() throws {
        let session = SessionScript(price: nil)
        _ = session.begin(submit(1))
        let effects = session.deliver(.completed(request: 1, choice: 0, .whole("a")), Self.answer)
        #expect(try #require(effects.first?.outcome).measure.usd == nil)
    }

    @Test func `an answer that was cut off is known as such`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1))
        let effects = session.deliver(
            .completed(request: 1, choice: 0, .whole("half", finish: .length)),
            .finish(FinishAction(kind: .answered, answer: "half", reason: "")))
        #expect(try #require(effects.first?.outcome).isCutOff)
    }
}
