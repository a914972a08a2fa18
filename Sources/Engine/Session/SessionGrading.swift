internal import Completions
package import Journal

/// From a session's outcome to its record.
package enum SessionGrading {
    package static func record(
        _ key: SessionKey, _ outcome: SessionOutcome, _ item: JournalItem, _ grader: any AnswerGrader
    ) -> SessionRecord {
        var record = SessionRecord(
            key: key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .stop,
            stopReason: outcome.finish.reason, confidence: outcome.finish.confidence, error: outcome.error,
            measure: outcome.measure, draws: outcome.draws, log: outcome.log)
        if outcome.error == nil { grade(outcome, item, grader, &record) }
        return record
    }

    /// A session that ended before it had an outcome.
    package static func record(_ key: SessionKey, failedWith error: SessionError) -> SessionRecord {
        SessionRecord(
            key: key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .other,
            stopReason: "error", confidence: nil, error: error, measure: SessionMeasure(), draws: [],
            log: SessionLog())
    }

    private static func grade(
        _ outcome: SessionOutcome, _ item: JournalItem, _ grader: any AnswerGrader, _ record: inout SessionRecord
    ) {
        let finish = outcome.finish
        guard finish.kind != .noAnswer else {
            record.score = 0
            record.strictScore = 0
            record.stage = "no_answer"
            return
        }
        let isUnfinished = finish.kind == .unfinished || outcome.isCutOff
        record.finish = isUnfinished ? .length : .stop
        record.answer = finish.answer
        do {
            let graded = try grader.grade(answer: finish.answer, isUnfinished: isUnfinished, item: item)
            record.extracted = graded.extracted
            record.stage = graded.stage
            record.score = graded.score
            record.strictScore = graded.strictScore
        } catch let miss as RecordedMiss {
            record.error = SessionError(kind: .poolMiss, message: miss.message)
        } catch {
            record.error = SessionError(kind: .grader, message: "\(error)")
        }
    }
}
