/// What a grader says of one answer: a score with how it came about.
package struct Grade: Hashable, Sendable {
    /// 0 (wrong) to 1 (right), however the answer was found; `nil`: the grader could not tell, and the session counts
    /// neither as right nor as wrong.
    package var score: Double?
    /// The same, counting only an answer that the text marks as its answer.
    package var strictScore: Double?
    /// What was taken as the answer; `nil`: nothing.
    package var extracted: String?
    /// Which of the grader's rules found it; "none": no answer found, "unfinished": the text was cut off.
    package var stage: String
    /// For people.
    package var explanation: String?
    /// What a model said of the answer; `nil`: none was asked.
    package var judgement: Judgement?

    package init(
        score: Double?, strictScore: Double?, extracted: String? = nil, stage: String, explanation: String? = nil,
        judgement: Judgement? = nil
    ) {
        self.score = score
        self.strictScore = strictScore
        self.extracted = extracted
        self.stage = stage
        self.explanation = explanation
        self.judgement = judgement
    }
}

extension Grade {
    /// Of a text that ends within what the model thought: no grader sees it.
    package static let ofUnfinishedThought = Grade(score: 0, strictScore: 0, stage: "unfinished_thought")
}
