import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// subject.
@Suite struct ShippedSubjectTests {
    private static func host(_ messages: [Message]) -> ScriptedHost {
        var host = ShippedPlugins.host
        host.item = Item(id: "item", input: "x", messages: messages)
        return host
    }

    @Test(arguments: [
        (#"{"budget":0.01}"#, #"{"budget":0.01,"instance":"a \"b\"\n"}"#),
        (#"{"budget":64}"#, #"{"budget":64,"instance":"a \"b\"\n"}"#),
        ("{}", #"{"budget":1,"instance":"a \"b\"\n"}"#),
        (#"{"budget":-1e-9}"#, #"{"budget":-1e-09,"instance":"a \"b\"\n"}"#),
    ]) func `the only message says budget and instance, and the answer is the program's`(
        _ parameters: String, _ message: String
    ) throws {
        let session = try ShippedPlugins.session("subject", parameters, host: Self.host([Message(.user, "a \"b\"\n")]))
        let outcome = session.run { _, _ in .text(#"{"score":1}"#) }
        #expect(outcome == .finished(Answer(#"{"score":1}"#, reason: "complete")))
        #expect(session.requests.map(\.messages) == [[Message(.user, message)]])
        #expect(session.requests.map(\.n) == [1])
    }

    @Test(arguments: [
        [Message(.system, "s"), Message(.user, "x")],
        [Message(.user, "1"), Message(.assistant, "2"), Message(.user, "3")],
        [Message(.system, "s")],
    ]) func `a prompt of more than the instance is an error`(_ messages: [Message]) throws {
        let session = try ShippedPlugins.session("subject", host: Self.host(messages))
        guard case .error(let text) = session.run({ _, _ in .text("x") }) else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(text.contains("one user message"))
        #expect(session.requests.isEmpty)
    }

    @Test func `a budget that is no number is refused`() throws {
        let session = try ShippedPlugins.session("subject", #"{"budget":"many"}"#)
        session.step(.start)
        guard case .failed(let text) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(text.contains("budget"))
    }
}
