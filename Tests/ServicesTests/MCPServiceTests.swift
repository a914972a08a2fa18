import Completions
import Foundation
import JSON
import Testing

@testable import Services

@Suite(.timeLimit(.minutes(2))) struct MCPServiceTests {
    /// A server in Python's standard library: writes down what it is told, offers its tools in two pages, asks back
    /// during calls.
    static func server(version: String = "2025-06-18", before: String = "") -> String {
        #"""
        import json, os, sys, time
        log = open("log", "a")
        def send(message):
            message["jsonrpc"] = "2.0"
            print(json.dumps(message), flush=True)
        def answer(id, result):
            send({"id": id, "result": result})
        def read():
            line = sys.stdin.readline()
            if not line: sys.exit(0)
            log.write(line); log.flush()
            return json.loads(line)
        \#(before)
        while True:
            message = read()
            method, id = message.get("method"), message.get("id")
            params = message.get("params") or {}
            if method == "initialize":
                answer(id, {"protocolVersion": "\#(version)", "capabilities": {"tools": {}},
                            "serverInfo": {"name": "scripted", "version": "1.2"}})
            elif method == "tools/list":
                if params.get("cursor") == "more":
                    answer(id, {"tools": [{"name": "fail", "inputSchema": {"type": "object"}},
                                          {"name": "die", "inputSchema": {"type": "object"}},
                                          {"name": "wait", "inputSchema": {"type": "object"}}]})
                else:
                    answer(id, {"tools": [{"name": "add", "description": "Adds.", "inputSchema":
                        {"type": "object", "properties": {"a": {"type": "integer"}}}}], "nextCursor": "more"})
            elif method == "tools/call":
                send({"method": "notifications/message", "params": {"level": "info", "data": "working"}})
                send({"id": "theirs", "method": "ping"})
                pong = read()
                send({"id": 77, "method": "sampling/createMessage", "params": {}})
                refused = read()
                name, given = params["name"], params.get("arguments", {})
                if name == "add":
                    if "a" not in given:
                        send({"id": id, "error": {"code": -32602, "message": "a is missing"}})
                        continue
                    sum = given["a"] + given["b"]
                    answer(id, {"content": [{"type": "text", "text": "the sum is"}, {"type": "text", "text": str(sum)},
                        {"type": "image", "mimeType": "image/png", "data": "AAAA"},
                        {"type": "resource", "resource": {"uri": "file:///x", "text": "inside"}}],
                        "structuredContent": {"sum": sum, "pong": pong, "refused": refused}})
                elif name == "fail":
                    answer(id, {"content": [{"type": "text", "text": "it broke"}], "isError": True})
                elif name == "die":
                    print("out of paper", file=sys.stderr, flush=True)
                    os._exit(4)
                elif name == "wait":
                    open("waiting", "w").write(str(os.getpid()))
                    read()
        """#
    }

    static func service(_ bench: Bench, _ source: String = server(), tools: [String] = []) throws
        -> MCPService
    {
        try MCPService(bench.python(source, timeout: 30), tools: tools, clientVersion: "9.9.9")
    }

    @Test func `a server's tools are listed page by page with what they take`() throws {
        let bench = try Bench()
        let service = try Self.service(bench)
        defer { service.close() }
        let tools = try #require(service.description["tools"]?.elements)
        #expect(tools.compactMap { $0["name"]?.string } == ["add", "fail", "die", "wait"])
        #expect(tools[0]["input_schema"]?["properties"]?["a"] != nil)
        #expect(service.description["server"]?.string == "scripted")
        #expect(service.description["protocol"]?.string == "2025-06-18")
        let log = try bench.lines("log").map { try JSONValue(parsing: $0) }
        #expect(log[0]["params"]?["clientInfo"]?["version"]?.string == "9.9.9")
        #expect(log[1]["method"]?.string == "notifications/initialized")
        #expect(log[1]["id"] == nil)
        #expect(log.allSatisfy { $0["jsonrpc"]?.string == "2.0" })
    }

    @Test func `a call gives texts whole, describes the rest, and the server's own requests are answered`() throws {
        let bench = try Bench()
        let service = try Self.service(bench)
        defer { service.close() }
        let result = try service.ask(#"{"tool": "add", "arguments": {"a": 2, "b": 3}}"#)
        #expect(!result.isError)
        #expect(result.value["text"]?.string == "the sum is\n5")
        let content = try #require(result.value["content"]?.elements)
        #expect(content[2] == json(#"{"type": "image", "mime_type": "image/png", "bytes": 3}"#))
        #expect(content[3] == json(#"{"type": "resource", "uri": "file:///x", "text": "inside"}"#))
        let structured = try #require(result.value["structured"])
        #expect(structured["sum"]?.int == 5)
        #expect(structured["pong"]?.isEqual(to: json(#"{"jsonrpc": "2.0", "id": "theirs", "result": {}}"#)) == true)
        #expect(structured["refused"]?["error"]?["code"]?.int == -32601)
    }

    @Test func `failures of tools and refusals of the server are results that say so`() throws {
        let bench = try Bench()
        let service = try Self.service(bench)
        defer { service.close() }
        let failed = try service.ask(#"{"tool": "fail"}"#)
        #expect(failed.isError)
        #expect(failed.value["text"]?.string == "it broke")
        let refused = try service.ask(#"{"tool": "add"}"#)
        #expect(refused.isError)
        #expect(refused.value["text"]?.string == "a is missing")
        #expect(refused.value["code"]?.int == -32602)
    }

    @Test func `a server that dies fails its call with its last words, and is greeted anew by the next`() throws {
        let bench = try Bench()
        let service = try Self.service(bench)
        defer { service.close() }
        let failure = try #require(try service.failure(#"{"tool": "die"}"#))
        #expect(failure.kind == .server)
        #expect(failure.message.contains("exit status 4"))
        #expect(failure.message.contains("out of paper"))
        #expect(
            try service.ask(#"{"tool": "add", "arguments": {"a": 1, "b": 1}}"#).value["text"]?.string == "the sum is\n2"
        )
        #expect(bench.text("log").components(separatedBy: "\"initialize\"").count == 3)
    }

    @Test func `a call that is cancelled is told to the server`() async throws {
        let bench = try Bench()
        let service = try Self.service(bench)
        defer { service.close() }
        let cancel = service.call(json(#"{"tool": "wait"}"#), seed: 0) { _ in }
        #expect(try await eventually { !bench.text("waiting").isEmpty })
        cancel()
        #expect(try await eventually { bench.text("log").contains("notifications/cancelled") })
        let told = try #require(bench.lines("log").last { $0.contains("notifications/cancelled") })
        let asked = try #require(bench.lines("log").last { $0.contains("\"wait\"") })
        #expect(try JSONValue(parsing: told)["params"]?["requestId"] == JSONValue(parsing: asked)["id"])
    }

    @Test func `older revisions are spoken, unknown ones are not`() throws {
        let bench = try Bench()
        let old = try Self.service(bench, Self.server(version: "2024-11-05"))
        #expect(old.description["protocol"]?.string == "2024-11-05")
        old.close()
        let refusal = #expect(throws: ServiceRefusal.self) {
            try Self.service(bench, Self.server(version: "2031-01-01"))
        }
        #expect(refusal?.description.contains("2031-01-01") == true)
    }

    @Test func `only the tools that the suite names can be called`() throws {
        let bench = try Bench()
        let service = try Self.service(bench, tools: ["add"])
        defer { service.close() }
        #expect(service.description["tools"]?.elements?.count == 1)
        #expect(service.problem(with: json(#"{"tool": "add", "arguments": {}}"#)) == nil)
        #expect(service.problem(with: json(#"{"tool": "fail"}"#))?.contains("one of add") == true)
        #expect(service.problem(with: json(#"{"tool": "add", "arguments": 3}"#))?.contains("an object") == true)
        #expect(service.problem(with: json(#"{"tool": "add", "argument": {}}"#))?.contains("arguments") == true)
        let refusal = #expect(throws: ServiceRefusal.self) { try Self.service(bench, tools: ["ad"]) }
        #expect(refusal?.description.contains("did you mean `add`?") == true)
    }

    @Test func `what does not speak the protocol is refused with its own words`() throws {
        let bench = try Bench()
        let talkative = try bench.python("print('Welcome!', flush=True)\nimport time\ntime.sleep(100)", timeout: 20)
        let first = #expect(throws: ServiceRefusal.self) { try MCPService(talkative, clientVersion: "1") }
        #expect(first?.description.contains("Welcome!") == true)
        let dead = try bench.python("import sys\nsys.exit('no licence')", timeout: 20)
        let second = #expect(throws: ServiceRefusal.self) { try MCPService(dead, clientVersion: "1") }
        #expect(second?.description.contains("no licence") == true)
    }
}
