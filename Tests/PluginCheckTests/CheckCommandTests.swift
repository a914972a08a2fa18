import Foundation
import JSON
import Testing

/// `evalh plugin check` as a user has it.
struct CheckCommandTests {
    private let shipped = Fixtures.products.appendingPathComponent("libEvalhPlugins.so").path

    @Test func `the JSON form has what its documentation promises`() throws {
        let result = try Fixtures.check(
            shipped, "--json", "--only", "greedy:strategy.runs", "--only", "greedy:strategy.estimate", "--seed", "5")
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONValue(parsing: result.output)
        #expect(report["evalh_plugin_check"]?.int == 1)
        #expect(report["seed"]?.int == 5)
        #expect(report["passed"]?.bool == true)
        #expect(report["counts"]?["passed"]?.int == 2)
        #expect(report["counts"]?["crashed"]?.int == 0)
        let tests = try #require(report["tests"]?.elements)
        #expect(tests.map { $0["test"]?.string } == ["strategy.runs", "strategy.estimate"])
        for test in tests {
            let keys = (test.members ?? []).map(\.key)
            #expect(keys == ["kind", "id", "test", "status", "seconds", "findings", "measured"])
        }
        #expect(tests[1]["measured"]?["estimate"]?.string == "1 to 1")
    }

    @Test func `parameters reach the plugin, in JSON and in pairs`() throws {
        for with in [#"{"samples": 3}"#, "samples: 3"] {
            let result = try Fixtures.check(
                shipped, "--json", "--only", "self-consistency:strategy.estimate", "--with", with)
            #expect(result.status == 0, "\(result.errors)")
            let report = try JSONValue(parsing: result.output)
            #expect(report["tests"]?.elements?.first?["measured"]?["estimate"]?.string == "3 to 3")
            #expect(report["parameters"]?["samples"]?.int == 3)
        }
    }

    @Test func `wrong usage ends with 2 and says what is wrong`() throws {
        #expect(try Fixtures.check("/no/such/file.so").status == 2)
        let nothing = try Fixtures.check(shipped, "--only", "no-such-test")
        #expect(nothing.status == 2)
        #expect(nothing.errors.contains("--list shows all"))
        #expect(try Fixtures.check(shipped, "--with", "no parameters").status == 2)
        #expect(try Fixtures.check().status == 2)
        #expect(try Fixtures.check(#filePath).errors.contains("is not a shared library"))
    }

    @Test func `every test is listed in its documentation with what it finds`() throws {
        let list = try Fixtures.check("--list")
        #expect(list.status == 0)
        let page = try String(
            contentsOf: Fixtures.root.appendingPathComponent("docs/plugins/checking.md"), encoding: .utf8)
        let lines = list.output.split(separator: "\n")
        #expect(lines.count > 30)
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(page.contains("| `\(parts[0])` | \(parts[1]) |"), "\(line)")
        }
    }

    @Test func `no shipped plugin fails in the sessions and numbers it is made for`() throws {
        try expectGood("--only", "library:*", "--only", "*.runs", "--only", "*.ends", "--timeout", "300")
    }

    /// Many minutes in a debug build: where `EVALH_CHECK_ALL=1` says so. Sessions for leaks are few.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["EVALH_CHECK_ALL"] == "1"))
    func `no shipped plugin fails or crashes in any test`() throws {
        try expectGood("--sessions", "50", "--timeout", "600")
    }

    private func expectGood(_ arguments: String...) throws {
        let result = try Fixtures.run(
            Fixtures.products.appendingPathComponent("evalh"), ["plugin", "check", shipped, "--json"] + arguments)
        let report = try JSONValue(parsing: result.output)
        let bad = (report["tests"]?.elements ?? []).filter {
            ["failed", "crashed"].contains($0["status"]?.string)
        }
        #expect(bad.isEmpty, "\(bad)")
        #expect(result.status == 0)
        #expect((report["plugins"]?.elements?.count ?? 0) > 50)
    }
}
