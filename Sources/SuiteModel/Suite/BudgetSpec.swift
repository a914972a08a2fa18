/// Ceilings of a run and of each session; `nil`: none.
package struct BudgetSpec: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var wallSeconds: Double?
    package var session: SessionBudgetSpec
}

/// Ceilings of one session; `nil`: none.
package struct SessionBudgetSpec: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var wallSeconds: Double?
}
