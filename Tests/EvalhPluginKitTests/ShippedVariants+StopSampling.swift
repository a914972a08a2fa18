import EvalhPluginKit
import EvalhPluginTesting

extension ShippedVariant {
    static let stopSampling =
        [
            ShippedVariant("adaptive-consistency", #"{"rule":"dirichlet","max_samples":6}"#),
            ShippedVariant("adaptive-consistency", #"{"rule":"majority","max_samples":5,"batch":2}"#),
            ShippedVariant("adaptive-consistency", #"{"rule":"entropy","max_samples":5,"min_samples":2}"#),
            ShippedVariant("adaptive-consistency", #"{"rule":"chi_square","max_samples":6}"#),
            ShippedVariant("adaptive-consistency", #"{"rule":"crp","max_samples":1}"#),
            ShippedVariant("esc", #"{"window":3,"max_samples":7}"#),
            ShippedVariant("esc", #"{"window":1,"max_samples":1}"#),
            ShippedVariant("esc", #"{"window":4,"windows":[2,3],"max_risk":0,"max_samples":9}"#),
            ShippedVariant("dsc", #"{"max_samples":9}"#),
            ShippedVariant("dsc", #"{"max_samples":1,"rating_role":"grader"}"#),
            ShippedVariant("dsc", #"{"difficulty":"probe","max_samples":12}"#),
            ShippedVariant("dsc", #"{"difficulty":"probe","probe_samples":2,"max_samples":2}"#),
            ShippedVariant("sprt", #"{"max_samples":6}"#),
            ShippedVariant("sprt", #"{"max_samples":1,"stop_when_futile":false}"#),
            ShippedVariant("q-exit"), ShippedVariant("q-exit", #"{"lambda":"agreement","q":0.99,"max_samples":4}"#),
            ShippedVariant("q-exit", #"{"policy":"sample","lambda":0.5,"max_samples":3}"#),
            ShippedVariant("q-exit", #"{"max_samples":1}"#),
        ] + confidenceVotes

    /// Without log-probabilities no confidence can be had.
    private static let confidenceVotes = [
        ShippedVariant(
            "confidence-vote", #"{"samples":3}"#, endings: [.missingLogprobs: "error"], reply: withAlternatives),
        ShippedVariant(
            "confidence-vote", #"{"samples":1}"#, endings: [.missingLogprobs: "error"], reply: withAlternatives),
        ShippedVariant(
            "confidence-vote", #"{"samples":3,"weight":"probability"}"#, endings: [.missingLogprobs: "error"]),
        ShippedVariant("confidence-vote", #"{"samples":2,"weight":"uniform"}"#),
    ]

    private static let withAlternatives: @Sendable (Misfortune, ScriptedRequest, Int) -> ScriptedReply? = {
        misfortune, _, _ in
        guard [.none, .cancelTooLate].contains(misfortune) else { return nil }
        let others = [Token.Alternative("x=4", logprob: -0.1), Token.Alternative("x=5", logprob: -3)]
        return .completion("x=4", tokens: [Token("x=4", logprob: -0.1, alternatives: others)])
    }
}
