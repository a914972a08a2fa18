import Completions
import Foundation
import HostGraders
import Testing

@Suite(.enabled(if: CodeUnderTest.refusal == nil, "no sandbox here: \(CodeUnderTest.refusal ?? "")"))
struct CodeGraderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var answer: String
        var stage: String
        var item = CodeUnderTest.double
        var testDescription: String { "\(stage): \(answer.prefix(40).debugDescription)" }
    }

    static let right: [Case] = [
        Case(answer: "    return 2 * x\n", stage: "passed"),
        Case(answer: "def double(x):\n    return math.floor(half(4 * x))\n", stage: "passed"),
        Case(
            answer: "Sure!\n```python\ndef double(x):\n    return 2 * half(x) + x\n```\nIt does.", stage: "passed"),
        Case(answer: "```\n    return x + x\n```", stage: "passed"),
        Case(
            answer: "```python\ndef double(x): return x + x\n```\nFor example:\n```python\nprint(double(3))\n```",
            stage: "passed"),
        Case(
            answer: "```python\ndef double(x): return x\n```\nNo:\n```python\ndouble = lambda x: 2 * x\n",
            stage: "passed"),
        Case(answer: "I would write\n\nimport os\ndef double(x):\n    return 2 * x", stage: "passed"),
        Case(
            answer: "```python\nclass Two:\n    x = 2\ndef double(x):\n    return 2 * x\n```", stage: "passed",
            item: CodeUnderTest.listed),
    ]
    static let wrong: [Case] = [
        Case(answer: "    return x\n", stage: "failed"),
        Case(answer: "    return 'a' + x\n", stage: "error"),
        Case(answer: "I can't do that.", stage: "error"),
        Case(answer: "    raise SystemExit(0)\n", stage: "ended_early"),
        Case(answer: "    import os\n    os._exit(0)\n", stage: "ended_early"),
        Case(answer: "    while True: pass\n", stage: "timeout"),
        Case(answer: "    import time\n    time.sleep(99)\n", stage: "timeout"),
        Case(answer: "    return len(bytearray(1 << 40))\n", stage: "memory"),
        Case(answer: "    while True: print('x' * 1000)\n", stage: "output"),
        Case(answer: "    import os\n    os.fork()\n    return 2 * x\n", stage: "error"),
        Case(answer: "    import os\n    os.abort()\n", stage: "crashed"),
        Case(answer: "    open('/usr/evalh-escape', 'w')\n    return 2 * x\n", stage: "error"),
        Case(answer: "The function adds x to itself.", stage: "none", item: CodeUnderTest.listed),
        Case(answer: "", stage: "none", item: CodeUnderTest.listed),
    ]

    @Test(arguments: right + wrong) func `a program is found in the answer and its tests decide`(_ row: Case) throws {
        let code = try CodeUnderTest(#"{"cpu_seconds": 1, "wall_seconds": 5}"#)
        let grade = try code.grade(row.answer, row.item)
        #expect(grade.stage == row.stage, "\(grade.explanation ?? "")")
        #expect(grade.score == (row.stage == "passed" ? 1 : 0))
        #expect(grade.strictScore == grade.score)
    }

    @Test func `what a program says of itself is bounded and without control characters`() throws {
        let answer = "    raise ValueError('\\x1b[31m\\u202e' + 'long' * 1000)\n"
        let grade = try CodeUnderTest().grade(answer)
        let explanation = try #require(grade.explanation)
        #expect(explanation.hasPrefix("ValueError: "))
        #expect(explanation.unicodeScalars.count <= 300)
        #expect(!explanation.contains("\u{1b}") && !explanation.contains("\u{202e}"))
    }

    @Test func `recordings that were not cut are cut at the stops that are given`() throws {
        let answer = "    return 2 * x\n\nprint(double('a'))\nx = ["
        #expect(try CodeUnderTest().grade(answer).stage == "error")
        #expect(try CodeUnderTest(#"{"stop": ["\nclass", "\nprint"]}"#).grade(answer).stage == "passed")
    }

    @Test func `any command runs any template`() throws {
        let parameters = #"""
            {"command": ["sh"], "file": "program.sh", "processes": 4,
             "template": "{{program}}\n[ \"$(double {{ in }})\" = {{out}} ] || exit 9\necho {{mark}} >&3\n"}
            """#
        let code = try CodeUnderTest(parameters)
        let item = #"{"in": 4, "out": "8"}"#
        #expect(try code.grade("```sh\ndouble() { echo $(($1 * 2)); }\n```", item).stage == "passed")
        #expect(try code.grade("```sh\ndouble() { echo $1; }\n```", item).stage == "error")
        #expect(try code.grade("```sh\nexit 0\n```", item).stage == "ended_early")
        #expect(throws: (any Error).self) { try code.grade("```sh\nexit 0\n```", "{}") }
    }

    @Test func `a program runs once, and a resumed run knows its verdict`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-verdicts-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = URL(fileURLWithPath: folder + "/verdicts.jsonl")
        let lines = { try String(contentsOf: file, encoding: .utf8).split(separator: "\n") }
        let code = try CodeUnderTest()
        code.grader.keep(in: folder)
        for _ in 1...3 { #expect(try code.grade("    return 2 * x\n").score == 1) }
        #expect(try lines().count == 1)
        // The file is cut off in the middle of its second line, as a kill may leave it.
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"key":"ab"#.utf8))
        try handle.close()
        // A verdict that the file holds is believed: nothing is run for it.
        let text = try String(contentsOf: file, encoding: .utf8).replacing(#""passed""#, with: #""timeout""#)
        try text.write(to: file, atomically: true, encoding: .utf8)
        let resumed = try CodeUnderTest()
        resumed.grader.keep(in: folder)
        #expect(try resumed.grade("    return 2 * x\n").stage == "timeout")
        #expect(try resumed.grade("    return x\n").stage == "failed")
        let third = try CodeUnderTest()
        third.grader.keep(in: folder)
        #expect(try third.grade("    return x\n").stage == "failed")
        #expect(try lines().count == 3)
        // Other limits are another question.
        let other = try CodeUnderTest(#"{"memory_mib": 512}"#)
        other.grader.keep(in: folder)
        #expect(try other.grade("    return 2 * x\n").stage == "passed")
    }
}

struct CodeParameterTests {
    @Test func `equal programs are one vote, whatever their comments and blank lines`() throws {
        let grader = try CodeUnderTest().grader
        let first = try grader.extract("```python\n# Twice.\ndef f(x):\n\n    return 2 * x  \n```")
        let other = try grader.extract("Here:\n```\ndef f(x):\n    return 2 * x\n```\nBye.")
        #expect(first?.answer == "def f(x):\n    return 2 * x")
        #expect(first?.answer == other?.answer)
        #expect(first?.stage == "block")
        #expect(try grader.extract(" \n ") == nil)
    }

    @Test(arguments: [
        #"{"file": "a/b"}"#, #"{"visible": ["data"]}"#, #"{"template": "{{test}}"}"#,
    ])
    func `parameters that cannot be meant are refused`(_ parameters: String) {
        #expect(throws: (any Error).self) { try CodeUnderTest(parameters) }
    }

    @Test func `without its interpreter nothing is run, and the reason is told`() throws {
        let code = try CodeUnderTest(#"{"command": ["no-such-interpreter"]}"#)
        let error = #expect(throws: (any Error).self) { try code.grader.check() }
        #expect("\(try #require(error))".contains("no-such-interpreter"))
        #expect(throws: (any Error).self) { try code.grade("    return 2 * x\n") }
    }

    @Test func `answers of a megabyte take no longer than their length`() throws {
        let grader = try CodeUnderTest().grader
        let began = ContinuousClock.now
        for piece in ["```\n", "```python\ndef f(x):\n", "def f(", "~~~ ` \n", "# \n", "\r\n", "``` x\n````\n"] {
            _ = try grader.extract(String(repeating: piece, count: 1_000_000 / piece.utf8.count))
        }
        // Unoptimised code on a busy machine; quadratic work would take hours.
        #expect(ContinuousClock.now - began < .seconds(60))
    }
}
