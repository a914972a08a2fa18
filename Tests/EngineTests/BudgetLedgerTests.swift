import Completions
import PluginHost
import Testing

@testable import Engine

struct BudgetLedgerTests {
    private typealias Amount = BudgetLedger.Amount

    /// `#expect` cannot hold a call that changes a value.
    private func expect(_ fits: Bool, _ expected: Bool, at place: SourceLocation = #_sourceLocation) {
        #expect(fits == expected, sourceLocation: place)
    }

    @Test func `a reservation that does not fit changes nothing`() {
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 100, usd: 1))
        expect(ledger.reserve(Amount(tokens: 60, usd: 0.2)), true)
        expect(ledger.reserve(Amount(tokens: 41, usd: 0.1)), false)
        expect(ledger.reserve(Amount(tokens: 1, usd: 0.9)), false)
        #expect(ledger.reserved == Amount(tokens: 60, usd: 0.2))
        expect(ledger.reserve(Amount(tokens: 40, usd: 0.1)), true)
    }

    @Test func `what was reserved is exchanged for what was spent`() {
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 100))
        expect(ledger.reserve(Amount(tokens: 100)), true)
        ledger.settle(reserved: Amount(tokens: 100), spent: Amount(tokens: 30))
        #expect(ledger.spent == Amount(tokens: 30) && ledger.reserved == Amount())
        #expect(ledger.remaining(elapsedSeconds: 0) == RemainingBudget(tokens: 70))
        expect(ledger.reserve(Amount(tokens: 71)), false)
        expect(ledger.reserve(Amount(tokens: 70)), true)
    }

    @Test func `without a limit everything fits and nothing is known to remain`() {
        var ledger = BudgetLedger(limits: BudgetLimits())
        expect(ledger.reserve(Amount(tokens: 1 << 50, usd: 1e12)), true)
        #expect(ledger.remaining(elapsedSeconds: 1e9) == RemainingBudget())
        #expect(!ledger.isLow(elapsedSeconds: 1e9))
    }

    @Test func `what an earlier part of the run paid counts`() {
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 100), spent: Amount(tokens: 90))
        expect(ledger.reserve(Amount(tokens: 11)), false)
        #expect(ledger.isLow(elapsedSeconds: 0))
    }

    @Test func `what remains is never negative`() {
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 10, usd: 1, seconds: 5))
        ledger.settle(reserved: Amount(tokens: 3), spent: Amount(tokens: 12, usd: 2))
        #expect(ledger.remaining(elapsedSeconds: 6) == RemainingBudget(tokens: 0, usd: 0, seconds: 0))
        #expect(ledger.reserved == Amount())
    }

    @Test(arguments: [(80, 0.5, 5.0, false), (81, 0.5, 5, true), (10, 0.9, 5, true), (10, 0.5, 9, true)])
    func `a budget is low when less than a fifth of a limit is left`(
        tokens: Int, usd: Double, seconds: Double, isLow: Bool
    ) {
        let limits = BudgetLimits(tokens: 100, usd: 1, seconds: 10)
        let ledger = BudgetLedger(limits: limits, spent: Amount(tokens: tokens, usd: usd))
        #expect(ledger.isLow(elapsedSeconds: seconds) == isLow)
    }

    @Test func `the worst case takes a byte of prompt for a token and adds a template's`() {
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: "é?")], prefix: "ab", sampling: .init(maxTokens: 50))
        // 3 bytes and 16 of the message, 2 of the prefix and 16; twice, with 50 generated tokens each.
        let price = TokenPrice(prompt: 1, completion: 2)
        let worst = Amount.worstCase(of: request, samples: 2, knownPromptTokens: nil, price: price)
        #expect(worst.tokens == 2 * 37 + 100)
        #expect(abs(worst.usd - (74 + 200) / 1e6) < 1e-15)
        #expect(Amount.worstCase(of: request, samples: 1, knownPromptTokens: 9, price: nil) == Amount(tokens: 59))
    }

    @Test func `a worst case that no number can hold is still refused by a limit`() {
        let request = CompletionRequest(messages: [], sampling: .init(maxTokens: Int.max / 2))
        let worst = Amount.worstCase(of: request, samples: 1024, knownPromptTokens: nil, price: nil)
        var ledger = BudgetLedger(limits: BudgetLimits(tokens: 1 << 40))
        expect(ledger.reserve(worst), false)
    }
}
