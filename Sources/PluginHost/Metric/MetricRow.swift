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
    package var measure: SessionMeasure
    /// The canonical answer the grader found; empty: none.
    package var answer: String
    /// FINISH's reason.
    package var stopReason: String
    /// The item's fields, a JSON object; empty: not known.
    package var fieldsJSON: String

    package init(
        item: Int, arm: String, levelJSON: String = "", levelIndex: Int? = nil, repeatIndex: Int = 0, score: Double?,
        confidence: Double? = nil, finish: FinishReason = .stop, measure: SessionMeasure = SessionMeasure(),
        answer: String = "", stopReason: String = "", fieldsJSON: String = ""
    ) {
        self.item = item
        self.arm = arm
        self.levelJSON = levelJSON
        self.levelIndex = levelIndex
        self.repeatIndex = repeatIndex
        self.score = score
        self.confidence = confidence
        self.finish = finish
        self.measure = measure
        self.answer = answer
        self.stopReason = stopReason
        self.fieldsJSON = fieldsJSON
    }
}

extension MetricRow {
    /// As plugins are given it; its texts live as long as the arena is taken.
    func wire(_ arena: StepArena) -> evalh_session_row {
        let work = measure.usage.work ?? ModelWork(tokens: 0, depth: 0, compute: 0)
        let numbers = measure.numbers
        let named = arena.room(for: evalh_named_number.self, count: numbers.count)
        for (index, number) in numbers.sorted(by: { $0.key < $1.key }).enumerated() {
            named[index] = evalh_named_number(name: arena.copy(number.key), value: number.value)
        }
        return evalh_session_row(
            struct_size: UInt32(MemoryLayout<evalh_session_row>.size), is_error: score == nil ? 1 : 0,
            item: UInt64(max(0, item)),
            arm: arena.copy(arm), level: arena.copy(levelJSON), level_index: levelIndex.map(Int64.init) ?? -1,
            repeat: Int64(repeatIndex), score: score ?? .nan, confidence: confidence ?? .nan,
            finish: EventEncoder.finish(finish),
            reserved: 0, usage: EventEncoder.usage(measure.usage), usd: measure.usd ?? .nan,
            critical_path_seconds: measure.criticalPathSeconds, answer: arena.copy(answer),
            eflops: measure.eflops ?? .nan, told_tokens: Int64(work.tokens), depth: work.depth, compute: work.compute,
            drafted_tokens: Int64(work.drafted), accepted_tokens: Int64(work.accepted),
            target_calls: Int64(work.targetCalls), told_eflops: measure.toldEflops ?? .nan,
            service_calls: Int64(measure.serviceCalls), stop_reason: arena.copy(stopReason),
            fields_json: arena.copy(fieldsJSON), numbers: numbers.isEmpty ? nil : UnsafePointer(named),
            number_count: UInt64(numbers.count))
    }
}
