import Foundation
import Testing

/// The grader `code` in commands.
@Suite(.serialized) struct CodeGraderCommandTests {
    private static let data = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["EVALH_SHARED"]
            ?? BuiltBinary.root.deletingLastPathComponent().appendingPathComponent("shared").path
    ).appendingPathComponent("data").resolvingSymlinksInPath().path
    private static let items = "\(data)/humaneval/HumanEval.jsonl.gz"
    private static let hasData = FileManager.default.fileExists(atPath: items)

    /// Why programs of models are not run on this machine, as `evalh doctor` tells it; `nil`: they are.
    private static let refusal: String? = {
        guard let place = try? Workplace(), let result = try? place.evalh("doctor") else { return "no doctor" }
        defer { place.remove() }
        let line = result.output.split(separator: "\n").first { $0.hasPrefix("sandbox") } ?? ""
        return line.contains("programs of models can be run") ? nil : String(line)
    }()

    private static let suite = """
        evalh: 1
        name: canon
        sampling: {max_tokens: 512}
        arms: [{id: one, strategy: self-consistency, with: {samples: 1}}]
        grader: code
        metrics: [{use: pass-at-k, with: {k: [1]}}]
        gates: ["accuracy(one) == 1", "errors(one) == 0", "pass_at_1(one) == 1"]
        """

    private static let double =
        #"{"task_id": "d", "prompt": "def double(x):\n", "entry_point": "double", "#
        + #""test": "def check(f):\n    assert f(2) == 4\n", "samples": ["    return 2 * x\n"]}"#

    private func writeDouble(_ place: Workplace) throws {
        try place.write(Self.double + "\n", to: "rows.jsonl")
        try place.write(Self.suite, to: "suite.yaml")
        let made = try place.evalh("pool", "import", "rows.jsonl", "--out", "x.pool", "--keep", "test,entry_point")
        #expect(made.status == 0, "\(made.errors)")
    }

    @Test(
        .enabled(if: hasData, "../shared/data is not here"),
        .enabled(if: refusal == nil, "no sandbox here: \(refusal ?? "")"),
        arguments: ["humaneval", "mbpp"])
    func `canonical solutions pass all tests of HumanEval and MBPP`(_ name: String) throws {
        let place = try Workplace()
        defer { place.remove() }
        // The data sets' own solutions as samples: a completion of the prompt, and an answer with a block.
        let script = """
            import gzip, json, sys
            folder, name = sys.argv[1:]
            path = folder + ("/humaneval/HumanEval.jsonl.gz" if name == "humaneval" else "/mbpp/mbpp.jsonl")
            with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
                for line in file:
                    row = json.loads(line)
                    block = "So:\\n```\\n" + row.get("code", "") + "\\n```"
                    row["samples"] = [row["canonical_solution"] if name == "humaneval" else block]
                    print(json.dumps(row))
            """
        try place.write(script, to: "rows.py")
        let python = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/env"), ["python3", "rows.py", Self.data, name], folder: place.url)
        try place.write(try python.result().output, to: "rows.jsonl")
        try place.write(Self.suite, to: "suite.yaml")
        let kept = name == "humaneval" ? "test,entry_point" : "test_list,test_setup_code"
        let made = try place.evalh("pool", "import", "rows.jsonl", "--out", "x.pool", "--keep", kept)
        #expect(made.status == 0, "\(made.errors)")
        let result = try place.evalh("replay", "x.pool", "suite.yaml")
        #expect(result.status == 0, "\(result.errors) \(result.output)")
        let summary = try place.json("reports/canon/latest/summary.json")
        let dataset = try #require(summary["dataset"] as? [String: Any])
        #expect(dataset["items"] as? Int == (name == "humaneval" ? 164 : 974))
    }

    @Test(.enabled(if: refusal == nil, "no sandbox here: \(refusal ?? "")"))
    func `verdicts are kept with the run, and scoring anew runs nothing that was run`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try writeDouble(place)
        let result = try place.evalh("replay", "x.pool", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let file = "reports/canon/latest/verdicts.jsonl"
        #expect(try place.text(file).contains(#""stage":"passed""#))
        try place.write(try place.text(file).replacing(#""passed""#, with: #""timeout""#), to: file)
        let scored = try place.evalh("score", "reports/canon/latest")
        #expect(scored.status == 1)
        #expect((scored.output + scored.errors).contains("1 sessions graded again by code, 1 scores changed"))
    }

    @Test func `where the kernel gives no namespaces nothing is run, and the command says why`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try writeDouble(place)
        // Where they can be had at all, the command runs inside one that may have no others.
        let forbid = "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$0\" \"$@\""
        let command = ["replay", "x.pool", "suite.yaml"]
        let tool =
            Self.refusal == nil
            ? try RunningTool(
                URL(fileURLWithPath: "/usr/bin/env"),
                ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, BuiltBinary.evalh.path] + command,
                folder: place.url)
            : try place.start(command)
        let result = try tool.result()
        #expect(result.status == 2, "\(result.output)")
        #expect(result.errors.contains("the grader `code` cannot work on this machine: "))
        #expect(result.errors.contains("nothing was run"))
        if Self.refusal == nil { #expect(result.errors.contains("max_user_namespaces")) }
        #expect(!FileManager.default.fileExists(atPath: place.url.appendingPathComponent("reports/canon").path))
    }
}
