package import Completions

/// One finished session, as a metric plugin sees it.
package struct MetricRow: Hashable, Sendable {
    /// Dense number of the item, from 0.
    package var item: Int
    package var arm: String
    /// The level's JSON object; empty: none.
    package var levelJSON: String
    /// Position in the arm's list of levels.
    package var levelIndex: Int?
    package var repeatIndex: Int
    /// `nil`: the session is an error.
    package var score: Double?
    package var confidence: Double?
    package var finish: FinishReason
    package var usage: TokenUsage
    /// US dollars; `nil`: unknown.
    package var usd: Double?
    package var criticalPathSeconds: Double

    package init(
        item: Int, arm: String, levelJSON: String = "", levelIndex: Int? = nil, repeatIndex: Int = 0, score: Double?,
        confidence: Double? = nil, finish: FinishReason = .stop, usage: TokenUsage = TokenUsage(), usd: Double? = nil,
        criticalPathSeconds: Double = 0
    ) {
        self.item = item
        self.arm = arm
        self.levelJSON = levelJSON
        self.levelIndex = levelIndex
        self.repeatIndex = repeatIndex
        self.score = score
        self.confidence = confidence
        self.finish = finish
        self.usage = usage
        self.usd = usd
        self.criticalPathSeconds = criticalPathSeconds
    }
}
