package import Engine
package import PluginHost

/// A grader that lives in evalh itself, because plugins do no I/O: it may run programs or wait.
package protocol HostGrader: AnswerGrader, Sendable {
    /// Fields of items that strategies must not see, besides the target.
    var hiddenFields: [String] { get }
    /// Looks whether answers can be graded on this machine, before anything is asked of a model.
    /// - Throws: why not, for people.
    func check() throws
    /// Keeps what it found in a run's folder, and knows what was kept there before.
    func keep(in folder: String)
}

/// The graders that are part of evalh.
package enum HostGraders {
    /// What they say of themselves, as plugins do.
    /// - Parameters:
    ///   - file: evalh's own.
    ///   - version: evalh's own.
    package static func infos(file: String, version: String) -> [PluginInfo] {
        [
            PluginInfo(
                hostGrader: CodeGrader.id, version: CodeGrader.version, title: CodeGrader.title,
                description: CodeGrader.description,
                source: "evalh; Chen et al. 2021 (HumanEval), Austin et al. 2021 (MBPP)",
                parametersSchema: CodeSettings.schema, needs: .noTarget, file: file, hostVersion: version)
        ]
    }

    /// Whether programs of models can be run on this machine: why not, or `nil`.
    package static func sandboxRefusal(environment: [String: String]) -> String? {
        do {
            try CodeGrader(CodeSettings(), environment: environment).check()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// The grader of that name with its parameters; `nil`: it is not one of evalh's own.
    /// - Throws: what is wrong with the parameters, for people.
    package static func make(_ id: String, parametersJSON: String, environment: [String: String]) throws
        -> (any HostGrader)?
    {
        guard id == CodeGrader.id else { return nil }
        return CodeGrader(try CodeSettings(parametersJSON: parametersJSON), environment: environment)
    }
}

/// Parameters or an item that a grader can do nothing with; for people.
package struct GraderMistake: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
