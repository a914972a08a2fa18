import EvalhPluginKit
import Foundation

struct SubjectParameters: PluginParameters {
    // Optional, because a suite that gives `at_least` must leave both out.
    @Parameter("The program's score that is worth 0; 0 if left out.") var minimum: Double? = nil
    @Parameter(
        "The program's score that is worth 1; 1 if left out. What lies between is linear, what lies outside is cut off."
    ) var maximum: Double? = nil
    @Parameter("In place of these: 1 for scores of at least this, 0 below.") var atLeast: Double? = nil

    func validate() throws {
        if atLeast != nil {
            guard minimum == nil, maximum == nil else {
                throw ParameterError("at_least: takes the place of minimum and maximum: keep one or the other")
            }
        } else {
            let (low, high) = (minimum ?? 0, maximum ?? 1)
            guard low < high else {
                throw ParameterError("minimum: must be below maximum, but \(low) is not below \(high)")
            }
        }
    }
}

/// Reads the score that a program measured itself: the member `score` of its answer, one JSON object.
struct SubjectGrader: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "subject", version: "1.0.0", title: "The score that a program gave itself",
        description: """
            For models of the provider `command`. The answer is one JSON object whose member `score` is a finite number;
            `minimum` and `maximum` map it to 0 and 1, or `at_least` is the score to reach. Votes are counted by the
            number: equal scores are equal answers. Items need no target.
            """,
        source: "the contract of docs/subjects.md", needs: .noTarget)

    private let parameters: SubjectParameters

    init(parameters: SubjectParameters) { self.parameters = parameters }

    func extract(_ text: String) -> Extraction? {
        score(in: text).map { Extraction(answer: $0.description, stage: "score") }
    }

    func grade(_ input: GradeInput) -> Grade {
        guard !input.isUnfinished else { return .unfinished() }
        guard let raw = score(in: input.answer) else {
            return .noAnswer("no JSON object with a finite number as `score`")
        }
        let worth: Double
        if let least = parameters.atLeast {
            worth = raw >= least ? 1 : 0
        } else {
            let (minimum, maximum) = (parameters.minimum ?? 0, parameters.maximum ?? 1)
            worth = min(1, max(0, (raw - minimum) / (maximum - minimum)))
        }
        return Grade(worth, extracted: raw.description, stage: "score")
    }

    private func score(in text: String) -> Double? {
        struct Answer: Decodable {
            var score: Double
        }
        guard text.utf8.count <= TextLimit.bytes,
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)),
            answer.score.isFinite
        else { return nil }
        return answer.score
    }
}
