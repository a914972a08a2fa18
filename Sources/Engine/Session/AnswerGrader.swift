package import Completions
internal import Dispatch
package import Journal
package import PluginHost
internal import Synchronization

/// The suite's grader as the engine uses it.
package protocol AnswerGrader: AnyObject {
    /// Grades an answer, or says what has to be done before there is a grade. Called on the engine's thread, which
    /// waits for it. Throws an error whose description goes into the session's error.
    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep
    /// Whether it grades a text with what the model thought in it, as it was recorded.
    var gradesWholeTexts: Bool { get }
    /// The canonical answer in a text and the stage that found it.
    func extract(_ text: String) throws -> (answer: String, stage: String)?
    /// The same, for graders that find answers by the item: `fieldsJSON` holds its fields but the target.
    func extract(_ text: String, fieldsJSON: String) throws -> (answer: String, stage: String)?
    /// The canonical answer that an item's target stands for; `nil`: the grader cannot read it.
    func expected(_ item: JournalItem) -> String?
    /// Whether two canonical answers of different bytes mean the same; `first` was seen first.
    func areSame(_ first: String, _ other: String) -> Bool
}

extension AnswerGrader {
    package func extract(_ text: String, fieldsJSON: String) throws -> (answer: String, stage: String)? {
        try extract(text)
    }

    package func expected(_ item: JournalItem) -> String? { item.target }

    package func areSame(_ first: String, _ other: String) -> Bool { false }
}

/// How far a grade has come.
package enum GradingStep: Sendable {
    case graded(Grade)
    /// Work that takes time: carried out away from the engine's thread, a bounded number at once.
    case work(GradingWork)

    /// The grade, with all work done here and now.
    package func waited() throws -> Grade {
        var step = self
        while true {
            switch step {
            case .graded(let grade): return grade
            case .work(let work): step = try work()
            }
        }
    }

    /// The grades, in the steps' order, with work done on as many threads as there are cores. Throws the first error.
    package static func waited(_ steps: [GradingStep?]) throws -> [Grade?] {
        let results = Mutex([Result<Grade?, any Error>](repeating: .success(nil), count: steps.count))
        let open = steps.indices.filter { place in
            if case .graded(let grade)? = steps[place] { results.withLock { $0[place] = .success(grade) } }
            if case .work? = steps[place] { return true }
            return false
        }
        DispatchQueue.concurrentPerform(iterations: open.count) { number in
            let result = Result { try steps[open[number]]?.waited() }
            results.withLock { $0[open[number]] = result }
        }
        return try results.withLock { try $0.map { try $0.get() } }
    }
}

/// A grade's next step; called once, on any thread. What it throws goes into the session's error. It may be done in
/// vain and again when a run is resumed: what must not be done twice, it keeps itself.
package typealias GradingWork = @Sendable () throws -> GradingStep

extension AnswerGrader {
    package var gradesWholeTexts: Bool { false }
}

extension PluginGrader: AnswerGrader {
    package func extract(_ text: String) throws -> (answer: String, stage: String)? {
        try extract(text, fieldsJSON: "{}")
    }

    package func expected(_ item: JournalItem) -> String? {
        expected(target: item.target, fieldsJSON: item.fieldsJSON)
    }

    package func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        .graded(
            try grade(
                answer: answer, target: item.target, fieldsJSON: item.fieldsJSON,
                finish: isUnfinished ? .length : .stop))
    }
}
