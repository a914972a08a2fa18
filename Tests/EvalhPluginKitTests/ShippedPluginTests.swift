import EvalhPluginKit
import Testing

/// Every shipped plugin in every misfortune: each must end in a defined answer or a clear error, and never hang.
@Suite struct ShippedPluginTests {
    enum Misfortune: String, CaseIterable, Sendable {
        case none, budget, emptyCompletion, truncated, failedRequest, missingLogprobs, stop, unsupported, noAnswerFound, noGrader
    }

    /// What each arm ends with. "error": the session is an error with a text.
    private static let variants: [(id: String, parameters: String)] = [
        ("greedy", "{}"), ("self-consistency", #"{"samples":4}"#), ("self-consistency", #"{"samples":1}"#),
        ("adaptive-consistency", #"{"max_samples":6}"#), ("adaptive-consistency", #"{"max_samples":1}"#),
        ("best-of-n", #"{"n":3}"#), ("best-of-n", #"{"n":1}"#), ("best-of-n", #"{"n":3,"by":"logprob"}"#),
        ("best-of-n", #"{"n":3,"by":"logprob","weighted":true}"#), ("best-of-n", #"{"n":3,"by":"grader_model"}"#),
        ("deer", #"{"min_gap":1}"#), ("deer", #"{"min_gap":1,"max_trials":1,"trial_tokens":1}"#),
    ]

    private static func reply(_ misfortune: Misfortune, _ request: ScriptedRequest) -> ScriptedReply {
        let tokens = [Token("x=4", probability: 0.9), Token("}", probability: 0.99)]
        switch misfortune {
        case .budget: return .rejected(Rejected(.budget, message: "nothing left"))
        case .emptyCompletion: return .text("")
        case .truncated: return .cutOff("x = 4 and Wait, then")
        case .failedRequest: return .failed(RequestFailed(.server, message: "HTTP 500"))
        case .missingLogprobs: return request.isStream ? .streamed(["first. ", "Wait, more thinking", " x=5"]) : .text("x=4}")
        case .stop: return .silence
        case .unsupported: return .rejected(Rejected(.unsupported, message: "not here"))
        case .noAnswerFound: return request.isStream ? .streamed(["hm. ", "no idea"]) : .text("no idea")
        case .none, .noGrader:
            if request.model == "grader" { return .text("8/10") }
            return request.isStream
                ? .streamed(["first. ", "Wait, more thinking, ", "much more thinking x=5"]) : .completion("x=4}", tokens: tokens)
        }
    }

    private static func expected(_ misfortune: Misfortune, _ id: String, _ parameters: String) -> String {
        switch misfortune {
        case .none: "answered"
        case .budget: "none budget"
        case .emptyCompletion: "none empty"
        case .truncated: "unfinished"
        case .failedRequest, .unsupported: "error"
        case .missingLogprobs: id == "deer" || parameters.contains("logprob") ? "error" : "answered"
        case .stop: "none nothing left to happen"
        case .noAnswerFound: "answered"
        case .noGrader: id == "greedy" || id == "deer" ? "answered" : "error"
        }
    }

    @Test(arguments: Misfortune.allCases) func `every plugin ends as it should in`(_ misfortune: Misfortune) throws {
        for variant in Self.variants {
            var host = ShippedPlugins.host
            if misfortune == .noGrader { host.extract = nil }
            let session = try ShippedPlugins.session(variant.id, variant.parameters, host: host)
            let outcome = session.run { request, _ in
                // A grader model that rates nothing is tested on its own.
                misfortune == .missingLogprobs && request.model == "grader" ? .text("7") : Self.reply(misfortune, request)
            }
            let found =
                switch outcome {
                case .finished(let answer):
                    switch answer.kind {
                    case .answered: "answered"
                    case .unfinished: "unfinished"
                    case .none: "none \(answer.reason)"
                    }
                case .error(let text): text.isEmpty ? "error without a text" : "error"
                case .failed(let text): "failed: \(text)"
                case .open: "open"
                }
            let comment = "\(variant.id) \(variant.parameters) \(outcome)"
            #expect(found == Self.expected(misfortune, variant.id, variant.parameters), "\(comment)")
            // The same events in one call, or in pairs, give the same actions.
            for size in [Int.max, 2] {
                let again = try ShippedPlugins.session(variant.id, variant.parameters, host: host)
                again.replay(session.log) { size }
                #expect(again.actions == session.actions, "\(comment)")
            }
        }
    }

    @Test(arguments: ShippedPlugins.ids) func `every plugin describes itself, estimates its cost and refuses wrong parameters`(_ id: String)
        throws
    {
        let plugin = try ShippedPlugins.plugin(id)
        #expect(plugin.kind == "evalh.strategy/1")
        #expect(!plugin.descriptor.title.isEmpty)
        #expect(plugin.descriptor.description.contains("Cost:"))
        #expect(!plugin.descriptor.source.isEmpty)
        if !plugin.schema.isEmpty { #expect(try JSONValue(parsing: plugin.schema)["type"]?.string == "object") }
        let estimate = try #require(plugin.estimate())
        #expect(estimate.completions.lowerBound >= 1)
        #expect(estimate.promptPasses >= 1)
        let session = try ShippedPlugins.session(id, #"{"smaples":3}"#)
        session.step(.start)
        guard case .failed(let text) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(text.contains("unknown parameter smaples"))
    }

    @Test(arguments: ShippedPlugins.ids) func `what a plugin asks for is within its estimate`(_ id: String) throws {
        for variant in Self.variants where variant.id == id {
            let estimate = try #require(try ShippedPlugins.plugin(id).estimate(parameters: variant.parameters))
            for misfortune in [Misfortune.none, .noAnswerFound, .truncated] {
                let session = try ShippedPlugins.session(id, variant.parameters)
                session.run { request, _ in Self.reply(misfortune, request) }
                let asked = session.requests.reduce(0) { $0 + $1.n }
                #expect(asked <= estimate.completions.upperBound, "\(variant) \(misfortune)")
                #expect(Double(session.requests.count) <= estimate.promptPasses, "\(variant) \(misfortune)")
            }
        }
    }

    @Test func `wrong parameters have no estimate`() throws {
        #expect(try ShippedPlugins.plugin("self-consistency").estimate(parameters: #"{"samples":0}"#) == nil)
        #expect(try ShippedPlugins.plugin("self-consistency").estimate(parameters: #"{"samples":16}"#)?.completions == 16...16)
    }
}
