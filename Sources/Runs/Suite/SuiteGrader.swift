internal import Engine
internal import HostGraders
internal import Judging
internal import PluginHost
internal import SuiteModel

/// The grader that a suite names: a plugin, or one of the host's own.
enum SuiteGrader {
    /// Throws what plugins throw, or a text for people.
    static func open(
        _ suite: Suite, _ plugins: SuitePlugins, environment: [String: String]
    ) throws -> any AnswerGrader {
        guard let judge = suite.judge else {
            let (id, parameters) = (suite.grader.use, suite.grader.parametersJSON)
            if let own = try HostGraders.make(id, parametersJSON: parameters, environment: environment) { return own }
            return try plugins.grader(id, parametersJSON: parameters, suite.grader.isolation)
        }
        let finder = try judge.answers.map { try plugins.grader($0, parametersJSON: "{}", nil) }
        return try JudgeGrader(judge, models: suite.models, finder: finder)
    }
}
