import EvalhPluginKit
import EvalhPluginTesting
import Testing

struct ShippedServicesTourTests {
    /// Plays the strategy on completions; services answer by kind.
    private func play(
        _ texts: [String], _ parameters: String = #"{"samples":3,"hits":1}"#,
        services: [String] = [], _ answer: @escaping (_ service: String, JSONValue) -> ServiceResult
    ) throws -> (answer: Answer, calls: [String], asked: [ScriptedRequest]) {
        var host = ShippedPlugins.host
        host.services = services.map { kind in
            ServiceInfo(
                kind, kind: kind,
                description: .object([
                    .init("role", .string("main")), .init("tools", .array([.object([.init("name", .string("now"))])])),
                ]))
        }
        let session = try ShippedPlugins.session("services-tour", parameters, host: host)
        var (calls, asked): ([String], [ScriptedRequest]) = ([], [])
        let outcome = session.run(service: { name, payload in
            calls.append("\(name) \(payload.canonicalText)")
            return answer(name, payload)
        }) { request, choice in
            if choice == 0 { asked.append(request) }
            return .text(texts[choice % texts.count])
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (answer, calls, asked)
    }

    private func json(_ text: String) -> ServiceResult {
        ServiceResult((try? JSONValue(parsing: text)) ?? .null)
    }

    @Test func `sums that do not hold cost a completion its weight`() throws {
        let played = try play(["2 + 2 = 5 #### 5", "1 + 3 = 5 #### 5", "2 * 2 = 4 #### 4"], services: ["execute"]) {
            _, payload in
            json(#"{"passed": \#(payload["tests"]?.string?.contains("- (4)") == true)}"#)
        }
        #expect(played.answer.text.hasSuffix("4"))
        #expect(played.calls.count == 3)
        #expect(played.calls[2].contains("assert abs((2 * 2) - (4))"))
    }

    @Test func `documents and a tool's answer stand before the question`() throws {
        let parameters = #"{"samples":1,"hits":1,"tool":"now","arguments":"{\"zone\": \"UTC\"}"}"#
        let played = try play(["#### 4"], parameters, services: ["retrieve", "mcp"]) { service, _ in
            service == "mcp"
                ? json(#"{"text": "noon"}"#) : json(#"{"hits": [{"id": "7", "text": "a rule", "score": 1}]}"#)
        }
        #expect(played.asked.first?.messages?.first?.content == "a rule\n\nnoon")
        #expect(played.calls.last == #"mcp {"arguments":{"zone":"UTC"},"tool":"now"}"#)
    }

    @Test func `a judge's score is the confidence`() throws {
        let played = try play(["x = 4"], services: ["judge"]) { _, _ in json(#"{"verdict": "correct", "score": 0.75}"#)
        }
        #expect(played.answer.confidence == 0.75)
    }

    @Test func `what a model writes is not run`() throws {
        let hostile = "__import__('os') = 3; 2 ** 9 = 1; 1 + = 2; 7 + 007 = 14; (1) + 1 = 2; 1 + 1 = 2"
        let played = try play(["\(hostile)\n#### 2"], #"{"samples":1}"#, services: ["execute"]) { _, _ in
            json(#"{"passed": true}"#)
        }
        let tests = try JSONValue(parsing: String(try #require(played.calls.first).dropFirst("execute ".count)))[
            "tests"]
        #expect(tests?.string == "assert abs((1 + 1) - (2)) < 1e-6 * max(1, abs(2))")
    }
}
