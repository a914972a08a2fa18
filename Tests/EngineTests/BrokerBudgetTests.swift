import Completions
import Testing

@testable import Engine

/// The broker under a run's budget: a sample costs at most 100 tokens, and here 15.
struct BrokerBudgetTests {
    private let script = BrokerScript(limits: BudgetLimits(tokens: 250))

    @Test func `what does not fit waits until others give back what they reserved`() {
        #expect(script.request(1, by: 1, 0..<2) == ["send 1 n=2"])
        #expect(script.request(1, by: 2, 2..<4).isEmpty)
        // First come, first served: one that would fit does not overtake.
        #expect(script.complete(1, 0, "a").count == 2)
        #expect(script.request(1, by: 3, 4..<5).isEmpty)
        #expect(script.sendQueued().isEmpty)
        #expect(script.complete(1, 1, "b").count == 2)
        #expect(script.sendQueued() == ["send 2 n=2"])
        _ = script.complete(2, 0, "c")
        #expect(script.sendQueued() == ["send 3 n=1"])
        _ = script.complete(2, 1, "d")
        _ = script.complete(3, 0, "e")
        #expect(script.isAtRest && script.broker.ledger.spent.tokens == 75)
    }

    @Test func `a queued sample is joined, asked for once and given to all`() {
        _ = script.request(1, by: 1, 0..<2)
        #expect(script.request(1, by: 2, 2..<4).isEmpty && script.request(1, by: 3, 2..<4).isEmpty)
        _ = script.complete(1, 0, "a")
        _ = script.complete(1, 1, "b")
        #expect(script.sendQueued() == ["send 2 n=2"])
        #expect(script.complete(2, 0, "c") == ["record 2 c", "2: done 1/0 c", "3: play 1/0 c"])
        #expect(script.complete(2, 1, "d") == ["record 3 d", "2: done 1/1 d", "3: play 1/1 d"])
        #expect(script.isAtRest)
    }

    @Test func `who leaves the queue is charged a prompt, and what nobody wants is not asked for`() {
        _ = script.request(1, by: 1, 0..<2)
        _ = script.request(1, by: 2, 2..<4)
        _ = script.request(1, by: 3, 3..<4)
        #expect(script.cancel(1, by: 2) == ["record 2 partial ", "2: cancelled 1/0  5+0"])
        _ = script.complete(1, 0, "a")
        #expect(script.sendQueued() == ["send 2 n=1"])
        _ = script.complete(1, 1, "b")
        #expect(script.complete(2, 0, "d") == ["record 3 d", "2: done 1/1 d", "3: done 1/0 d"])
        #expect(script.isAtRest)
    }

    @Test func `a queued call that everybody leaves is gone`() {
        _ = script.request(1, by: 1, 0..<2)
        _ = script.request(1, by: 2, 2..<4)
        _ = script.cancel(1, by: 2)
        #expect(!script.broker.hasQueue && !script.broker.isWaiting(2))
        // The sample can be asked for again.
        _ = script.complete(1, 0, "a")
        _ = script.complete(1, 1, "b")
        #expect(script.request(5, by: 3, 2..<3) == ["send 3 n=1"])
    }

    @Test func `with nothing under way a request that does not fit stops the run`() {
        #expect(
            script.request(1, by: 1, 0..<3).isEmpty
                && script.sendQueued() == [
                    "stop tokens: the next request may need 300, 250 are left"
                ])
        let poor = BrokerScript(limits: BudgetLimits(usd: 0.0015))
        _ = poor.request(1, by: 1, 0..<2)
        #expect(
            poor.sendQueued() == [
                "stop money: the next request may cost more than the 0.0015 USD that are left"
            ])
    }

    @Test func `a run that stops forgets the queue, cancels calls and still records what they bring`() {
        _ = script.request(1, by: 1, 0..<1)
        _ = script.request(1, by: 2, 1..<2)
        _ = script.cancel(1, by: 2)
        _ = script.request(1, by: 3, 2..<5)
        #expect(script.broker.hasQueue)
        #expect(script.stop() == ["cancel 1"])
        #expect(!script.broker.hasQueue && !script.broker.isWaiting(1) && script.broker.openCalls == 2)
        #expect(script.complete(1, 0, "a") == ["record 0 a"])
        #expect(script.endEarly(2, [0: .partial("b")]) == ["record 1 partial b"])
        #expect(script.isAtRest)
    }
}
