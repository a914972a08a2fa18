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
    func find(_ text: String) throws -> FoundAnswer?
    func isRight(_ answer: String, target: String) throws -> Bool
}

extension ComparingGrader {
    func extract(_ text: String) throws -> Extraction? { try find(text)?.extraction }

    func expected(_ input: GradeInput) -> String? { input.targets.first }

    func grade(_ input: GradeInput) throws -> Grade {
        let found = try find(input.answer)
        if input.isUnfinished { return .unfinished(found) }
        guard let found else { return .noAnswer("no answer found") }
        let isRight = try input.targets.contains { try self.isRight(found.extraction.answer, target: $0) }
        return Grade(found, isRight: isRight)
    }
}
