/// A grader: turns an answer into a score. After `init` it has no state: the same input gives the same grade, from any
/// thread.
public protocol Grader: Sendable {
    /// What suites may set; `NoParameters` unless said otherwise.
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does.
    static var descriptor: Descriptor { get }
    /// Throw to refuse parameters.
    init(parameters: Parameters) throws
    /// Grades an answer. What is thrown makes the session an error.
    func grade(_ input: GradeInput) throws -> Grade
}

/// A grader that also finds the answer in a text, so that strategies can count votes by it.
public protocol ExtractingGrader: Grader {
    /// The canonical answer in a text: equal bytes mean equal answers. `nil`: none. What is thrown makes the session an
    /// error.
    func extract(_ text: String) throws -> Extraction?
    /// Whether two canonical answers of different bytes mean the same: votes, stop rules and selectors count them as
    /// one. By default they do not.
    ///
    /// It need not be transitive (a tolerance is not): within a session an answer joins the first class, in order of
    /// extraction, whose first answer it is the same as.
    ///
    /// - Parameters:
    ///   - first: The answer that was seen first.
    ///   - other: One that was seen later.
    func areSame(_ first: String, _ other: String) -> Bool
    /// `extract` for graders that find answers by the item, such as by its options' texts.
    ///
    /// - Parameters:
    ///   - text: A completion's text, without what the model thought.
    ///   - fieldsJSON: The item's fields but the target, as a JSON object.
    func extract(_ text: String, fieldsJSON: String) throws -> Extraction?
    /// The canonical answer that an item's target stands for, such as the letter of an option's index: for checks
    /// before a run. `nil`: the target cannot be read. By default the target stands for itself.
    func expected(_ input: GradeInput) throws -> String?
}

extension ExtractingGrader {
    /// Equal bytes.
    public func areSame(_ first: String, _ other: String) -> Bool { first == other }

    /// By the text alone.
    public func extract(_ text: String, fieldsJSON: String) throws -> Extraction? { try extract(text) }

    /// The target itself.
    public func expected(_ input: GradeInput) throws -> String? { input.target }
}

/// What is graded.
public struct GradeInput: Hashable, Sendable {
    /// The session's answer text, best a whole completion.
    public var answer: String
    /// How the completion ended that the answer is from.
    public var finish: Finish
    /// The item's target field.
    public var target: String
    /// All of the item's fields, as a JSON object.
    public var fieldsJSON: String
    /// The text was cut off: what stands last in it is not its answer, and it is never right.
    public var isUnfinished: Bool { finish == .length || finish == .cancelled }

    /// What is to be graded; for tests, as the host makes it for graders.
    public init(answer: String, finish: Finish = .stop, target: String, fieldsJSON: String = "{}") {
        self.answer = answer
        self.finish = finish
        self.target = target
        self.fieldsJSON = fieldsJSON
    }
}

/// How an answer is graded.
public struct Grade: Hashable, Sendable {
    /// 0 (wrong) to 1 (right), however the answer was found.
    public var score: Double
    /// The same, counting only an answer that the text marks as its answer; `nil`: as `score`.
    public var strictScore: Double?
    /// What was taken as the answer; `nil`: nothing.
    public var extracted: String?
    /// Which rule found it, a short fixed word that reports count by.
    public var stage: String
    /// For people.
    public var explanation: String

    /// A score with how it came about.
    public init(
        _ score: Double, strict: Double? = nil, extracted: String? = nil, stage: String = "", explanation: String = ""
    ) {
        self.score = score
        self.strictScore = strict
        self.extracted = extracted
        self.stage = stage
        self.explanation = explanation
    }
}
