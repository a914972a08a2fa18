internal import Foundation

/// Reads the score that a program measured itself: the member `score` of its answer, one JSON object. Targets are not
/// looked at.
package struct SubjectGrader: Grader {
    package let name = "subject"
    package let version = "1.0.0"
    private let scale: Scale

    private enum Scale {
        case linear(minimum: Double, maximum: Double)
        case threshold(Double)
    }

    /// - Parameters:
    ///   - minimum: the program's score that is worth 0; `nil`: 0.
    ///   - maximum: the program's score that is worth 1; `nil`: 1. What lies between is worth its share of the way.
    ///   - atLeast: in place of these: scores of at least this are worth 1, others 0.
    /// - Throws: `GraderError` for bounds that are not in order, or given beside `atLeast`.
    package init(minimum: Double? = nil, maximum: Double? = nil, atLeast: Double? = nil) throws(GraderError) {
        if let atLeast {
            guard minimum == nil, maximum == nil else {
                throw GraderError(
                    parameter: "at_least", message: "takes the place of minimum and maximum: keep one or the other")
            }
            scale = .threshold(atLeast)
        } else {
            let (low, high) = (minimum ?? 0, maximum ?? 1)
            guard low < high else {
                throw GraderError(
                    parameter: "minimum", message: "must be below maximum, but \(low) is not below \(high)")
            }
            scale = .linear(minimum: low, maximum: high)
        }
    }

    /// The program's score as text: equal scores vote for each other.
    package func extract(_ text: String) -> Extraction? {
        score(in: text).map { Extraction(value: $0.description, stage: "score", isMarked: true) }
    }

    package func grade(answer: String, target: String, unfinished: Bool) -> Grade {
        guard !unfinished else {
            return Grade(score: 0, strictScore: 0, extracted: nil, stage: "unfinished", explanation: "cut off")
        }
        guard let raw = score(in: answer) else {
            return Grade(
                score: 0, strictScore: 0, extracted: nil, stage: "none",
                explanation: "no JSON object with a finite number as `score`")
        }
        let score =
            switch scale {
            case .linear(let minimum, let maximum): min(1, max(0, (raw - minimum) / (maximum - minimum)))
            case .threshold(let least): raw >= least ? 1.0 : 0
            }
        return Grade(score: score, strictScore: score, extracted: raw.description, stage: "score")
    }

    private func score(in text: String) -> Double? {
        struct Answer: Decodable {
            var score: Double
        }
        guard text.utf8.count <= GradingLimits.textBytes,
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)),
            answer.score.isFinite
        else { return nil }
        return answer.score
    }
}
