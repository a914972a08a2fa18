internal import Completions
package import PluginHost

/// Spent and reserved amounts under limits. A request's worst case is reserved before it is sent and exchanged for what
/// it really cost when it ends, so that a limit is never exceeded.
package struct BudgetLedger: Sendable {
    /// A worst case in tokens and money.
    package struct Amount: Hashable, Sendable {
        package var tokens: Int
        package var usd: Double

        package init(tokens: Int = 0, usd: Double = 0) {
            self.tokens = tokens
            self.usd = usd
        }
    }

    package let limits: BudgetLimits
    package private(set) var spent = Amount()
    package private(set) var reserved = Amount()
    private let atFirst: Amount

    package init(limits: BudgetLimits, spent: Amount = Amount()) {
        self.limits = limits
        self.spent = spent
        atFirst = spent
    }

    /// Which limit was passed all the same, because more was counted than was reserved; `nil`: none, or none since the
    /// ledger was opened.
    package var passed: String? {
        if let limit = limits.tokens, spent.tokens > limit, spent.tokens > atFirst.tokens {
            return "tokens: \(spent.tokens) were counted, the ceiling is \(limit)"
        }
        if let limit = limits.usd, spent.usd > limit * (1 + 1e-9), spent.usd > atFirst.usd {
            return "money: \(spent.usd) USD were spent, the ceiling is \(limit)"
        }
        return nil
    }

    /// There is a ceiling for what requests cost.
    package var isLimited: Bool { limits.tokens != nil || limits.usd != nil }

    /// Reserves `amount`; false, and nothing changes, if it does not fit.
    package mutating func reserve(_ amount: Amount) -> Bool {
        if let limit = limits.tokens, spent.tokens + reserved.tokens + amount.tokens > limit { return false }
        if let limit = limits.usd, spent.usd + reserved.usd + amount.usd > limit { return false }
        reserved.tokens += amount.tokens
        reserved.usd += amount.usd
        return true
    }

    /// Gives a reservation back and books what was spent instead.
    package mutating func settle(reserved amount: Amount, spent cost: Amount) {
        reserved.tokens = max(0, reserved.tokens - amount.tokens)
        reserved.usd = max(0, reserved.usd - amount.usd)
        spent.tokens += cost.tokens
        spent.usd += cost.usd
    }

    /// What can still be reserved; `elapsedSeconds` counts against the time limit.
    package func remaining(elapsedSeconds: Double) -> RemainingBudget {
        RemainingBudget(
            tokens: limits.tokens.map { max(0, $0 - spent.tokens - reserved.tokens) },
            usd: limits.usd.map { max(0, $0 - spent.usd - reserved.usd) },
            seconds: limits.seconds.map { max(0, $0 - elapsedSeconds) })
    }

    /// Less than a fifth of a limit is left.
    package func isLow(elapsedSeconds: Double) -> Bool {
        if let limit = limits.tokens, (limit - spent.tokens) * 5 < limit { return true }
        if let limit = limits.usd, (limit - spent.usd) * 5 < limit { return true }
        if let limit = limits.seconds, (limit - elapsedSeconds) * 5 < limit { return true }
        return false
    }
}

extension BudgetLedger.Amount {
    /// The most a request can cost, by what is known of its prompt.
    static func worstCase(of request: CompletionRequest, samples: Int, knownPromptTokens: Int?, price: TokenPrice?)
        -> BudgetLedger.Amount
    {
        let promptBound = knownPromptTokens ?? request.unlearnedPromptBound
        let (completion, overflow) = samples.multipliedReportingOverflow(by: request.sampling.maxTokens)
        let usage = TokenUsage(
            promptTokens: promptBound * samples, completionTokens: overflow ? Int.max / 4 : completion)
        return BudgetLedger.Amount(tokens: usage.totalTokens, usd: price?.cost(of: usage) ?? 0)
    }

    static func cost(of usage: TokenUsage, price: TokenPrice?) -> BudgetLedger.Amount {
        BudgetLedger.Amount(tokens: usage.totalTokens, usd: price?.cost(of: usage) ?? 0)
    }
}
