internal import Completions
package import Journal

/// From a session's outcome to its record: at once where the grader answers at once, else step by step.
package struct SessionGrading {
    /// Not to be kept before `pending` is `nil`.
    package private(set) var record: SessionRecord
    /// What has to be done before the record is whole, never `graded`; `nil`: it is whole.
    package private(set) var pending: GradingStep?

    package init(_ key: SessionKey, _ outcome: SessionOutcome, _ item: JournalItem, _ grader: any AnswerGrader) {
        record = SessionRecord(
            key: key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .stop,
            stopReason: outcome.finish.reason, confidence: outcome.finish.confidence, error: outcome.error,
            measure: outcome.measure, draws: outcome.draws, log: outcome.log)
        if outcome.error == nil { begin(outcome, item, grader) }
    }

    /// A session that ended before it had an outcome.
    package static func record(_ key: SessionKey, failedWith error: SessionError) -> SessionRecord {
        SessionRecord(
            key: key, answer: nil, extracted: nil, stage: "none", score: nil, strictScore: nil, finish: .other,
            stopReason: "error", confidence: nil, error: error, measure: SessionMeasure(), draws: [],
            log: SessionLog())
    }

    private mutating func begin(_ outcome: SessionOutcome, _ item: JournalItem, _ grader: any AnswerGrader) {
        let finish = outcome.finish
        guard finish.kind != .noAnswer else {
            record.score = 0
            record.strictScore = 0
            record.stage = "no_answer"
            return
        }
        let isUnfinished = finish.kind == .unfinished || outcome.isCutOff || outcome.answer.isUnfinished
        record.finish = isUnfinished ? .length : .stop
        record.reasoning = outcome.answer.reasoning.map(RecordedReasoning.bounded)
        if outcome.answer.isUnfinished {
            guard grader.gradesWholeTexts else { return advance(.success(.graded(.ofUnfinishedThought))) }
        } else {
            record.answer = outcome.answer.answer
        }
        let answer = grader.gradesWholeTexts ? finish.answer : outcome.answer.answer
        advance(Result { try grader.grade(answer: answer, isUnfinished: isUnfinished, item: item) })
    }

    /// Takes what the work gave.
    package mutating func advance(_ result: Result<GradingStep, any Error>) {
        pending = nil
        switch result {
        case .success(.graded(let grade)):
            record.extracted = grade.extracted
            record.stage = grade.stage
            (record.score, record.strictScore) = grade.counted
            record.judgement = grade.judgement
        case .success(let step): pending = step
        case .failure(let failed as GradingFailure):
            record.error = SessionError(
                kind: .model(failed.failure.kind), message: "the judge '\(failed.role)': \(failed.failure.message)")
        case .failure(let miss as RecordedMiss):
            record.error = SessionError(kind: .poolMiss, message: miss.message)
        case .failure(let error):
            record.error = SessionError(kind: .grader, message: "\(error)")
        }
    }

    /// The whole record, with all work done here and now.
    /// - Parameter recorded: finds the completions that the grader wants; `nil`: there are none.
    package consuming func waited(_ recorded: GradingQuestion.Answerer? = nil) -> SessionRecord {
        while let step = pending { advance(Result { .graded(try step.waited(recorded)) }) }
        return record
    }
}
