import EvalhPluginKit

/// Answers at once, after reasoning, or with a calculator, as a classifier says.
struct A2fmRouterStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "a2fm-router", version: "1.0.0", title: "Mode router: instant, reasoning or with a tool",
        description: """
            A classifier, the arm's own model unless `classifier_role` says otherwise, names the mode in which the item
            is answered: `instant`, `reasoning` or `agentic`. Each mode has its own instruction, model and limit of
            tokens. `mode` forces one of them, to compare the classifier's choices with.

            The reply is read tolerantly: the one mode named in its last tag `<mode>` (or `<classification>`), else in
            all of it; `tool`, `toolcalling` and `calculator` are `agentic`. Names no or several modes, or no reply for
            want of budget: `instant`, the paper's default, with a note.

            In mode `agentic` the model may end a message with a line `calc: <expression>`. The first such line counts,
            and what follows it is dropped; the result, or what is wrong with the expression, comes back as a user
            message, and the model goes on, for at most `max_steps` messages. The calculator is exact: + - * / and
            parentheses over whole and decimal numbers of up to 30 digits, 200 bytes, 32 levels. Before the last message
            the model is told to answer; if it asks again all the same, its text is unfinished (reason "max_steps"). A
            message without such a line is the answer. Out of budget the last message is unfinished; without any the
            session is no answer. A request that fails makes the session an error. Cut-off answers are unfinished. There
            is one answer, so there are no ties and no confidence. Nothing is asked of an endpoint but completions.
            Notes: mode, steps, calc.

            Deviations: the paper's model is trained to name the mode and to follow its protocol in one turn; here the
            classifier is a request of its own and modes are instructions. Its tools (web search, pages, code) and plans
            are left out for the calculator, its 60 steps for 6, and the suite's sampling takes the place of T = 1,
            top-p 0.9.

            Cost: the classifier's short completion, unless the mode is forced, and one completion; in mode `agentic` up
            to `max_steps`, each of which sends the conversation so far.
            """,
        source:
            """
            Chen et al. 2025, A²FM: An Adaptive Agent Foundation Model for Tool-Aware Hybrid Reasoning, \
            arXiv:2510.12838, §3; OPPO-PersonalAI/Adaptive_Agent_Foundation_Models
            """
    )

    private let parameters: A2fmRouterParameters

    init(parameters: A2fmRouterParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        for role in parameters.roles { try session.requiredModel(role) }
        let mode: Mode =
            switch parameters.mode {
            case .auto: try await classify(item, session)
            case .instant: .instant
            case .reasoning: .reasoning
            case .agentic: .agentic
            }
        session.note("mode", mode.rawValue)
        let (instruction, role, tokens) = parameters.protocolOf(mode)
        let messages =
            instruction.isEmpty ? item.messages : parameters.instructionAs.adding(instruction, to: item.messages)
        let sampling = tokens.map { Sampling(maxTokens: $0) }
        if mode == .agentic { return try await converse(messages, sampling, role, session) }
        let choice = try await session.complete(sampling: sampling, messages: messages, model: role)
        session.note("steps", "1")
        return Answer(choice, reason: mode.rawValue)
    }

    private func classify(_ item: Item, _ session: Session) async throws -> Mode {
        let prompt = Template.fill(parameters.classifierPrompt, ["question": item.input])
        let batch = await session.gather(
            sampling: Sampling(temperature: 0, maxTokens: parameters.classifierTokens),
            messages: [Message(.user, prompt)], model: parameters.classifierRole)
        try batch.throwIfImpossible()
        if let mode = batch.choices.first.flatMap({ Mode.parse($0.text) }) { return mode }
        session.note("classifier", batch.interruptionReason ?? "names no mode, or several")
        return .instant
    }

    /// Asks, calculates and asks again until there is an answer.
    private func converse(_ prompt: [Message], _ sampling: Sampling?, _ role: String, _ session: Session) async throws
        -> Answer
    {
        var messages = prompt
        var last: String?
        var asked = 0
        var reason = "max_steps"
        while asked < parameters.maxSteps {
            let batch = await session.gather(sampling: sampling, messages: messages, model: role)
            guard let choice = batch.choices.first else {
                if last == nil { _ = try batch.first() }
                try batch.throwIfImpossible()
                reason = batch.interruptionReason ?? "interrupted"
                break
            }
            asked += 1
            guard let call = CalculatorCall(choice) else {
                session.note("steps", "\(asked)")
                return Answer(choice, reason: Mode.agentic.rawValue)
            }
            last = call.text
            messages += [
                Message(.assistant, call.text),
                Message(.user, reply(to: call, isLast: asked == parameters.maxSteps - 1, session)),
            ]
        }
        session.note("steps", "\(asked)")
        return Answer(last ?? "", kind: .unfinished, reason: reason)
    }

    private func reply(to call: CalculatorCall, isLast: Bool, _ session: Session) -> String {
        var text: String
        do {
            text = "calc result: \(try Calculator.evaluate(call.expression))"
        } catch {
            text = "calc error: \(error)"
        }
        session.note("calc", "\(call.expression.prefix(Calculator.maxLength)): \(text)")
        if isLast { text += "\nNow give the answer, without another calculation." }
        return text
    }

    static func estimate(_ parameters: A2fmRouterParameters) -> Estimate? {
        let classifier = parameters.mode == .auto ? 1 : 0
        let messages = parameters.mode == .auto || parameters.mode == .agentic ? parameters.maxSteps : 1
        return Estimate(
            completions: (classifier + 1)...(classifier + messages), promptPasses: Double(classifier + messages))
    }
}
