/// An answer found in a text.
package struct Extraction: Hashable, Sendable {
    /// Canonical: two texts give the same value if and only if their answers are held equal.
    package var value: String
    /// Which rule found it.
    package var stage: String
    /// The text marks it as its answer.
    package var isMarked: Bool

    package init(value: String, stage: String, isMarked: Bool) {
        self.value = value
        self.stage = stage
        self.isMarked = isMarked
    }
}

/// A score with how it came about.
package struct Grade: Hashable, Sendable {
    /// 0 (wrong) to 1 (right), counting an answer found by any stage.
    package var score: Double
    /// The same, counting only an answer that the text marks as its answer.
    package var strictScore: Double
    /// What was taken as the answer.
    package var extracted: String?
    /// Which rule found it; "none": no answer found, "unfinished": the text was cut off.
    package var stage: String
    package var explanation: String

    package init(score: Double, strictScore: Double, extracted: String?, stage: String, explanation: String = "") {
        self.score = score
        self.strictScore = strictScore
        self.extracted = extracted
        self.stage = stage
        self.explanation = explanation
    }
}

/// Turns an answer's text into a score. Stateless: the same input gives the same grade.
package protocol Grader: Sendable {
    var name: String { get }
    /// A change of any score is a new version.
    var version: String { get }
    func extract(_ text: String) -> Extraction?
    /// Grades an answer. A text that was cut off (`unfinished`) is never right: what stands last in it is not its
    /// answer.
    func grade(answer: String, target: String, unfinished: Bool) -> Grade
}

/// A grader whose answers are right or not by their canonical text.
protocol ComparingGrader: Grader {
    func isRight(_ extraction: Extraction, target: String) -> Bool
}

extension ComparingGrader {
    package func grade(answer: String, target: String, unfinished: Bool) -> Grade {
        let found = extract(answer)
        if unfinished {
            return Grade(
                score: 0, strictScore: 0, extracted: nil, stage: "unfinished",
                explanation: found.map { "cut off; it would have been read as \($0.value)" } ?? "cut off")
        }
        guard let found else {
            return Grade(score: 0, strictScore: 0, extracted: nil, stage: "none", explanation: "no answer found")
        }
        let score = isRight(found, target: target) ? 1.0 : 0.0
        return Grade(score: score, strictScore: found.isMarked ? score : 0, extracted: found.value, stage: found.stage)
    }
}

/// Texts larger than this are read from their end: a bound on what hostile output can cost.
enum GradingLimits {
    static let textBytes = 1 << 20

    static func bounded(_ text: String) -> String {
        text.utf8.count <= textBytes ? text : String(decoding: text.utf8.suffix(textBytes), as: UTF8.self)
    }
}
