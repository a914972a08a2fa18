/// What a grader says of one answer: a score with how it came about.
package struct Grade: Hashable, Sendable {
    /// 0 (wrong) to 1 (right), however the answer was found.
    package var score: Double
    /// The same, counting only an answer that the text marks as its answer.
    package var strictScore: Double
    /// The grader could not tell: the answer counts neither as right nor as wrong, and the scores mean nothing.
    package var isUndecided: Bool
    /// What was taken as the answer; `nil`: nothing.
    package var extracted: String?
    /// Which of the grader's rules found it; "none": no answer found, "unfinished": the text was cut off.
    package var stage: String
    /// For people.
    package var explanation: String?
    /// What a model said of the answer; `nil`: none was asked.
    package var judgement: Judgement?

    package init(
        score: Double, strictScore: Double, isUndecided: Bool = false, extracted: String? = nil, stage: String,
        explanation: String? = nil, judgement: Judgement? = nil
    ) {
        self.score = score
        self.strictScore = strictScore
        self.isUndecided = isUndecided
        self.extracted = extracted
        self.stage = stage
        self.explanation = explanation
        self.judgement = judgement
    }
}

extension Grade {
    /// Of a text that ends within what the model thought: no grader sees it.
    package static let ofUnfinishedThought = Grade(score: 0, strictScore: 0, stage: "unfinished_thought")

    /// The scores as they count; `nil`: they do not.
    package var counted: (score: Double?, strict: Double?) { isUndecided ? (nil, nil) : (score, strictScore) }
}
