package import EvalhPluginKit

package let graders: [Plugin] = [
    .grader(ArithmeticGrader.self), .grader(ChoiceGrader.self), .grader(ExactGrader.self), .grader(MathGrader.self),
    .grader(NumericGrader.self), .grader(RegexGrader.self), .grader(SubjectGrader.self),
]
