internal import Completions
internal import JSON
internal import Journal
internal import SuiteModel

/// Makes what a judge is asked about an answer.
struct JudgePrompt: Sendable {
    private let judge: JudgeSpec
    private let template: PromptTemplate

    init(_ judge: JudgeSpec) throws(PromptFailure) {
        self.judge = judge
        let text =
            switch judge.template {
            case .correctness: JudgeTemplates.correctness
            case .pairwise: JudgeTemplates.pairwise
            case .own(let text): text
            }
        template = try PromptTemplate(TemplateText(text))
    }

    /// - Parameters:
    ///   - other: the answer to compare with; `nil`: there is none.
    ///   - isSwapped: whether the other answer comes first.
    func request(_ item: JournalItem, _ answer: String, other: String?, isSwapped: Bool) -> CompletionRequest {
        let texts = JudgedText([item.input, item.target, answer, other ?? ""], limit: judge.limit)
        let shown: [(name: String, value: JSONValue)]
        if let other {
            let (first, second) = isSwapped ? (other, answer) : (answer, other)
            shown = [
                ("first", .string(texts.marked("ANSWER A", first))),
                ("second", .string(texts.marked("ANSWER B", second))),
            ]
        } else {
            shown = [("answer", .string(texts.marked("ANSWER", answer)))]
        }
        let own =
            shown + [
                ("input", .string(texts.marked("QUESTION", item.input))),
                ("target", .string(texts.marked("REFERENCE", item.target))),
            ]
        let names = Set(own.map(\.name))
        let fields = (JSONValue(parsingOrNull: item.fieldsJSON).members ?? []).filter { !names.contains($0.key) }
        let text = template.render(own + fields.map { ($0.key, texts.plain($0.value)) })
        return CompletionRequest(
            messages: [
                ChatMessage(role: .system, content: JudgeTemplates.system),
                ChatMessage(role: .user, content: text + "\n\n" + JudgeTemplates.instruction(judge)),
            ], sampling: sampling)
    }

    private var sampling: SamplingParameters {
        SamplingParameters(
            temperature: judge.temperature, maxTokens: judge.maxTokens,
            topLogprobs: judge.form == .probability ? judge.topLogprobs : nil,
            jsonSchema: judge.form == .json ? JudgeTemplates.schema(isPairwise: judge.isPairwise) : nil)
    }
}
