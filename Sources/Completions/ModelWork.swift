/// What a model that shows its inside did for generated tokens: sums, so that sessions and arms add up.
package struct ModelWork: Codable, Hashable, Sendable {
    /// Generated tokens it tells of.
    package var tokens: Int
    /// Sum over the tokens of the share of layers their prediction was made from.
    package var depth: Double
    /// Sum over the tokens of the work as a share of a token's at full depth, heads of exits included; with a draft
    /// model, of what is done one after the other.
    package var compute: Double
    /// Tokens a draft model proposed.
    package var drafted: Int
    /// Of these, accepted.
    package var accepted: Int
    /// Passes of the whole model after the prompt.
    package var targetCalls: Int

    package init(tokens: Int, depth: Double, compute: Double, drafted: Int = 0, accepted: Int = 0, targetCalls: Int = 0)
    {
        self.tokens = tokens
        self.depth = depth
        self.compute = compute
        self.drafted = drafted
        self.accepted = accepted
        self.targetCalls = targetCalls
    }

    package static func += (sum: inout ModelWork, more: ModelWork) {
        sum.tokens += more.tokens
        sum.depth += more.depth
        sum.compute += more.compute
        sum.drafted += more.drafted
        sum.accepted += more.accepted
        sum.targetCalls += more.targetCalls
    }

    enum CodingKeys: String, CodingKey {
        case tokens, depth, compute, drafted, accepted
        case targetCalls = "target_calls"
    }
}
