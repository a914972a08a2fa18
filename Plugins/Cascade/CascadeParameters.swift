import EvalhPluginKit

/// When a stage's answer is kept.
enum CascadeRule: String, CaseIterable, ParameterValue {
    case threshold
    case vote
    case verify
}

/// Where the confidence of the rule `threshold` comes from.
enum ConfidenceSource: String, CaseIterable, ParameterValue {
    case agreement
    case probability
    case rating
    case selfVerification = "self_verification"
}

struct CascadeParameters: PluginParameters {
    @Parameter(
        """
        threshold: keep an answer if its confidence reaches a threshold; vote: if its share of all samples does; \
        verify: if both instructions lead to the same answer.
        """) var rule = CascadeRule.threshold
    @Parameter(
        """
        Where the confidence of rule threshold comes from. agreement: share of the answers; probability: mean \
        probability of a sample's tokens; rating: another model's; self_verification: the model's own checks.
        """) var by = ConfidenceSource.agreement
    @Parameter("A stage's answer is kept if its score is at least this (threshold, vote).", range: 0...1)
    var threshold = 0.6
    @Parameter(
        "Samples of a stage but the last, for each instruction (agreement, vote, verify); else there is one.",
        range: 1...1024)
    var samples = 8
    @Parameter(
        """
        A second way to be asked, added to the prompt; vote then counts as many samples of it too. Needed by rule \
        verify.
        """
    )
    var secondInstruction = ""
    @Parameter("Where second_instruction goes: to the end of the last user message, or of the system message.")
    var secondAs = InstructionPlace.user
    @Parameter("The role of the model that answers if the arm's own is not sure.") var strong = "strong"
    @Parameter("Completions of the last stage; more than one are voted on.", range: 1...1024) var strongSamples = 1
    @Parameter(
        """
        Roles of all stages, the first asked first, an empty text for the arm's own model. Left out: the arm's own, \
        then strong.
        """
    )
    var stages: [String] = []
    @Parameter("A threshold for each stage but the last. Left out: threshold for each.") var thresholds: [Double] = []
    @Parameter("The role of the model that rates (rating).") var verifierRole = "grader"
    @Parameter("What it is asked; {question} and {answer} are filled in.") var verifierPrompt = Rating.prompt
    @Parameter("The most tokens of a rating or a check.", range: 1...4096) var verifierTokens = 16
    @Parameter("Checks of an answer (self_verification), at the suite's temperature.", range: 1...1024) var checks = 8
    @Parameter("What a check asks; {question}, {answer}, {positive} and {negative} are filled in.") var checkPrompt =
        Prompts.check
    @Parameter("The word by which a check agrees, in any case.") var positive = "Yes"
    @Parameter("The word by which a check disagrees, in any case.") var negative = "No"

    func validate() throws {
        if rule == .verify, secondInstruction.isEmpty { throw ParameterError("rule verify needs second_instruction") }
        if rule != .threshold, by != .agreement {
            throw ParameterError("by is for rule threshold, not for \(rule.rawValue)")
        }
        if rule == .threshold, !secondInstruction.isEmpty {
            throw ParameterError("second_instruction is for the rules vote and verify")
        }
        if stages.count == 1 { throw ParameterError("stages has one role; a cascade has at least two") }
        if !thresholds.isEmpty, thresholds.count != roles.count - 1 {
            throw ParameterError(
                "thresholds has \(thresholds.count) numbers for \(roles.count) stages; all but the last have one")
        }
        if let wrong = thresholds.first(where: { !(0...1).contains($0) }) {
            throw ParameterError("thresholds has \(wrong), which is not in 0...1")
        }
    }

    /// Of all stages.
    var roles: [String] { stages.isEmpty ? ["", strong] : stages }

    func threshold(ofStage stage: Int) -> Double { thresholds.isEmpty ? threshold : thresholds[stage] }

    /// Whether one sample is looked at, and not several votes.
    var judgesOneSample: Bool { by != .agreement }

    var hasTwoSources: Bool { !secondInstruction.isEmpty }
}
