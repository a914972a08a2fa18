import Foundation
import JSON
import Testing

/// Every bad plugin is found out by the test that looks for its mistake.
@Suite(.enabled(if: Fixtures.compiler != nil, "no C compiler"))
struct BadPluginTests {
    struct Bad: CustomTestStringConvertible {
        var file: String
        var test: String
        var status: String
        /// A part of the finding.
        var says: String
        var testDescription: String { file }

        init(_ file: String, _ test: String, _ status: String, _ says: String) {
            (self.file, self.test, self.status, self.says) = (file, test, status, says)
        }
    }

    static let all = [
        Bad("01-crash-create", "strategy.runs", "crashed", "SIGSEGV (invalid address) at create"),
        Bad("02-crash-step", "strategy.runs", "crashed", "SIGSEGV (invalid address) at step at event 1 (DONE)"),
        Bad("03-crash-destroy", "strategy.runs", "crashed", "at destroy"),
        Bad("04-crash-estimate", "strategy.estimate", "crashed", "at estimate"),
        Bad("05-crash-entry", "library.entry", "crashed", "SIGABRT (abort) at the entry function"),
        Bad("06-hang-create", "strategy.runs", "crashed", "timed out after 3 s at create"),
        Bad("07-hang-step", "strategy.runs", "crashed", "timed out after 3 s at step at event 2 (DONE)"),
        Bad("08-hang-destroy", "strategy.runs", "crashed", "timed out after 3 s at destroy"),
        Bad("09-hang-entry", "library.entry", "crashed", "timed out after 3 s at the entry function"),
        Bad("10-exit", "strategy.runs", "crashed", "the plugin ended the process (exit code 0)"),
        Bad("11-globals", "strategy.interleaved", "failed", "a session among others"),
        Bad("12-clock", "strategy.repeatable", "failed", "in another process, a second later"),
        Bad("13-random", "strategy.repeatable", "failed", "in another process"),
        Bad("14-grouping", "strategy.grouping", "failed", "instead of one by one"),
        Bad("15-seq", "strategy.runs", "failed", "seq must increase"),
        Bad("16-duplicate-ids", "strategy.runs", "failed", "used the request id 2 twice"),
        Bad("17-flood", "strategy.runs", "failed", "completions and goes on"),
        Bad("18-leak", "strategy.leaks", "failed", "bytes of memory behind"),
        Bad("19-never-finishes", "strategy.runs", "failed", "waits although neither requests nor timers are open"),
        Bad("20-ignores-stop", "strategy.stop", "failed", "did not FINISH in that step"),
        Bad("21-bad-schema", "library.schemas", "failed", "has a default that breaks minimum 1"),
        Bad("22-bad-utf8", "library.manifest", "failed", "description is not UTF-8"),
        Bad("23-struct-size", "library.entry", "failed", "struct_size is 40, too small"),
        Bad("24-undeclared-output", "metric.runs", "failed", "under the name \"accuracy\""),
        Bad("25-estimate-lies", "strategy.estimate", "failed", "its estimate says at most 1"),
        Bad("26-asymmetric-same", "grader.same", "failed", "differ"),
        Bad("27-nan-score", "grader.runs", "failed", "which is not within [0, 1]"),
        Bad("28-endless-allocator", "allocator.ends", "failed", "goes on after 5000 rounds"),
        Bad("29-keeps-events", "strategy.runs", "crashed", "memory of an earlier call"),
        Bad("30-prints", "strategy.runs", "failed", "bytes on standard output: \"answer 0\\n"),
        Bad("31-abi-major", "library.entry", "failed", "is built for plugin ABI 7.0"),
        Bad("32-unknown-events", "strategy.unknown-events", "crashed", "SIGSEGV"),
        Bad("33-constructor", "library.loading", "warned", "loading it started 1 thread"),
        Bad("34-refused-budget", "strategy.budget", "failed", "step failed at event 1 (REJECTED)"),
        Bad("35-bad-parameters", "strategy.bad-parameters", "crashed", "SIGSEGV"),
        Bad("36-cuts-characters", "strategy.texts", "failed", "handed over a text that is not UTF-8"),
    ]

    @Test func `every bad plugin has its mistake found, and every one is listed here`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.bad.path).filter { $0.hasSuffix(".c") }
        #expect(Set(files) == Set(Self.all.map { $0.file + ".c" }))
    }

    @Test(arguments: all) func `the mistake is found by the test that looks for it`(bad: Bad) throws {
        try Fixtures.inFolder { folder in
            let library = try Fixtures.library(bad.file, in: folder)
            let result = try Fixtures.check(
                library, "--json", "--only", "*:\(bad.test)", "--timeout", bad.says.contains("timed out") ? "3" : "60",
                "--sessions", "2000")
            #expect(result.status == (bad.status == "warned" ? 0 : 7), "\(result.errors)")
            let report = try JSONValue(parsing: result.output)
            let tests = try #require(report["tests"]?.elements)
            let found = try #require(tests.first { $0["test"]?.string == bad.test })
            #expect(found["status"]?.string == bad.status)
            let texts = (found["findings"]?.elements ?? []).map {
                "\($0["message"]?.string ?? "") \($0["advice"]?.string ?? "")"
            }
            #expect(texts.contains { $0.contains(bad.says) }, "\(texts)")
        }
    }

    @Test func `a crash costs one test alone, and the others are told`() throws {
        try Fixtures.inFolder { folder in
            let library = try Fixtures.library("04-crash-estimate", in: folder)
            let result = try Fixtures.check(library, "--sessions", "200", "--only", "strategy.*", "--timeout", "30")
            #expect(result.status == 7)
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("crashed  org.example.bad  strategy.estimate: SIGSEGV") })
            #expect(lines.contains { $0.hasPrefix("passed   org.example.bad  strategy.runs") })
            #expect(lines.last?.contains("0 failed, 2 crashed") == true, "\(lines)")
        }
    }
}
