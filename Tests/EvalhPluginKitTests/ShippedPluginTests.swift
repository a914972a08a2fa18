import EvalhPluginKit
import Testing

/// Every shipped plugin in every misfortune: each must end in a defined answer or a clear error, and never hang.
@Suite struct ShippedPluginTests {
    @Test(arguments: Misfortune.allCases) func `every plugin ends as it should in`(_ misfortune: Misfortune) throws {
        for variant in ShippedVariant.all {
            var host = ShippedPlugins.host
            if misfortune == .noGrader { host.extract = nil }
            let session = try ShippedPlugins.session(variant.id, variant.parameters, host: host)
            let outcome = session.run(cancelsTooLate: misfortune == .cancelTooLate) {
                variant.answer(misfortune, $0, $1)
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
            #expect(found == variant.ending(misfortune), "\(comment)")
            // The same events in one call, or in pairs, give the same actions.
            for size in [Int.max, 2] {
                let again = try ShippedPlugins.session(variant.id, variant.parameters, host: host)
                again.replay(session.log) { size }
                #expect(again.actions == session.actions, "\(comment)")
            }
        }
    }

    @Test(arguments: ShippedPlugins.ids)
    func `every plugin describes itself, estimates its cost and refuses wrong parameters`(_ id: String)
        throws
    {
        let plugin = try ShippedPlugins.plugin(id)
        #expect(plugin.kind == "evalh.strategy/1")
        #expect(!plugin.descriptor.title.isEmpty)
        #expect(plugin.descriptor.description.contains("Cost:"))
        #expect(!plugin.descriptor.source.isEmpty)
        if !plugin.schema.isEmpty { #expect(try JSONValue(parsing: plugin.schema)["type"]?.string == "object") }
        let estimate = try #require(plugin.estimate())
        let asksNobody = plugin.descriptor.needs.contains(.peers) || id == "given"
        #expect(estimate.completions.upperBound >= 1 || asksNobody)
        #expect(estimate.promptPasses >= 1 || asksNobody)
        let session = try ShippedPlugins.session(id, #"{"smaples":3}"#)
        session.step(.start)
        guard case .failed(let text) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(text.contains("unknown parameter smaples"))
    }

    @Test(arguments: ShippedPlugins.ids) func `what a plugin asks for is within its estimate`(_ id: String) throws {
        for variant in ShippedVariant.all where variant.id == id {
            let estimate = try #require(try ShippedPlugins.plugin(id).estimate(parameters: variant.parameters))
            for misfortune in [Misfortune.none, .noAnswerFound, .truncated] {
                let session = try ShippedPlugins.session(id, variant.parameters)
                session.run { variant.answer(misfortune, $0, $1) }
                let asked = session.requests.reduce(0) { $0 + $1.n }
                #expect(asked <= estimate.completions.upperBound, "\(variant) \(misfortune)")
                #expect(Double(session.requests.count) <= estimate.promptPasses, "\(variant) \(misfortune)")
            }
        }
    }

    @Test func `wrong parameters have no estimate`() throws {
        #expect(try ShippedPlugins.plugin("self-consistency").estimate(parameters: #"{"samples":0}"#) == nil)
        #expect(
            try ShippedPlugins.plugin("self-consistency").estimate(parameters: #"{"samples":16}"#)?.completions
                == 16...16)
    }
}
