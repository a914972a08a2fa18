import CEvalhPlugin

/// What is left to spend; `nil`: no limit.
public struct Budget: Hashable, Sendable {
    /// Prompt and completion tokens the session may still reserve.
    public var tokens: Int?
    /// US dollars.
    public var usd: Double?
    /// Of logical time.
    public var seconds: Double?

    /// A budget; what is left out has no limit.
    public init(tokens: Int? = nil, usd: Double? = nil, seconds: Double? = nil) {
        self.tokens = tokens
        self.usd = usd
        self.seconds = seconds
    }

    init(_ budget: evalh_budget) {
        self.init(
            tokens: budget.tokens < 0 ? nil : Int(budget.tokens), usd: budget.usd.present,
            seconds: budget.seconds.present)
    }
}
