import Completions
import Foundation
import JSON
import ModelClients
import Testing

@testable import Services

@Suite(.timeLimit(.minutes(2))) struct ToolServiceTests {
    /// Answers each line by what `answer` makes of it.
    static func tool(_ answer: String, before: String = "") -> String {
        """
        import json, os, sys, time, subprocess
        asked = 0
        \(before)
        for line in sys.stdin:
            call = json.loads(line)
            payload = call["payload"]
            asked += 1
            reply = {"id": call["id"]}
        \(answer.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            print(json.dumps(reply), flush=True)
        """
    }

    @Test func `a program stays from call to call and answers each by its line`() throws {
        let bench = try Bench()
        let tool = try ToolService(
            bench.python(Self.tool("reply['result'] = [payload['x'] * 2, asked, os.getpid()]")), about: "doubles")
        defer { tool.close() }
        let first = try tool.ask(#"{"x": 4}"#).value
        let second = try tool.ask(#"{"x": 5}"#).value
        #expect(first.elements?[0].int == 8)
        #expect(second.elements?.prefix(2).map(\.int) == [10, 2])
        #expect(first.elements?[2] == second.elements?[2])
        #expect(tool.description["about"]?.string == "doubles")
    }

    @Test func `a tool's own word that it failed is a result`() throws {
        let bench = try Bench()
        let tool = try ToolService(bench.python(Self.tool("reply['error'] = 'no such place'")))
        defer { tool.close() }
        let result = try tool.ask("{}")
        #expect(result.isError)
        #expect(result.value == json(#"{"error": "no such place"}"#))
    }

    @Test func `a program that dies fails its call with status and last words, and is there again for the next`() throws
    {
        let bench = try Bench()
        let source = Self.tool(
            """
            if payload.get("die"):
                print("cannot go on", file=sys.stderr, flush=True)
                os._exit(3)
            reply["result"] = asked
            """)
        let tool = try ToolService(bench.python(source))
        defer { tool.close() }
        #expect(try tool.ask("{}").value.int == 1)
        let failure = try #require(try tool.failure(#"{"die": true}"#))
        #expect(failure.kind == .server)
        #expect(failure.isRetryable)
        #expect(failure.message.contains("service 'served'"))
        #expect(failure.message.contains("exit status 3"))
        #expect(failure.message.contains("cannot go on"))
        #expect(try tool.ask("{}").value.int == 1)
    }

    @Test func `a program that is killed says by which signal`() throws {
        let bench = try Bench()
        let tool = try ToolService(bench.python(Self.tool("os.kill(os.getpid(), 11)")))
        defer { tool.close() }
        #expect(try tool.failure("{}")?.message.contains("signal 11") == true)
    }

    @Test func `a program that answers one call and leaves is started for each`() throws {
        let bench = try Bench()
        let source = Self.tool("reply['result'] = asked") + "\n    sys.exit(0)\n"
        let tool = try ToolService(bench.python(source))
        defer { tool.close() }
        for _ in 0..<5 { #expect(try tool.ask("{}").value.int == 1) }
    }

    @Test func `what takes too long is ended with all that it started`() async throws {
        let bench = try Bench()
        let source = Self.tool(
            """
            child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
            open("child", "w").write(str(child.pid))
            time.sleep(1000)
            """)
        let tool = try ToolService(bench.python(source, timeout: 2))
        defer { tool.close() }
        let failure = try #require(try tool.failure("{}"))
        #expect(failure.kind == .timeout)
        #expect(failure.message.contains("2.0 s"))
        let child = try #require(Int32(bench.text("child")))
        #expect(try await eventually { kill(child, 0) != 0 })
    }

    @Test(arguments: [
        ("print('x' * 2000000, flush=True)", "more than 1048576 bytes"),
        ("sys.stdout.write('x' * 2000000); sys.stdout.flush(); time.sleep(100)", "more than 1048576 bytes"),
        ("print('hello', flush=True)", "no JSON"),
        ("reply['id'] = 99", "without the call's `id`"),
        ("reply['results'] = 1", "neither `result` nor `error`"),
        ("sys.stdout.write('{\"id\": 1'); sys.stdout.flush(); os._exit(0)", "no JSON"),
    ])
    func `what is no answer is malformed, and the next call finds a fresh program`(_ row: (String, String)) throws {
        let bench = try Bench()
        let source = Self.tool(
            """
            if payload.get("good"):
                reply["result"] = "good"
            else:
                \(row.0)
            """)
        let tool = try ToolService(bench.python(source))
        defer { tool.close() }
        let failure = try #require(try tool.failure("{}"))
        #expect(failure.kind == .malformed)
        #expect(failure.message.contains(row.1), "\(failure.message)")
        #expect(try tool.ask(#"{"good": true}"#).value.string == "good")
    }

    @Test func `a payload larger than any pipe goes in while answers come out`() throws {
        let bench = try Bench()
        let source = Self.tool(
            """
            print("noise " * 20000, file=sys.stderr, flush=True)
            reply["result"] = len(payload["text"])
            """)
        let tool = try ToolService(bench.python(source))
        defer { tool.close() }
        let payload = JSONValue.object([.init("text", .string(String(repeating: "é", count: 1 << 20)))])
        #expect(try tool.ask(payload).value.int == 1 << 20)
    }

    @Test func `programs see the suite's variables and secrets, little else, and no message shows a secret`() throws {
        let bench = try Bench()
        setenv("EVALH_TEST_UNSEEN", "unseen", 1)
        let source = Self.tool(
            """
            if payload.get("die"):
                print("my key is " + os.environ["SEARCH_KEY"], file=sys.stderr, flush=True)
                os._exit(1)
            reply["result"] = {k: os.environ.get(k) for k in ["SEARCH_KEY", "REGION", "EVALH_TEST_UNSEEN"]}
            """)
        let settings = try bench.python(
            source, environment: ["REGION": "north"], secrets: ["SEARCH_KEY": Secret("secret-key-of-tool")])
        let tool = try ToolService(settings)
        defer { tool.close() }
        let seen = try tool.ask("{}").value
        #expect(seen["SEARCH_KEY"]?.string == "secret-key-of-tool")
        #expect(seen["REGION"]?.string == "north")
        #expect(seen["EVALH_TEST_UNSEEN"] == .null)
        let failure = try #require(try tool.failure(#"{"die": true}"#))
        #expect(failure.message.contains("my key is <redacted>"), "\(failure.message)")
        #expect(!tool.fingerprint.contains("secret-key"))
    }

    @Test func `a call that is cancelled frees its program`() async throws {
        let bench = try Bench()
        let source = Self.tool(
            """
            if payload.get("sleep"):
                open("sleeping", "w").write(str(os.getpid()))
                time.sleep(1000)
            reply["result"] = "awake"
            """)
        let tool = try ToolService(bench.python(source))
        defer { tool.close() }
        let cancel = tool.call(json(#"{"sleep": true}"#), seed: 0) { _ in }
        #expect(try await eventually { !bench.text("sleeping").isEmpty })
        cancel()
        #expect(try tool.ask("{}").value.string == "awake")
        let process = try #require(Int32(bench.text("sleeping")))
        #expect(try await eventually { kill(process, 0) != 0 })
    }

    @Test func `copies of a program serve several calls at once`() async throws {
        let bench = try Bench()
        // Each waits until the other has come.
        let source = Self.tool(
            """
            open("here-" + str(payload["n"]), "w").close()
            while not os.path.exists("here-" + str(1 - payload["n"])): time.sleep(0.01)
            reply["result"] = payload["n"]
            """)
        let tool = try ToolService(bench.python(source, connections: 2))
        defer { tool.close() }
        let pending = [0, 1].map { PendingAnswer(tool, .object([.init("n", .integer($0))])) }
        #expect(try pending.map { try $0.wait().get().value.int } == [0, 1])
    }

    @Test func `closing ends programs that run and those that wait`() async throws {
        let bench = try Bench()
        let source = Self.tool("reply['result'] = os.getpid()")
        let tool = try ToolService(bench.python(source))
        let process = try #require(try tool.ask("{}").value.int)
        tool.close()
        #expect(kill(Int32(process), 0) != 0)
    }

    @Test func `a program that is not there is refused at once`() throws {
        let bench = try Bench()
        let settings = ProgramSettings(name: "calc", command: ["no-such-program-here"], folder: bench.folder)
        let refusal = #expect(throws: ServiceRefusal.self) { try ToolService(settings) }
        #expect(refusal?.description.contains("no-such-program-here") == true)
    }

    @Test func `fingerprints follow command, files and variables`() throws {
        let bench = try Bench()
        func fingerprint(_ source: String, _ environment: [String: String] = [:]) throws -> String {
            try ToolService(bench.python(source, environment: environment)).fingerprint
        }
        let one = try fingerprint("print(1)")
        #expect(try fingerprint("print(1)") == one)
        #expect(try fingerprint("print(2)") != one)
        #expect(try fingerprint("print(1)", ["A": "1"]) != one)
    }
}
