import EvalhPluginKit
import EvalhPluginTesting
import Testing

struct ServiceHelperTests {
    /// Does what the item's text says.
    private struct Caller: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            do {
                switch item.input {
                case "search":
                    return Answer(try await session.search("cats", limit: 2).map { "\($0.id) \($0.text)" }.joined())
                case "execute":
                    let run = try await session.execute("x = 1", tests: "assert x == 1")
                    return Answer("\(run.outcome) \(run.hasPassed == true) \(run.exitStatus ?? -1) \(run.output)")
                case let tool:
                    let result = try await session.tool(tool, ["b": .integer(2), "a": .integer(1)])
                    return Answer("\(result.isError) \(result.text)")
                }
            } catch {
                return Answer("\(error)")
            }
        }
    }

    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    /// The answer, and what was called.
    private func play(_ input: String, _ services: [ServiceInfo], _ result: ServiceResult) throws -> (String, [String])
    {
        var host = ScriptedHost()
        host.item.input = input
        host.services = services
        let session = try ScriptedSession(Caller.self, host: host)
        var calls: [String] = []
        let outcome = session.run(service: { name, payload in
            calls.append("\(name) \(payload.canonicalText)")
            return result
        }) { _, _ in .silence }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (answer.text, calls)
    }

    @Test func `a search asks the first service that retrieves`() throws {
        let services = [ServiceInfo("run", kind: "execute"), ServiceInfo("docs", kind: "retrieve")]
        let hits = try json(#"{"hits": [{"id": "1", "text": "cat", "score": 2}, {"id": "2", "text": "cats"}]}"#)
        let (answer, calls) = try play("search", services, ServiceResult(hits))
        #expect(answer == "1 cat2 cats")
        #expect(calls == [#"docs {"limit":2,"query":"cats"}"#])
        #expect(try play("search", [], ServiceResult(hits)).0.contains("no service of kind retrieve"))
    }

    @Test func `a program's outcome is read`() throws {
        let services = [ServiceInfo("run", kind: "execute")]
        let result = try json(#"{"passed": true, "outcome": "passed", "output": "hi", "exit_status": 0}"#)
        let (answer, calls) = try play("execute", services, ServiceResult(result))
        #expect(answer == "passed true 0 hi")
        #expect(calls == [#"run {"code":"x = 1","tests":"assert x == 1"}"#])
    }

    @Test func `tools of servers and tools that are services are called alike`() throws {
        let services = [
            ServiceInfo("calc", kind: "tool"),
            ServiceInfo(
                "server", kind: "mcp",
                description: try json(#"{"tools": [{"name": "add", "input_schema": {"type": "object"}}]}"#)),
        ]
        let sum = try json(#"{"content": [], "text": "3"}"#)
        let (answer, calls) = try play("add", services, ServiceResult(sum))
        #expect(answer == "false 3")
        #expect(calls == [#"server {"arguments":{"a":1,"b":2},"tool":"add"}"#])
        let (own, ownCalls) = try play("calc", services, ServiceResult(try json("3")))
        #expect(own == "false 3")
        #expect(ownCalls == [#"calc {"a":1,"b":2}"#])
        let failed = ServiceResult(try json(#"{"error": "no"}"#), isError: true)
        #expect(try play("calc", services, failed).0 == "true no")
        #expect(try play("subtract", services, failed).0.contains("no tool subtract"))
    }
}
