import EvalhPluginKit

struct SubjectParameters: PluginParameters {
    @Parameter(
        """
        What the program may spend, in whatever it understands by a budget: steps, iterations, an accuracy. Sweep it \
        with `levels`.
        """
    )
    var budget = 1.0
}

/// One run of a program on an item, with a budget.
struct SubjectStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "subject", version: "1.0.0", title: "One run of a program with a budget",
        description: """
            For models of the provider `command`, which are programs. Asks for one completion, whose only message is
            `{"budget": B, "instance": "…"}`; the instance is the suite's prompt for the item. The provider runs the
            program with `--budget B --seed S --instance …`; the program's line of JSON is the answer, which the grader
            `subject` reads.

            The prompt must be one user message: a system message or examples make the session an error. A run that
            fails is an error of the session, never an answer. Levels with different budgets are different questions and
            share no run.

            Cost: one completion, whose tokens are what the program says it spent.
            """,
        source: "the contract of docs/subjects.md")

    private let parameters: SubjectParameters

    init(parameters: SubjectParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        guard item.messages.count == 1, item.messages[0].role == .user else { throw PromptMismatch() }
        let question = JSONValue.object([
            .init("budget", parameters.budget.parameterJSON ?? .null),
            .init("instance", .string(item.messages[0].content)),
        ])
        return Answer(try await session.complete(messages: [Message(.user, question.description)]), reason: "complete")
    }

    static func estimate(_ parameters: SubjectParameters) -> Estimate? { Estimate(completions: 1...1, promptPasses: 1) }
}

/// A prompt that no instance can be taken from.
struct PromptMismatch: Error, CustomStringConvertible {
    let description =
        "a subject takes one user message as its instance: remove `system` and `few_shot` from the suite's prompt"
}
