/// How a thinking model's server shows its thoughts.
enum ReasoningForm: String {
    case reasoningContent = "reasoning_content"
    case reasoning
    case inline
    case template

    /// The field that the thought comes in; `nil`: it stands in the text.
    var field: StaticString? {
        switch self {
        case .reasoningContent: "\"reasoning_content\":"
        case .reasoning: "\"reasoning\":"
        case .inline, .template: nil
        }
    }

    /// A whole text and how many bytes of it, at its start, come in the field.
    func text(thought: [UInt8], closing: [UInt8]) -> (full: [UInt8], apart: Int) {
        let doubt = thought + Array(" Or is the answer 7? \\boxed{7}".utf8)
        switch self {
        case .reasoningContent, .reasoning: return (doubt + closing, doubt.count)
        case .inline: return (WorkedAnswer.thinkingTag + doubt + WorkedAnswer.thinkingEnd + closing, 0)
        case .template: return (doubt + WorkedAnswer.thinkingEnd + closing, 0)
        }
    }
}
