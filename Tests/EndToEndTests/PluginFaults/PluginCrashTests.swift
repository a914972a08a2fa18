import Foundation
import Testing

/// Whatever a plugin does to evalh's process: the exit code is 7, one line says who and where, the journal is whole.
@Suite(.enabled(if: Mischief.isPossible, "no C compiler")) struct PluginCrashTests {
    /// One deed by the strategy's step in its third session; the run goes on without the arm, and with it in peace.
    @Test(arguments: [
        ("crash", "crashed in step: SIGSEGV at address 0x8 in do_crash+0x"), ("abort", "crashed in step: SIGABRT"),
        ("trap", "crashed in step: SIG"), ("overflow", "crashed in step: SIGSEGV"),
        ("kill", "crashed in step: SIGKILL, for want of memory or from outside"),
        ("exit0", "ended the process in step: exit code 0"), ("exit1", "ended the process in step: exit code 1"),
        ("quit0", "ended the process in step: exit code 0"), ("gone0", "ended the process in step: exit code 0"),
        ("exec", "ended the process in step: exit code 0"), ("loop", "has not come back from step for"),
        ("sleep", "has not come back from step for"),
    ])
    func `a step that takes the process with it is named, and the run can go on without its arm`(
        _ deed: String, _ words: String
    ) throws {
        let mischief = try Mischief(["strategy"])
        defer { mischief.remove() }
        let result = try mischief.evalh("run", "suite.yaml", deed: "step:\(deed):6", limit: 2)
        #expect(result.status == 7, "\(result.errors)")
        let errors = Mischief.errors(result)
        #expect(errors.count == 1, "\(result.errors)")
        let line = String(try #require(errors.first))
        #expect(line.contains("error: strategy mischief.strategy 1.0.0 (libmischief.so) \(words)"), "\(line)")
        #expect(line.contains(", at START, item ") && line.contains(", arm bad; the journal is whole"), "\(line)")
        let advice = "go on without it: evalh resume reports/suite/"
        #expect(line.contains(advice) && line.contains(" --without bad; or mend it, then: evalh resume"), "\(line)")

        // The advice works as it stands.
        let without = try #require(line.split(separator: "go on without it: evalh ").last?.split(separator: ";").first)
        let resumed = try mischief.place.start(
            without.split(separator: " ").map(String.init), ["MISCHIEF": "step:\(deed)"]
        )
        .result()
        #expect(resumed.status == 4, "\(resumed.errors)")
        #expect(resumed.errors.contains("last time strategy mischief.strategy 1.0.0"), "\(resumed.errors)")
        let summary = try mischief.place.json("reports/suite/latest/summary.json")
        let arms = try #require(summary["arms"] as? [[String: Any]])
        #expect(arms.first?["sessions"] as? Int == 4 && summary["status"] as? String == "incomplete")
        let left = try #require(arms.last?["left_out"] as? [String: Any])
        #expect(left["reason"] as? String == "evalh resume --without bad" && left["fault"] as? Bool == false)
        #expect(left["sessions"] as? Int == 4 - (arms.last?["sessions"] as? Int ?? 0))
        #expect(resumed.errors.contains("bad is incomplete"), "\(resumed.errors)")
        let mended = try mischief.evalh("resume", "reports/suite/latest")
        #expect(mended.status == 0, "\(mended.errors)")
        #expect(try mischief.place.json("reports/suite/latest/summary.json")["status"] as? String == "complete")
    }

    private static let calls: [(kind: String, function: String, command: String)] = [
        ("strategy", "load", "run"), ("strategy", "entry", "run"), ("strategy", "create", "run"),
        ("strategy", "destroy", "run"), ("strategy", "estimate", "plan"),
        ("grader", "create", "run"), ("grader", "grade", "run"), ("grader", "extract", "run"),
        ("grader", "same", "run"),
        ("grader", "expected", "validate"), ("grader", "grade", "validate"), ("grader", "destroy", "run"),
        ("metric", "create", "run"), ("metric", "add", "run"), ("metric", "result", "run"),
        ("metric", "destroy", "run"),
        ("allocator", "create", "run"), ("allocator", "add", "run"), ("allocator", "next", "run"),
        ("allocator", "weights", "run"), ("allocator", "result", "run"), ("allocator", "destroy", "run"),
    ]

    private func name(_ kind: String, _ function: String) -> String {
        switch function {
        case "load": "libmischief.so crashed in its constructors"
        case "entry": "libmischief.so crashed in its entry function"
        default: "\(kind) mischief.\(kind) 1.0.0 (libmischief.so) crashed in \(function)"
        }
    }

    @Test(arguments: calls) func `a crash in any function is named`(
        _ kind: String, _ function: String, _ command: String
    )
        throws
    {
        // A strategy shows the grader texts.
        let mischief = try Mischief(kind == "grader" ? ["strategy", "grader"] : [kind])
        defer { mischief.remove() }
        // With a grader that is watched, its strategy must not do the deed of the same name first.
        let result = try mischief.evalh(command, "suite.yaml", deed: "\(function):crash")
        #expect(result.status == 7, "\(result.errors)")
        #expect(Mischief.errors(result).count == 1, "\(result.errors)")
        #expect(result.errors.contains(name(kind, function)), "\(result.errors)")
        if result.errors.contains("the journal is whole") {
            #expect(try mischief.evalh("resume", "reports/suite/latest").status == 0)
        } else {
            #expect(result.errors.contains("nothing was sent"), "\(result.errors)")
        }
    }

    @Test(arguments: calls) func `a loop in any function ends the run and is named`(
        _ kind: String, _ function: String, _ command: String
    ) throws {
        let mischief = try Mischief(kind == "grader" ? ["strategy", "grader"] : [kind])
        defer { mischief.remove() }
        let result = try mischief.evalh(command, "suite.yaml", deed: "\(function):loop", limit: 2)
        #expect(result.status == 7, "\(result.errors)")
        let words = name(kind, function).replacingOccurrences(of: "crashed in", with: "has not come back from")
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test func `a plugin's own thread that ends the process is not taken for success`() throws {
        let mischief = try Mischief(["strategy"])
        defer { mischief.remove() }
        let result = try mischief.evalh("run", "suite.yaml", deed: "step:thread")
        #expect(result.status == 7, "\(result.errors)")
        #expect(
            result.errors.contains("something other than evalh ended its process: exit code 0")
                && result.errors.contains("libmischief.so; the journal is whole"), "\(result.errors)")
        #expect(try mischief.evalh("resume", "reports/suite/latest").status == 0)
    }

    @Test func `what a plugin does on the way out does not change the verdict`() throws {
        let mischief = try Mischief(["strategy"], extra: "gates: [\"errors(bad) == 0\"]")
        defer { mischief.remove() }
        for deed in ["crash", "quit0", "exit1"] {
            #expect(try mischief.evalh("run", "suite.yaml", deed: "unload:\(deed)").status == 0, "\(deed)")
        }
        let failed = try Mischief(["strategy"], extra: "gates: [\"accuracy(bad) >= 0.9\"]")
        defer { failed.remove() }
        #expect(try failed.evalh("run", "suite.yaml", deed: "unload:quit0").status == 1)
    }

    @Test func `a copy of the process that a plugin forks off does not go on with the run`() throws {
        let mischief = try Mischief(["strategy"])
        defer { mischief.remove() }
        let result = try mischief.evalh("run", "suite.yaml", deed: "step:fork")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try mischief.place.json("reports/suite/latest/summary.json")
        #expect((summary["arms"] as? [[String: Any]])?.map { $0["sessions"] as? Int } == [4, 4])
    }

    @Test func `what a plugin prints stays out of the summary, and where it goes does not matter`() throws {
        let mischief = try Mischief(["strategy", "grader", "metric"])
        defer { mischief.remove() }
        for function in ["load", "entry", "create", "step", "extract", "grade", "add", "result", "destroy", "unload"] {
            let result = try mischief.evalh("run", "suite.yaml", "--json", deed: "\(function):print")
            #expect(result.status == 0, "\(result.errors)")
            let summary = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(summary?["schema"] as? String == "evalh.summary/1", "\(function): \(result.output)")
            #expect(result.errors.contains("is no summary"), "\(function)")
        }
        for function in ["load", "entry", "create", "step", "extract", "grade", "add", "result", "destroy"] {
            let folder = "out-\(function)"
            let result = try mischief.evalh("run", "suite.yaml", "--out", folder, deed: "\(function):chdir")
            #expect(result.status == 0, "\(function): \(result.errors)")
            #expect(try mischief.place.json("\(folder)/suite/latest/summary.json")["status"] as? String == "complete")
            #expect(result.errors.contains("report   \(folder)/suite/"), "\(function): \(result.errors)")
        }
    }
}
