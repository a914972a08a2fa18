/// What a session ends with.
public struct Answer: Hashable, Sendable {
    /// Whether it is an answer.
    public enum Kind: Hashable, Sendable {
        /// An answer, to be graded.
        case answered
        /// From a cut-off completion: never graded as right.
        case unfinished
        /// Abstained: scored 0, counted as "no answer".
        case none
    }

    /// Whether it is one.
    public var kind: Kind
    /// Text to grade, best a whole completion: the grader finds the answer in it.
    public var text: String
    /// In [0, 1], that the answer is right; `nil`: none claimed.
    public var confidence: Double?
    /// Why the session stopped, a short fixed word such as "threshold"; empty: nothing to say.
    public var reason: String

    /// An answer from a text.
    public init(_ text: String, kind: Kind = .answered, confidence: Double? = nil, reason: String = "") {
        self.kind = kind
        self.text = text
        self.confidence = confidence
        self.reason = reason
    }

    /// A completion as the answer: unfinished if it was cut off, and none, with the reason "empty", if it is empty.
    public init(_ choice: Choice, confidence: Double? = nil, reason: String = "") {
        if !choice.isFinished {
            self.init(choice.text, kind: .unfinished, reason: reason)
        } else if choice.text.isEmpty {
            self = .none(reason: "empty")
        } else {
            self.init(choice.text, confidence: confidence, reason: reason)
        }
    }

    /// No answer, and why, in a short fixed word such as "budget".
    public static func none(reason: String) -> Answer {
        Answer("", kind: .none, reason: reason)
    }
}
