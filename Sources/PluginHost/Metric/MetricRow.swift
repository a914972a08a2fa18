internal import CEvalhPlugin
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
    /// The canonical answer the grader found; empty: none.
    package var answer: String
    /// Equivalent floating-point operations; `nil`: a model's shape is unknown.
    package var eflops: Double?

    package init(
        item: Int, arm: String, levelJSON: String = "", levelIndex: Int? = nil, repeatIndex: Int = 0, score: Double?,
        confidence: Double? = nil, finish: FinishReason = .stop, usage: TokenUsage = TokenUsage(), usd: Double? = nil,
        criticalPathSeconds: Double = 0, answer: String = "", eflops: Double? = nil
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
        self.answer = answer
        self.eflops = eflops
    }
}

extension MetricRow {
    /// As plugins are given it; its texts live as long as the arena is taken.
    func wire(_ arena: StepArena) -> evalh_session_row {
        evalh_session_row(
            struct_size: UInt32(MemoryLayout<evalh_session_row>.size), is_error: score == nil ? 1 : 0,
            item: UInt64(max(0, item)),
            arm: arena.copy(arm), level: arena.copy(levelJSON), level_index: levelIndex.map(Int64.init) ?? -1,
            repeat: Int64(repeatIndex), score: score ?? .nan, confidence: confidence ?? .nan,
            finish: EventEncoder.finish(finish),
            reserved: 0, usage: EventEncoder.usage(usage), usd: usd ?? .nan, critical_path_seconds: criticalPathSeconds,
            answer: arena.copy(answer), eflops: eflops ?? .nan, told_tokens: Int64(usage.work?.tokens ?? 0),
            depth: usage.work?.depth ?? 0,
            compute: usage.work?.compute ?? 0, drafted_tokens: Int64(usage.work?.drafted ?? 0),
            accepted_tokens: Int64(usage.work?.accepted ?? 0), target_calls: Int64(usage.work?.targetCalls ?? 0))
    }
}
