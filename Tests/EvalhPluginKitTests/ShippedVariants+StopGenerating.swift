import EvalhPluginKit
import EvalhPluginTesting

extension ShippedVariant {
    static let stopGenerating: [ShippedVariant] = [
        ShippedVariant(
            "deepconf", #"{"traces":4,"window":2}"#, endings: [.missingLogprobs: "error"], reply: withAlternatives),
        ShippedVariant(
            "deepconf", #"{"traces":1,"score":"tail"}"#, endings: [.missingLogprobs: "error"], reply: withAlternatives),
        ShippedVariant(
            "deepconf", #"{"mode":"online","traces":4,"warm_up":2,"window":1}"#, endings: [.missingLogprobs: "error"],
            reply: withAlternatives),
        ShippedVariant("dynasor", #"{"probes":1,"every_tokens":1,"max_probes":2}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("dynasor", #"{"max_probes":1,"every_tokens":1}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("budget-forcing", endings: [.noGrader: "answered"]),
        ShippedVariant(
            "budget-forcing", #"{"extensions":2,"end_of_thinking":"</think>"}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("runaway-guard", endings: [.noGrader: "answered"]),
        ShippedVariant(
            "runaway-guard", #"{"on_repeat":"resample","max_restarts":1}"#, endings: [.noGrader: "answered"]),
        ShippedVariant(
            "runaway-guard", #"{"min_tokens":0,"min_bytes":4,"repeats":2}"#, endings: [.noGrader: "answered"]
        ) {
            misfortune, request, _ in
            guard [.none, .cancelTooLate, .noGrader].contains(misfortune), request.isStream else { return nil }
            return .streamed(["so ", "it is. ", "it is. ", "it is. ", "never here"])
        },
        ShippedVariant("min-p-sweep"), ShippedVariant("min-p-sweep", #"{"min_p":[0.1],"samples_each":1}"#),
        ShippedVariant("adaptive-temperature", #"{"samples":3}"#),
        ShippedVariant("adaptive-temperature", #"{"samples":1,"agree":2}"#),
        ShippedVariant("adaptive-temperature", #"{"samples":4,"agree":2}"#),
        // A chunk that ends by itself is the answer, whatever is known of its tokens.
        ShippedVariant(
            "entropy-adaptive", #"{"max_tokens":8,"chunk_tokens":4}"#,
            endings: [.truncated: "error", .noGrader: "answered"]),
        ShippedVariant(
            "entropy-adaptive", #"{"max_tokens":1,"chunk_tokens":1}"#,
            endings: [.missingLogprobs: "error", .noGrader: "answered"],
            reply: inChunks),
    ]

    private static let uncertain = [Token.Alternative("x", logprob: -0.1), Token.Alternative("y", logprob: -3)]

    private static let withAlternatives: @Sendable (Misfortune, ScriptedRequest, Int) -> ScriptedReply? = {
        misfortune, _, _ in
        guard [.none, .noGrader, .cancelTooLate, .noAnswerFound, .truncated].contains(misfortune) else { return nil }
        if misfortune == .truncated {
            return .completion("x=4", finish: .length, tokens: [Token("x=4", logprob: -0.1, alternatives: uncertain)])
        }
        let text = misfortune == .noAnswerFound ? "no idea" : "x=4"
        return .completion(text, tokens: [Token(text, logprob: -0.1, alternatives: uncertain)])
    }

    /// Completions that are cut off at every chunk but, after a while, end.
    private static let inChunks: @Sendable (Misfortune, ScriptedRequest, Int) -> ScriptedReply? = { misfortune, _, _ in
        switch misfortune {
        case .missingLogprobs: .cutOff("x=4")
        case .truncated:
            .completion("x=4", finish: .length, tokens: [Token("x=4", logprob: -0.1, alternatives: uncertain)])
        default: nil
        }
    }
}
