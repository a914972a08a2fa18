import Completions
import Testing

@testable import Engine

/// Answers that break off before anybody saw of them: asked for once more, within the budget.
struct AskingAgainTests {
    private static let lost = TokenUsage(promptTokens: 40, completionTokens: 10)

    @Test func `what broke off unseen is booked and asked for again, for all who wait`() {
        let script = BrokerScript()
        _ = script.request(1, by: 1, 0..<2)
        _ = script.request(7, by: 2, 1..<2)
        _ = script.complete(1, 0, "a")
        #expect(script.fail(1, spent: Self.lost, mayAskAgain: true) == ["record failure 1"])
        #expect(script.broker.ledger.spent.tokens == 15 + 50 && script.broker.ledger.reserved.tokens == 0)
        #expect(script.sendQueued() == ["send 2 n=1"])
        #expect(script.sent[1]?.attempt == 1 && script.sent[2]?.attempt == 2)
        #expect(script.sent[2]?.seeds == script.sent[1].map { [$0.seeds[1]] })
        #expect(script.complete(2, 0, "b") == ["record 1 b", "1: done 1/1 b", "2: play 7/0 b"])
        #expect(script.isAtRest)
    }

    @Test func `the next attempt has to fit into the budget as the first had to`() {
        let script = BrokerScript(limits: BudgetLimits(tokens: 140))
        _ = script.request(1, by: 1, 0..<1)
        _ = script.fail(1, spent: Self.lost, mayAskAgain: true)
        #expect(script.sendQueued() == ["stop tokens: the next request may need 100, 90 are left"])
    }

    @Test func `what nobody wants any more is not asked for again`() {
        let script = BrokerScript()
        _ = script.request(1, by: 1, 0..<1)
        _ = script.cancel(1, by: 1)
        #expect(
            script.fail(1, mayAskAgain: true) == ["record failure 0", "record 0 partial ", "1: cancelled 1/0  5+0"])
        #expect(script.isAtRest)
    }

    @Test func `who waits for a sample that is asked for again may leave`() {
        let script = BrokerScript()
        _ = script.request(1, by: 1, 0..<1)
        _ = script.fail(1, mayAskAgain: true)
        #expect(script.cancel(1, by: 1) == ["record 0 partial ", "1: cancelled 1/0  5+0"])
        #expect(script.isAtRest && script.sendQueued().isEmpty)
    }
}
