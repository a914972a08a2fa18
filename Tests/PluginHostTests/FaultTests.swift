import PluginHost
import Testing

/// Plugins that break the rules end their session with a text, never the run.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct FaultTests {
    private func event(_ seq: UInt64, _ body: SessionEvent.Body = .timer(1)) -> SessionEvent {
        SessionEvent(seq: seq, timeNanoseconds: 0, body: body)
    }

    private func fault(_ name: String, _ body: SessionEvent.Body = .timer(1)) throws -> String {
        let instance = try Probe.instance(name)
        let fault = try #require(throws: PluginFault.self) { try instance.step([event(1, body)]) }
        // The instance is not called again: the same fault comes back.
        #expect(throws: fault) { try instance.step([event(2)]) }
        return fault.description
    }

    @Test func `create that returns NULL tells its reason`() throws {
        let factory = try Probe.strategy("no-create")
        let fault = #expect(throws: PluginFault.self) { try factory.makeSession(ScriptedServices()) }
        #expect(fault?.description == "plugin test.no-create: create failed: no memory today")
    }

    @Test func `a failing step carries the text of set_error`() throws {
        #expect(try fault("fails") == "plugin test.fails: the sky is falling")
        #expect(try fault("fails-silently").contains("gave no reason"))
    }

    @Test func `seq that does not increase is a fault`() throws {
        #expect(try fault("seq-back").contains("action seq 1 after 1"))
    }

    @Test func `STOP without FINISH is a fault`() throws {
        #expect(try fault("ignores-stop", .stop(reason: "x")).contains("did not FINISH"))
    }

    @Test func `a malformed FINISH is a fault, because the plugin may never be told otherwise`() throws {
        #expect(try fault("bad-finish").contains("confidence 1.5"))
    }

    @Test func `no more than 4,096 actions a step are taken`() throws {
        let instance = try Probe.instance("too-many")
        #expect(try instance.step([event(1)]).count == 4096)
        #expect(try instance.step([event(2)]).count == 4096)
    }

    @Test func `host calls outside of the session's own step are refused and end that session alone`() throws {
        let (first, second) = (try Probe.instance("outside"), try Probe.instance("outside"))
        _ = try first.step([event(1)])
        let actions = try second.step([event(1)])
        guard case .emit("rand=0 extract=1 budget=1 thread=0", _, _) = try #require(actions.first).body else {
            throw Unexpected()
        }
        _ = try second.step([event(2)])
        let fault = #expect(throws: PluginFault.self) { try first.step([event(2)]) }
        #expect(fault?.message == "called a host function outside of a call on its session")
    }

    @Test func `after FINISH the plugin is not called again`() throws {
        let instance = try Probe.instance("echo")
        #expect(try instance.step([event(1, .timer(40)), event(2, .stop(reason: "x"))]).count == 1)
        #expect(try instance.step([event(3, .stop(reason: "x"))]).isEmpty)
    }
}
