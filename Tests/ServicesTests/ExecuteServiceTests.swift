import Completions
import Foundation
import JSON
import Sandbox
import Testing

@testable import Services

enum SandboxHere {
    /// Why programs cannot be run on this machine; `nil`: they can.
    static let refusal: String? = {
        do {
            try ExecuteService(ExecuteSettings(name: "python"), environment: ProcessInfo.processInfo.environment)
                .close()
            return nil
        } catch {
            return "\(error)"
        }
    }()
}

@Suite(.enabled(if: SandboxHere.refusal == nil, "no sandbox here: \(SandboxHere.refusal ?? "")"))
struct ExecuteServiceTests {
    static func service(_ change: (inout ExecuteSettings) -> Void = { _ in }) throws -> ExecuteService {
        var settings = ExecuteSettings(name: "python", limits: SandboxLimits(cpuSeconds: 1, wallSeconds: 5))
        settings.limits.outputBytes = 1 << 16
        change(&settings)
        return try ExecuteService(settings, environment: ProcessInfo.processInfo.environment)
    }

    @Test(arguments: [
        (#"{"code": "print(6 * 7)"}"#, #"{"outcome": "finished", "output": "42\n", "exit_status": 0}"#),
        (
            #"{"code": "print(input()[::-1])", "input": "hello\n"}"#,
            #"{"outcome": "finished", "output": "olleh\n", "exit_status": 0}"#
        ),
        (#"{"code": "import sys\nsys.exit(3)"}"#, #"{"outcome": "error", "exit_status": 3, "detail": "exit code 3"}"#),
        (
            #"{"code": "def f(x): return 2 * x", "tests": "assert f(2) == 4"}"#,
            #"{"passed": true, "outcome": "passed", "output": "", "exit_status": 0}"#
        ),
        (#"{"code": "def f(x): return x", "tests": "assert f(2) == 4"}"#, #"{"passed": false, "outcome": "failed"}"#),
        (#"{"code": "raise SystemExit(0)", "tests": "assert False"}"#, #"{"passed": false, "outcome": "ended_early"}"#),
        (#"{"code": "while True: pass"}"#, #"{"outcome": "timeout"}"#),
        (#"{"code": "bytearray(1 << 40)"}"#, #"{"outcome": "memory"}"#),
        (#"{"code": "while True: print('x' * 1000)"}"#, #"{"outcome": "output"}"#),
        (#"{"code": "x = ("}"#, #"{"outcome": "error"}"#),
        (
            #"{"code": "import urllib.request as u\nu.urlopen('http://127.0.0.1')", "tests": ""}"#,
            #"{"passed": false, "outcome": "error"}"#
        ),
        (#"{"code": "print('{{tests}}')", "tests": "assert True"}"#, #"{"output": "{{tests}}\n", "passed": true}"#),
    ])
    func `a program's outcome is told`(_ row: (payload: String, expected: String)) throws {
        let service = try Self.service()
        defer { service.close() }
        #expect(service.problem(with: json(row.payload)) == nil)
        let result = try service.ask(row.payload).value
        for member in json(row.expected).members ?? [] {
            #expect(result[member.key] == member.value, "\(member.key) in \(result)")
        }
        #expect((result["output"]?.string?.utf8.count ?? 0) <= 1 << 16)
    }

    @Test func `two runs of a program give the same result to the byte`() throws {
        let service = try Self.service()
        defer { service.close() }
        let payload = #"{"code": "print(hash('x'), {3, 1, 2})\nraise ValueError('no')", "tests": "assert True"}"#
        #expect(try service.ask(payload).value == service.ask(payload).value)
    }

    @Test func `an input of a megabyte is read whole and cannot be changed`() throws {
        let service = try Self.service()
        defer { service.close() }
        let code = """
            import os, sys
            try: os.write(0, b'x')
            except OSError as problem: print(type(problem).__name__)
            print(len(sys.stdin.read()))
            """
        let payload = JSONValue.object([
            .init("code", .string(code)), .init("input", .string(String(repeating: "x", count: 1 << 20))),
        ])
        #expect(try service.ask(payload).value["output"]?.string == "PermissionError\n\(1 << 20)\n")
    }

    @Test func `payloads that are none are told why`() throws {
        let service = try Self.service()
        defer { service.close() }
        #expect(service.problem(with: json("[]"))?.contains("an object") == true)
        #expect(service.problem(with: json("{}"))?.contains("lacks `code`") == true)
        #expect(service.problem(with: json(#"{"code": 3}"#))?.contains("a text") == true)
        #expect(service.problem(with: json(#"{"code": "", "test": ""}"#))?.contains("did you mean `tests`") == true)
        #expect(service.problem(with: json(#"{"code": "", "language": "c"}"#))?.contains("`python`") == true)
    }

    @Test func `other languages have their command, and a template for tests`() throws {
        let bare = try Self.service {
            ($0.command, $0.language, $0.file) = (["sh"], "sh", "program.sh")
            $0.limits.processes = 8
        }
        defer { bare.close() }
        #expect(try bare.ask(#"{"code": "echo $((6 * 7))"}"#).value["output"]?.string == "42\n")
        #expect(bare.problem(with: json(#"{"code": "", "tests": ""}"#))?.contains("`template`") == true)
        let tested = try Self.service {
            ($0.command, $0.language, $0.file) = (["sh"], "sh", "program.sh")
            $0.limits.processes = 8
            $0.template = "{{code}}\n{{tests}} || exit 9\necho {{mark}} >&3\n"
        }
        defer { tested.close() }
        let payload = #"{"code": "twice() { echo $(($1 * 2)); }", "tests": "[ $(twice 4) = 8 ]"}"#
        #expect(try tested.ask(payload).value["passed"]?.bool == true)
    }

    @Test func `what the sandbox refuses is said before anything is run`() throws {
        let refusal = #expect(throws: ServiceRefusal.self) {
            try Self.service { $0.command = ["no-such-interpreter"] }
        }
        #expect(refusal?.description.contains("programs cannot be run on this machine") == true)
        #expect(refusal?.description.contains("no-such-interpreter") == true)
        let unfit = #expect(throws: ServiceRefusal.self) { try Self.service { $0.template = "{{code}}" } }
        #expect(unfit?.description.contains("{{tests}}") == true)
    }
}
