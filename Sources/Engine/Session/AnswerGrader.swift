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
    /// Whether grading all items for a look at them takes too long.
    var isSlow: Bool { get }
    /// Whether two canonical answers of different bytes mean the same; `first` was seen first.
    func areSame(_ first: String, _ other: String) throws -> Bool
}

extension AnswerGrader {
    package func extract(_ text: String, fieldsJSON: String) throws -> (answer: String, stage: String)? {
        try extract(text)
    }

    package func expected(_ item: JournalItem) -> String? { item.target }

    package func areSame(_ first: String, _ other: String) throws -> Bool { false }
}

/// How far a grade has come.
package enum GradingStep: Sendable {
    case graded(Grade)
    /// Work that takes time: carried out away from the engine's thread, a bounded number at once.
    case work(GradingWork)
    /// Completions of models that are wanted before there is a grade.
    case ask(GradingQuestion)

    /// The grade, with all work done here and now.
    /// - Parameter recorded: finds the completions that are wanted; `nil`: there are none.
    package func waited(_ recorded: GradingQuestion.Answerer? = nil) throws -> Grade {
        var step = self
        while true {
            switch step {
            case .graded(let grade): return grade
            case .work(let work): step = try work()
            case .ask(let question): step = try question.take(question.answers(recorded))
            }
        }
    }

    /// The grades, in the steps' order, with work done on as many threads as there are cores. Throws the first error.
    /// - Parameter recorded: finds a completion that the step at a place wants.
    package static func waited(
        _ steps: [GradingStep?],
        recorded: @escaping @Sendable (_ place: Int, GradingQuestion.Request) throws -> Completion
    ) throws -> [Grade?] {
        let results = Mutex([Result<Grade?, any Error>](repeating: .success(nil), count: steps.count))
        let open = steps.indices.filter { place in
            switch steps[place] {
            case nil: return false
            case .graded(let grade):
                results.withLock { $0[place] = .success(grade) }
                return false
            case .work, .ask: return true
            }
        }
        DispatchQueue.concurrentPerform(iterations: open.count) { number in
            let place = open[number]
            let result = Result { try steps[place]?.waited { try recorded(place, $0) } }
            results.withLock { $0[place] = result }
        }
        return try results.withLock { try $0.map { try $0.get() } }
    }
}

/// A grade's next step; called once, on any thread. What it throws goes into the session's error. It may be done in
/// vain and again when a run is resumed: what must not be done twice, it keeps itself.
package typealias GradingWork = @Sendable () throws -> GradingStep

extension AnswerGrader {
    package var gradesWholeTexts: Bool { false }
    package var isSlow: Bool { false }
}

/// What a grader wants to know of models: all requests at once. Each is answered from the pool or by a model as any
/// other, under the session's repeat; nothing of it is charged to the session.
package struct GradingQuestion: Sendable {
    package struct Request: Sendable {
        /// The model's.
        package var role: String
        package var request: CompletionRequest
        /// Which sample of the request.
        package var sample: Int

        package init(role: String, request: CompletionRequest, sample: Int = 0) {
            self.role = role
            self.request = request
            self.sample = sample
        }
    }

    /// Finds a recorded completion, or throws `RecordedMiss`.
    package typealias Answerer = (Request) throws -> Completion

    package var requests: [Request]
    /// Takes one completion a request, in their order. Called on the engine's thread, which waits for it.
    package var take: @Sendable ([Completion]) throws -> GradingStep

    package init(_ requests: [Request], take: @escaping @Sendable ([Completion]) throws -> GradingStep) {
        self.requests = requests
        self.take = take
    }

    fileprivate func answers(_ recorded: Answerer?) throws -> [Completion] {
        guard let recorded else { throw RecordedMiss.unasked }
        return try requests.map(recorded)
    }
}

/// A model that a grader asked has failed.
package struct GradingFailure: Error {
    let role: String
    let failure: ModelFailure

    package init(role: String, failure: ModelFailure) {
        self.role = role
        self.failure = failure
    }
}

extension PluginGrader: AnswerGrader {}

extension AnswerGrader where Self: GraderPlugin {
    package func extract(_ text: String) throws -> (answer: String, stage: String)? {
        try (self as any GraderPlugin).extract(text, fieldsJSON: "{}")
    }

    package func expected(_ item: JournalItem) -> String? {
        CallSubject(item: item.id).during {
            (self as any GraderPlugin).expected(target: item.target, fieldsJSON: item.fieldsJSON)
        }
    }

    package var isSlow: Bool { pace.isSlow }

    /// At once as long as grades are quick; else as work, so that the engine's thread waits for one of them at most.
    package func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        let work: GradingWork = {
            .graded(
                try CallSubject(item: item.id).during {
                    try (self as any GraderPlugin).grade(
                        answer: answer, target: item.target, fieldsJSON: item.fieldsJSON,
                        finish: isUnfinished ? .length : .stop)
                })
        }
        return pace.isLong ? .work(work) : try work()
    }
}
