internal import Engine
internal import Journal
internal import Measurement
internal import PluginHost
internal import SuiteModel

/// The suite's grader, built in or from a plugin.
enum SuiteGrader {
    static func make(_ spec: UseSpec, _ catalog: PluginCatalog) throws -> any AnswerGrader {
        if GraderRegistry.names.contains(spec.use) {
            return BuiltInGrader(try GraderRegistry.make(spec.use, parametersJSON: spec.parametersJSON))
        }
        return LoadedGrader(try catalog.grader(spec.use, parametersJSON: spec.parametersJSON))
    }

    /// The built-in graders behind the engine's protocol.
    private final class BuiltInGrader: AnswerGrader {
        private let grader: any Grader

        init(_ grader: any Grader) { self.grader = grader }

        func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradedAnswer {
            let grade = grader.grade(answer: answer, target: item.target, unfinished: isUnfinished)
            return GradedAnswer(
                score: grade.score, strictScore: grade.strictScore, extracted: grade.extracted, stage: grade.stage)
        }

        func extract(_ text: String) -> (answer: String, stage: String)? {
            grader.extract(text).map { ($0.value, $0.stage) }
        }
    }

    private final class LoadedGrader: AnswerGrader {
        private let grader: PluginGrader

        init(_ grader: PluginGrader) { self.grader = grader }

        func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradedAnswer {
            let grade = try grader.grade(
                answer: answer, target: item.target, fieldsJSON: item.fieldsJSON, finish: isUnfinished ? .length : .stop
            )
            return GradedAnswer(
                score: grade.score, strictScore: grade.strictScore, extracted: grade.extracted,
                stage: grade.stage ?? "plugin")
        }

        func extract(_ text: String) -> (answer: String, stage: String)? { grader.extract(text) }
    }
}
