import EvalhPluginKit

/// An answer found in a text.
struct FoundAnswer {
    var extraction: Extraction
    /// The text marks it as its answer: the strict score counts it.
    var isMarked: Bool

    init(_ answer: String, stage: String, isMarked: Bool = true) {
        extraction = Extraction(answer: answer, stage: stage)
        self.isMarked = isMarked
    }
}

extension Grade {
    /// For an answer that is right or not.
    init(_ found: FoundAnswer, isRight: Bool, explanation: String = "") {
        let score = isRight ? 1.0 : 0
        self.init(
            score, strict: found.isMarked ? score : 0, extracted: found.extraction.answer,
            stage: found.extraction.stage, explanation: explanation)
    }

    /// For a text that was cut off. `found` is what would have been read from it.
    static func unfinished(_ found: FoundAnswer? = nil) -> Grade {
        let reading = found.map { "; it would have been read as \($0.extraction.answer)" } ?? ""
        return Grade(0, stage: "unfinished", explanation: "cut off" + reading)
    }

    /// For a text without an answer.
    static func noAnswer(_ explanation: String) -> Grade { Grade(0, stage: "none", explanation: explanation) }
}

/// A grader whose answers are right or not by their canonical text.
protocol ComparingGrader: ExtractingGrader {
    func find(_ text: String) -> FoundAnswer?
    func isRight(_ answer: String, target: String) -> Bool
}

extension ComparingGrader {
    func extract(_ text: String) -> Extraction? { find(text)?.extraction }

    func grade(_ input: GradeInput) -> Grade {
        let found = find(input.answer)
        if input.isUnfinished { return .unfinished(found) }
        guard let found else { return .noAnswer("no answer found") }
        return Grade(found, isRight: isRight(found.extraction.answer, target: input.target))
    }
}
