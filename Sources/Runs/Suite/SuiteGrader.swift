internal import Engine
internal import Judging
internal import PluginHost
internal import SuiteModel

/// The grader that a suite names: a plugin, or one of the host's own.
enum SuiteGrader {
    /// Throws what plugins throw, or a text for people.
    static func open(_ suite: Suite, _ catalog: PluginCatalog) throws -> any AnswerGrader {
        guard let judge = suite.judge else {
            return try catalog.grader(suite.grader.use, parametersJSON: suite.grader.parametersJSON)
        }
        let finder = try judge.answers.map { try catalog.grader($0, parametersJSON: "{}") }
        return try JudgeGrader(judge, models: suite.models, finder: finder)
    }
}
