import EvalhPluginKit
import EvalhPluginTesting

/// What can go wrong for a strategy.
enum Misfortune: String, CaseIterable, Sendable {
    case none, budget, emptyCompletion, truncated, failedRequest, missingLogprobs, stop, unsupported, noAnswerFound,
        noGrader, cancelTooLate
}

/// A shipped plugin with parameters, and what becomes of it in each misfortune: "answered", "unfinished", "none
/// <reason>", or "error", which is a session that failed with a text.
struct ShippedVariant: Sendable {
    let id: String
    let parameters: String
    /// Where it ends otherwise than `usualEnding`.
    var endings: [Misfortune: String] = [:]
    /// What models say, where `usualReply` does not suit.
    var reply: (@Sendable (Misfortune, ScriptedRequest, Int) -> ScriptedReply?)?

    init(
        _ id: String, _ parameters: String = "{}", endings: [Misfortune: String] = [:],
        reply: (@Sendable (Misfortune, ScriptedRequest, Int) -> ScriptedReply?)? = nil
    ) {
        self.id = id
        self.parameters = parameters
        self.endings = endings
        self.reply = reply
    }

    static let all = first + stopSampling + stopGenerating + adaptDecoding + allocate + overArms + given

    private static let first: [ShippedVariant] = [
        ShippedVariant("greedy", endings: [.noGrader: "answered"]),
        ShippedVariant("subject", #"{"budget":8}"#, endings: [.noGrader: "answered"]),
        ShippedVariant("self-consistency", #"{"samples":4}"#), ShippedVariant("self-consistency", #"{"samples":1}"#),
        ShippedVariant("services-tour", #"{"samples":4}"#),
        ShippedVariant("adaptive-consistency", #"{"max_samples":6}"#),
        ShippedVariant("adaptive-consistency", #"{"max_samples":1}"#),
        ShippedVariant("best-of-n", #"{"n":3}"#), ShippedVariant("best-of-n", #"{"n":1}"#),
        ShippedVariant("best-of-n", #"{"n":3,"by":"logprob"}"#, endings: [.missingLogprobs: "error"]),
        ShippedVariant("best-of-n", #"{"n":3,"by":"logprob","weighted":true}"#, endings: [.missingLogprobs: "error"]),
        ShippedVariant("best-of-n", #"{"n":3,"by":"grader_model"}"#),
        ShippedVariant("deer", #"{"min_gap":1}"#, endings: [.missingLogprobs: "error", .noGrader: "answered"]),
        ShippedVariant(
            "deer", #"{"min_gap":1,"max_trials":1,"trial_tokens":1}"#,
            endings: [.missingLogprobs: "error", .noGrader: "answered"]),
    ]

    func answer(_ misfortune: Misfortune, _ request: ScriptedRequest, _ choice: Int) -> ScriptedReply {
        reply?(misfortune, request, choice) ?? Self.usualReply(misfortune, request)
    }

    func ending(_ misfortune: Misfortune) -> String { endings[misfortune] ?? Self.usualEnding(misfortune) }

    static func usualReply(_ misfortune: Misfortune, _ request: ScriptedRequest) -> ScriptedReply {
        let tokens = [Token("x=4", probability: 0.9), Token("}", probability: 0.99)]
        switch misfortune {
        case .budget: return .rejected(Rejected(.budget, message: "nothing left"))
        case .emptyCompletion: return .text("")
        case .truncated: return .cutOff("x = 4 and Wait, then")
        case .failedRequest: return .failed(RequestFailed(.server, message: "HTTP 500"))
        case .missingLogprobs:
            // A grader model that rates nothing is tested on its own.
            if request.model == "grader" { return .text("7") }
            return request.isStream ? .streamed(["first. ", "Wait, more thinking", " x=5"]) : .text("x=4}")
        case .stop: return .silence
        case .unsupported: return .rejected(Rejected(.unsupported, message: "not here"))
        case .noAnswerFound: return request.isStream ? .streamed(["hm. ", "no idea"]) : .text("no idea")
        case .none, .noGrader, .cancelTooLate:
            if request.model == "grader" { return .text("8/10") }
            return request.isStream
                ? .streamed(["first. ", "Wait, more thinking, ", "much more thinking x=5"])
                : .completion("x=4}", tokens: tokens)
        }
    }

    private static func usualEnding(_ misfortune: Misfortune) -> String {
        switch misfortune {
        case .none, .noAnswerFound, .missingLogprobs, .cancelTooLate: "answered"
        case .budget: "none budget"
        case .emptyCompletion: "none empty"
        case .truncated: "unfinished"
        case .failedRequest, .unsupported, .noGrader: "error"
        case .stop: "none nothing left to happen"
        }
    }
}
