package import Completions
package import Journal
package import PluginHost

/// The suite's grader as the engine uses it.
package protocol AnswerGrader: AnyObject {
    /// Throws an error whose description goes into the session's error.
    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> Grade
    /// The canonical answer in a text and the stage that found it.
    func extract(_ text: String) -> (answer: String, stage: String)?
}

extension PluginGrader: AnswerGrader {
    package func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> Grade {
        try grade(
            answer: answer, target: item.target, fieldsJSON: item.fieldsJSON, finish: isUnfinished ? .length : .stop)
    }
}
