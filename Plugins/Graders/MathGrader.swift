import EvalhMath
import EvalhPluginKit

struct MathParameters: PluginParameters {
    @Parameter("A comma begins the decimals and a point groups digits: `3,14`.") var decimalComma = false
    @Parameter("Absolute difference of two numbers that is none; 0: exact.", range: 0...) var tolerance = 0.0
    @Parameter("Difference relative to the target's number that is none.", range: 0...) var relativeTolerance = 0.0
}

/// Reads answers as mathematics and decides whether they are equal.
struct MathGrader: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "math", version: "1.0.0", title: "The answer means the same as the target, as mathematics",
        description: """
            Reads LaTeX, ASCII and Unicode: numbers of any form, expressions, points, intervals and inequalities, sets,
            lists, matrices, equations, values with units, choices and words.

            Stages, the first that finds an answer counts: `boxed` (the last `\\boxed{}`; boxes side by side are a
            list), `phrase` ("the answer is" and the like), `marker` (a last line behind `####`), `alone` (the text is
            an answer and little else), and two guesses that the strict score does not count: `last_formula` and
            `last_number` of the last paragraph that has one.

            The explanation says what decided: `exact` (fractions, roots, i and π are computed exactly), `canonical`
            (polynomials and their fractions), `numeric` (values at many points, with bounds on their errors), `text`
            (words, or both are written alike) or `not read`, which is never right. A unit may be left away, not
            exchanged; 50 % is 50 and 0.5; the base of `52_8` may be left away; `x = 5` is 5. Equality is not always
            transitive; votes put an answer into the first class whose first answer it is the same as.
            """,
        source: "evalh")

    private let answers: MathAnswers
    private let finder: MathAnswerFinder

    init(parameters: MathParameters) {
        answers = MathAnswers(
            MathOptions(
                decimalComma: parameters.decimalComma, tolerance: parameters.tolerance,
                relativeTolerance: parameters.relativeTolerance))
        finder = MathAnswerFinder(answers: answers)
    }

    func extract(_ text: String) -> Extraction? {
        finder.find(text).map { Extraction(answer: canonical($0.text), stage: $0.stage) }
    }

    func areSame(_ a: String, _ b: String) -> Bool { a == b || answers.compare(a, b).isEqual }

    func grade(_ input: GradeInput) -> Grade {
        guard let place = finder.find(input.answer) else {
            return input.isUnfinished ? .unfinished() : .noAnswer("no answer found")
        }
        let found = FoundAnswer(canonical(place.text), stage: place.stage, isMarked: place.isMarked)
        if input.isUnfinished { return .unfinished(found) }
        let targets = input.targets.map(answer(of:))
        let verdicts = targets.map { answers.compare(place.text, $0) }
        // Of several right answers the first that it is equal to, else the first, tells what decided.
        let index = verdicts.firstIndex(where: \.isEqual) ?? 0
        let (target, verdict) = (targets[index], verdicts[index])
        var explanation = verdict.method.rawValue
        if verdict.method == .notRead {
            explanation += answers.canonical(target) == nil ? ": the target" : ": the answer"
        }
        return Grade(found, isRight: verdict.isEqual, explanation: explanation)
    }

    func expected(_ input: GradeInput) -> String? {
        input.targets.lazy.compactMap { answers.canonical(answer(of: $0)) }.first
    }

    /// A target may be a whole solution.
    private func answer(of target: String) -> String { finder.marked(AnswerPlaces(target))?.text ?? target }

    private func canonical(_ text: String) -> String { answers.canonical(text) ?? answers.source(text) }
}
