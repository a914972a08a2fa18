/// How a model shows its thinking in its text, so that a thought is not taken for the answer.
package enum ReasoningFormat: Hashable, Sendable {
    /// Any of the marks that models are known to write (`ReasoningMarks.known`).
    case auto
    /// All of the text is the answer.
    case none
    /// These marks and no others. `isOpen`: the chat template has begun the thought, so the text starts inside it.
    case marks(ReasoningMarks, isOpen: Bool)

    /// Takes the thought out of a text.
    ///
    /// A thought ends at the first closing mark behind its opening one. A closing mark without an opening one ends a
    /// thought that the template began: all before it is thought. There may be several. A mark between two equal
    /// quotes or backticks is only spoken of. What stands in `<|begin_of_solution|>` is the answer without that frame.
    /// Work and memory are linear in the text.
    ///
    /// - Parameter startsThought: whether the text is where the model began to write, so that a thought which the
    ///   template opened is open at its start. Of other texts, such as a strategy's own, only what is marked is
    ///   thought.
    package func split(_ text: String, startsThought: Bool = false) -> ReasoningSplit {
        switch self {
        case .none: ReasoningSplit(answer: text)
        case .auto: ReasoningScan.known.split(text)
        case .marks(let marks, let isOpen):
            ReasoningScan([marks], first: isOpen && startsThought ? marks : nil).split(text)
        }
    }
}

/// The texts around a thought.
package struct ReasoningMarks: Hashable, Sendable {
    /// Empty: only the template writes it.
    package var open: String
    /// Not empty.
    package var close: String

    package init(open: String, close: String) {
        self.open = open
        self.close = close
    }

    /// In the order in which they are looked for at a place; none is the beginning of another.
    package static let known = [
        // DeepSeek-R1, QwQ, Qwen3 and most others.
        ReasoningMarks(open: "<think>", close: "</think>"),
        ReasoningMarks(open: "<thinking>", close: "</thinking>"),
        ReasoningMarks(open: "<thought>", close: "</thought>"),
        ReasoningMarks(open: "<reasoning>", close: "</reasoning>"),
        // Sky-T1, OpenThinker.
        ReasoningMarks(open: "<|begin_of_thought|>", close: "<|end_of_thought|>"),
        // Magistral, Seed-OSS, Kimi, gpt-oss.
        ReasoningMarks(open: "[THINK]", close: "[/THINK]"),
        ReasoningMarks(open: "<seed:think>", close: "</seed:think>"),
        ReasoningMarks(open: "◁think▷", close: "◁/think▷"),
        ReasoningMarks(open: "<|channel|>analysis<|message|>", close: "<|channel|>final<|message|>"),
    ]
}

/// A text taken apart.
package struct ReasoningSplit: Hashable, Sendable {
    /// What is graded. Empty if the thought has no end.
    package var answer: String
    /// `nil`: there was none.
    package var reasoning: String?
    /// The text ends within a thought, so it has no answer.
    package var isUnfinished: Bool

    package init(answer: String, reasoning: String? = nil, isUnfinished: Bool = false) {
        self.answer = answer
        self.reasoning = reasoning
        self.isUnfinished = isUnfinished
    }
}

/// A thought as a session's record keeps it.
package enum RecordedReasoning {
    /// Bytes that are kept.
    package static let limit = 64 << 10

    /// At most about `limit` bytes: of a longer thought its beginning and its end.
    package static func bounded(_ text: String) -> String {
        guard text.utf8.count > limit else { return text }
        let half = limit / 2
        let left = text.utf8.count - 2 * half
        let head = String(decoding: text.utf8.prefix(half), as: UTF8.self)
        let tail = String(decoding: text.utf8.suffix(half), as: UTF8.self)
        return head + "\n[… \(left) bytes left out …]\n" + tail
    }
}
