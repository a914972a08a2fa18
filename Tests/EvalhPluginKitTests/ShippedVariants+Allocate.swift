import EvalhPluginKit
import EvalhPluginTesting

extension ShippedVariant {
    static let allocate: [ShippedVariant] = bestOf + cascades + routers + modes

    private static let yes = ScriptedReply.completion("Yes", finish: .length, tokens: [Token("Yes", probability: 0.9)])

    private static let bestOf = ["best-of-n", "weighted-best-of-n"].flatMap { id in
        [
            // Without log-probabilities no token can be read.
            #"{"n":3,"by":"verifier"}"#, #"{"n":1,"by":"verifier"}"#, #"{"n":3,"by":"steps"}"#,
            #"{"n":1,"by":"steps","max_steps":1}"#,
        ].map { parameters in
            ShippedVariant(id, parameters, endings: [.missingLogprobs: "error"]) { misfortune, request, _ in
                request.model == "grader" && [.none, .cancelTooLate].contains(misfortune) ? yes : nil
            }
        } + [
            ShippedVariant(id, #"{"n":2,"by":"verifier","verifier_reads":"number"}"#),
            ShippedVariant(id, #"{"n":2,"by":"steps","verifier_reads":"number"}"#),
            ShippedVariant(id, #"{"n":2,"by":"majority"}"#),
        ]
    }

    private static let cascades = [
        ShippedVariant("cascade", #"{"samples":3}"#), ShippedVariant("cascade", #"{"samples":1,"strong_samples":2}"#),
        ShippedVariant("cascade", #"{"rule":"vote","samples":2}"#),
        ShippedVariant("cascade", #"{"rule":"verify","samples":2,"second_instruction":"Work it out as a program."}"#),
        ShippedVariant("cascade", #"{"stages":["","grader","strong"],"samples":2,"threshold":1}"#),
        // One sample is judged without the grader's help.
        ShippedVariant(
            "cascade", #"{"by":"probability"}"#, endings: [.missingLogprobs: "error", .noGrader: "answered"]
        ) {
            misfortune, _, _ in
            misfortune == .noAnswerFound ? .tokens([("no ", 0.9), ("idea", 0.9)]) : nil
        },
        ShippedVariant("cascade", #"{"by":"rating"}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("cascade", #"{"by":"self_verification","checks":2}"#, endings: [.noGrader: "answered"]),
    ]

    /// Answers of one model are returned as they are: no votes, no grader.
    private static let routers = [
        ShippedVariant("router", endings: [.noGrader: "answered"]),
        ShippedVariant("router", #"{"threshold":1}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("router", #"{"by":"random"}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("router", #"{"by":"random","share":0}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("router", #"{"by":"weak_confidence","probes":3}"#),
        ShippedVariant("router", #"{"by":"weak_confidence","probes":1}"#),
        ShippedVariant("router", #"{"by":"weak_confidence","probes":2,"threshold":0}"#),
    ]

    /// An answer is returned as it is: no votes, no grader.
    private static let modes = [
        ShippedVariant("a2fm-router", endings: [.noGrader: "answered"]),
        ShippedVariant("a2fm-router", #"{"mode":"instant"}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("a2fm-router", #"{"mode":"reasoning"}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("a2fm-router", #"{"mode":"agentic","max_steps":1}"#, endings: [.noGrader: "answered"]),
        // A model that asks for the calculator and nothing else never answers, cut off or not.
        ShippedVariant(
            "a2fm-router", #"{"mode":"agentic"}"#,
            endings: [
                .none: "unfinished", .noGrader: "unfinished", .cancelTooLate: "unfinished",
                .noAnswerFound: "unfinished",
            ]
        ) { misfortune, _, _ in
            [.none, .noGrader, .cancelTooLate, .noAnswerFound].contains(misfortune) ? .text("calc: 1+1") : nil
        },
    ]
}
