/// What two rows can be compared by: one number an item. Named as in `summary.json`.
package enum ComparedMetric: String, CaseIterable, Codable, Sendable {
    case accuracy, tokens
    case totalTokens = "total_tokens"
    case usdPerSession = "usd_per_session"
    case criticalPath = "critical_path_s"

    /// Costs: a larger value is worse.
    package var isCost: Bool { self != .accuracy }
}
