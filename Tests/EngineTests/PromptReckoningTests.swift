import Completions
import EvalhStatistics
import Testing

@testable import Engine

/// The broker under a ceiling, before a model that counts otherwise than bytes suggest.
struct PromptReckoningTests {
    private static func question(_ bytes: Int) -> CompletionRequest {
        BrokerScript.question(String(repeating: "a", count: bytes))
    }

    @Test func `a prompt is reserved what its size was counted as, and never less than its bytes`() {
        var reckoning = PromptReckoning()
        #expect(!reckoning.isKnown && reckoning.bound(Self.question(17)) == 17 + 32)
        reckoning.learn(Self.question(17), counted: 1000)
        #expect(reckoning.isKnown && reckoning.bound(Self.question(17)) == 1000)
        #expect(reckoning.bound(Self.question(34)) == 2000)
        reckoning.learn(Self.question(4000), counted: 1600)
        #expect(reckoning.bound(Self.question(4000)) == 4032 && reckoning.worst(Self.question(4000)) == 1600)
        #expect(reckoning.bound(Self.question(1000)) == 1600)
        #expect(reckoning.bound(Self.question(17)) == 1000)
    }

    @Test(arguments: [(0.0, 0.3), (1000, 0.3), (20, 1), (1000, 60), (0, 58.8)])
    func `of a constant and a multiple of bytes no prompt is reserved too little`(constant: Double, ratio: Double) {
        var random = SplitMix64(seed: UInt64(constant) + UInt64(ratio * 10))
        var reckoning = PromptReckoning()
        for _ in 0..<500 {
            let bytes = 1 + random.index(below: 1 << random.index(below: 14))
            let counted = Int((constant + ratio * Double(bytes)).rounded(.up))
            if reckoning.isKnown { #expect(reckoning.bound(Self.question(bytes)) >= counted) }
            reckoning.learn(Self.question(bytes), counted: counted)
        }
    }

    @Test func `under a ceiling the first request of a model goes alone`() {
        let script = BrokerScript(limits: BudgetLimits(tokens: 5000), isKnown: false)
        #expect(script.request(1, by: 1, 0..<3) == ["send 1 n=1"])
        #expect(script.request(1, by: 2, 3..<4).isEmpty && script.sendQueued().isEmpty)
        #expect(script.complete(1, 0, "a", prompt: 1000) == ["record 0 a", "1: done 1/0 a"])
        // A sample may cost 1,050 from now on, and 1,005 are spent.
        #expect(script.sendQueued() == ["send 2 n=2", "send 3 n=1"])
        #expect(script.broker.ledger.reserved.tokens == 3 * 1050)
        #expect(script.request(2, by: 2, 4..<5, of: "R?").isEmpty)
        _ = script.complete(2, 0, "b", prompt: 1000)
        _ = script.complete(2, 1, "c", prompt: 1000)
        _ = script.complete(3, 0, "d", prompt: 1000)
        #expect(script.sendQueued() == ["stop tokens: the next request may need 1050, 980 are left"])
        #expect(script.broker.ledger.spent.tokens == 4020 && script.broker.ledger.passed == nil)
    }

    @Test func `without a ceiling nobody waits`() {
        #expect(BrokerScript(isKnown: false).request(1, by: 1, 0..<3) == ["send 1 n=3"])
    }

    @Test func `a first request that leaves nothing known leaves the next one alone too`() {
        let script = BrokerScript(limits: BudgetLimits(tokens: 5000), isKnown: false)
        _ = script.request(1, by: 1, 0..<2)
        _ = script.fail(1)
        #expect(script.sendQueued() == ["send 2 n=1"])
        #expect(script.request(1, by: 2, 5..<6).isEmpty)
        _ = script.complete(2, 0, "b")
        #expect(script.sendQueued() == ["send 3 n=1"])
    }

    @Test func `what was cut off is booked by what the server counts of others`() {
        let script = BrokerScript(limits: BudgetLimits(tokens: 9000), isKnown: false)
        _ = script.request(1, by: 1, 0..<1)
        _ = script.complete(1, 0, "a", prompt: 1000)
        _ = script.request(2, by: 1, 1..<2)
        _ = script.cancel(2, by: 1)
        var cut = Completion.partial("b", tokens: 3)
        cut.isUsageEstimated = true
        #expect(script.endEarly(2, [0: cut]) == ["record 1 partial b", "1: cancelled 2/0 b 1000+3"])
        #expect(script.broker.ledger.spent.tokens == 1005 + 1003)
        _ = script.request(3, by: 1, 2..<3)
        _ = script.fail(3, spent: TokenUsage(promptTokens: 5, completionTokens: 2))
        #expect(script.broker.ledger.spent.tokens == 1005 + 1003 + 1002)
    }

    @Test func `a ceiling that was passed all the same is told`() {
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 100), spent: .init(tokens: 200))
        #expect(ledger.passed == nil)
        ledger.settle(reserved: .init(), spent: .init(tokens: 1))
        #expect(ledger.passed == "tokens: 201 were counted, the ceiling is 100")
        var money = BudgetLedger(limits: BudgetLimits(usd: 1))
        money.settle(reserved: .init(), spent: .init(usd: 1.5))
        #expect(money.passed == "money: 1.5 USD were spent, the ceiling is 1.0")
    }
}
