import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// given.
@Suite struct ShippedGivenTests {
    @Test(arguments: [
        ("{}", Answer("The sum\nis 4.", reason: "given")), (#"{"field":"n"}"#, Answer("1.50", reason: "given")),
        (#"{"field":"empty"}"#, Answer("", kind: .none, reason: "no field empty")),
        (#"{"field":"none"}"#, Answer("", kind: .none, reason: "no field none")),
    ]) func `the answer is the item's field, word for word, and nobody is asked`(
        _ parameters: String, _ answer: Answer
    ) throws {
        var host = ShippedPlugins.host
        host.item = Item(
            id: "i", input: "x", messages: [Message(.user, "x")],
            fieldsJSON: #"{"answer":"The sum\nis 4.","n":1.50,"empty":null}"#)
        let session = try ShippedPlugins.session("given", parameters, host: host)
        #expect(session.run { _, _ in .text("not asked") } == .finished(answer))
        #expect(session.requests.isEmpty)
    }
}
