/// Ceilings of a run and of each session; `nil`: none.
package struct BudgetSpec: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var wallSeconds: Double?
    package var session: SessionBudgetSpec

    package init(
        tokens: Int? = nil, usd: Double? = nil, wallSeconds: Double? = nil,
        session: SessionBudgetSpec = SessionBudgetSpec()
    ) {
        self.tokens = tokens
        self.usd = usd
        self.wallSeconds = wallSeconds
        self.session = session
    }
}

/// Ceilings of one session; `nil`: none.
package struct SessionBudgetSpec: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var wallSeconds: Double?

    package init(tokens: Int? = nil, usd: Double? = nil, wallSeconds: Double? = nil) {
        self.tokens = tokens
        self.usd = usd
        self.wallSeconds = wallSeconds
    }
}
