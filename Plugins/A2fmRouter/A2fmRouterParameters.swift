import EvalhPluginKit

struct A2fmRouterParameters: PluginParameters {
    @Parameter("auto: a classifier picks the mode; instant, reasoning, agentic: forced.") var mode = ModeChoice.auto
    @Parameter("The role of the classifier; left empty: the arm's own model.") var classifierRole = ""
    @Parameter("What the classifier is asked; {question} is filled in. It replies with a mode, best in a tag <mode>.")
    var classifierPrompt = """
        Question:
        {question}

        How should it be answered?
        instant: it is easy, the answer is known at once.
        reasoning: it takes several steps of thought.
        agentic: it takes calculations with a calculator.

        Reply with <mode>NAME</mode> and nothing else, NAME being one of the three.
        """
    @Parameter("The most tokens of the classifier's reply.", range: 1...4096) var classifierTokens = 32
    @Parameter("Added to the prompt in mode instant; an empty text adds nothing.") var instantInstruction =
        "Give the answer at once, without an explanation, in the form asked for."
    @Parameter("Added to the prompt in mode reasoning; an empty text adds nothing.") var reasoningInstruction =
        "Think step by step, then give the answer in the form asked for."
    @Parameter("Added to the prompt in mode agentic; it must tell of the lines that start with calc:.")
    var agenticInstruction = """
        You may use a calculator. To do so, end your message with a line like this one, with numbers, + - * / and
        parentheses: calc: (17 + 4) * 2.5
        You are then told the result and can go on. Once you know the answer, give it in the form asked for, without
        such a line.
        """
    @Parameter("Where instructions go: to the end of the last user message, or of the system message.")
    var instructionAs =
        InstructionPlace.user
    @Parameter("The most tokens of an instant answer; left out: as the suite says.", range: 1...1_000_000)
    var instantTokens: Int? = nil
    @Parameter("The most tokens of a reasoned answer; left out: as the suite says.", range: 1...1_000_000)
    var reasoningTokens: Int? = nil
    @Parameter("The most tokens of each message in mode agentic; left out: as the suite says.", range: 1...1_000_000)
    var agenticTokens: Int? = nil
    @Parameter("The role that answers in mode instant; left empty: the arm's own model.") var instantRole = ""
    @Parameter("The role that answers in mode reasoning; left empty: the arm's own model.") var reasoningRole = ""
    @Parameter("The role that answers in mode agentic; left empty: the arm's own model.") var agenticRole = ""
    @Parameter("The most messages of the model in mode agentic.", range: 1...6) var maxSteps = 6

    /// What is added to the prompt, who answers and how long, in a mode.
    func protocolOf(_ mode: Mode) -> (instruction: String, role: String, tokens: Int?) {
        switch mode {
        case .instant: (instantInstruction, instantRole, instantTokens)
        case .reasoning: (reasoningInstruction, reasoningRole, reasoningTokens)
        case .agentic: (agenticInstruction, agenticRole, agenticTokens)
        }
    }

    /// Every role that may be asked.
    var roles: [String] {
        switch mode {
        case .auto: [classifierRole, instantRole, reasoningRole, agenticRole]
        case .instant: [instantRole]
        case .reasoning: [reasoningRole]
        case .agentic: [agenticRole]
        }
    }
}
