/// What a judge says of an answer.
package enum JudgeVerdict: String, Codable, CaseIterable, Hashable, Sendable {
    /// Right; of two answers: the better one.
    case right
    /// Wrong; of two answers: the worse one.
    case wrong
    /// Of two answers: as good as the other.
    case tie

    /// 1, 0 or one half.
    package var score: Double {
        switch self {
        case .right: 1
        case .wrong: 0
        case .tie: 0.5
        }
    }
}

/// Why a judge gave no verdict.
package enum NoVerdict: String, Codable, Hashable, Sendable {
    /// It ended otherwise than it was told to.
    case unread
    /// It was cut off before its verdict.
    case cutOff = "cut_off"
    /// The provider withheld its text.
    case withheld
    /// Neither of the words that are verdicts was likely.
    case unlikely
    /// Both words were about as likely.
    case uncertain
    /// Its repeats do not agree.
    case split
    /// The two orders of the answers do not agree.
    case orders
}

/// How one answer was judged by models, and what that cost.
package struct Judgement: Codable, Hashable, Sendable {
    /// `nil`: the judge could not tell, see `noVerdict`.
    package var verdict: JudgeVerdict?
    package var noVerdict: NoVerdict?
    /// The probability of `right` against `wrong`, where the judge was asked for it.
    package var probability: Double?
    /// What a second judge said of the same; `nil`: there is none, or it could not tell.
    package var second: JudgeVerdict?
    /// What people said of this very answer; `nil`: they did not.
    package var label: JudgeVerdict?
    /// What all judges used: no part of the session's own cost.
    package var usage: TokenUsage
    /// US dollars; `nil`: a judge without a price.
    package var usd: Double?

    package init(
        verdict: JudgeVerdict? = nil, noVerdict: NoVerdict? = nil, probability: Double? = nil,
        second: JudgeVerdict? = nil,
        label: JudgeVerdict? = nil, usage: TokenUsage = TokenUsage(), usd: Double? = nil
    ) {
        self.verdict = verdict
        self.noVerdict = noVerdict
        self.probability = probability
        self.second = second
        self.label = label
        self.usage = usage
        self.usd = usd
    }

    enum CodingKeys: String, CodingKey {
        case verdict, probability, second, label, usage, usd
        case noVerdict = "no_verdict"
    }
}
