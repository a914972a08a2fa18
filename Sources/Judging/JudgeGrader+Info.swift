package import PluginHost
internal import SuiteModel

extension JudgeGrader {
    /// What it says of itself, as plugins do.
    /// - Parameters:
    ///   - file: evalh's own.
    ///   - version: evalh's own.
    package static func info(file: String, version: String) -> PluginInfo {
        PluginInfo(
            hostGrader: JudgeSpec.id, version: JudgeSpec.version, title: JudgeSpec.title,
            description: """
                A model of the suite is asked whether an answer is right, or which of two is better; its verdict is the
                last line, a JSON object or a word's probability. What it could not tell is no verdict, an own rate. Its
                cost stands apart from the arms'.
                """,
            source: "evalh", parametersSchema: JudgeSpec.parametersSchema, outputs: JudgeSpec.outputs, file: file,
            hostVersion: version)
    }
}
