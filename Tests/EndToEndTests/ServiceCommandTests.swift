import Foundation
import Testing

/// Services of suites, by the program that people run.
@Suite struct ServiceCommandTests {
    private func place(_ services: String, _ server: MockServer, arm: String = "services-tour") throws -> Workplace {
        let place = try Workplace()
        try place.writeItems(4)
        try place.write(ServiceKillTests.tool, to: "tool.py")
        try place.writeSuite(
            server, arms: "[{id: tour, strategy: \(arm)}]", extra: "services:\n" + services)
        return place
    }

    @Test func `a service that cannot be opened is told with its place, before anything is asked`() throws {
        let server = try MockServer()
        for (services, place, words) in [
            ("  one: {kind: tool, command: [no-such-program]}", "suite.yaml:10:8", "no-such-program"),
            (
                "  one: {kind: mcp, command: [python3, -c, 'input(); print(1)']}", "suite.yaml:10:8",
                "before it answered"
            ),
            ("  one: {kind: retrieve, corpus: {path: none.jsonl}}", "suite.yaml:10:8", "none.jsonl"),
            ("  one: {kind: tool, command: [cat], secrets: [EVALH_UNSET_SECRET]}", "suite.yaml:10:8", "EVALH_UNSET"),
            ("  one: {kind: tool}", "suite.yaml:10:15", "needs `command`"),
            ("  one: {kind: plugin, use: org.example.none}", "suite.yaml:10:28", "org.example.none"),
            ("  one: {kind: execute, tools: [x]}", "suite.yaml:10:24", "means nothing"),
        ] {
            let work = try self.place(services, server)
            defer { work.remove() }
            let run = try work.evalh("run", "suite.yaml")
            #expect(run.status == 2, "\(services): \(run.errors)")
            #expect(run.errors.contains(place), "\(services): \(run.errors)")
            #expect(run.errors.contains(words), "\(services): \(run.errors)")
        }
        #expect(try server.count("completions_paid") == 0)
    }

    @Test func `list shows services and starts nothing, probe opens them and calls each`() throws {
        let server = try MockServer()
        let work = try place(
            """
              count: {kind: tool, command: [python3, tool.py], about: "counts characters"}
              find: {kind: retrieve, corpus: {path: items.jsonl, text: question}}
            """, server)
        defer { work.remove() }
        let list = try work.evalh("services", "list", "suite.yaml")
        #expect(list.output == "count  tool  python3 tool.py\nfind  retrieve  \(work.url.path)/items.jsonl\n")
        let probe = try work.evalh(
            "services", "probe", "suite.yaml", "--json", "--call", "count={\"question\": \"abc\"}")
        #expect(probe.status == 0, "\(probe.errors)")
        let reports = try #require(
            JSONSerialization.jsonObject(with: Data(probe.output.utf8)) as? [[String: Any]])
        #expect(reports.map { $0["status"] as? String } == ["works", "works"])
        #expect(reports[0]["result"] as? Int == 3)
        #expect((reports[1]["description"] as? [String: Any])?["documents"] as? Int == 4)
        #expect(reports.allSatisfy { ($0["call_seconds"] as? Double ?? -1) >= 0 })
        let plain = try work.evalh("services", "probe", "suite.yaml")
        #expect(plain.output.contains("count  tool  opened"))
        #expect(plain.output.contains("find  retrieve  works"))
    }

    @Test func `a probe tells of refusals and failures by its exit code`() throws {
        let server = try MockServer()
        let work = try place(
            """
              dies: {kind: tool, command: [python3, -c, "import sys; sys.stdin.readline(); sys.exit('no paper')"]}
              gone: {kind: tool, command: [no-such-program]}
            """, server)
        defer { work.remove() }
        let both = try work.evalh("services", "probe", "suite.yaml", "--call", "dies={}")
        #expect(both.status == 2)
        #expect(both.errors.contains("no paper"))
        #expect(both.errors.contains("no-such-program"))
        let wrong = try work.evalh("services", "probe", "suite.yaml", "--call", "nobody={}")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("dies, gone"))
    }
}

/// The suite that ships, on the embedded model, with a server of other people's.
@Suite(.enabled(if: ServicePackages.folder != nil, "PyPI cannot be reached: no MCP server for suites/strategies"))
struct ServicesSuiteTests {
    @Test func `suites/strategies/services.yaml runs all its services`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let suite = BuiltBinary.root.appendingPathComponent("suites/strategies/services.yaml").path
        // Behind: programs in the sandbox are run by the system's Python, which needs nothing of the user's.
        let programs = try #require(ServicePackages.folder)
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":" + programs
        let probe = try place.evalh(
            "services", "probe", suite, "--call",
            #"clock={"tool": "convert_time", "arguments": {"source_timezone": "UTC", "time": "09:00", "target_timezone": "Asia/Tokyo"}}"#,
            environment: ["PATH": path])
        #expect(probe.status == 0, "\(probe.errors)\(probe.output)")
        let run = try place.evalh("run", suite, "--limit", "4", environment: ["PATH": path])
        #expect(run.status == 0, "\(run.errors)")
        let samples = try place.text("reports/strategies-services/latest/samples.jsonl")
        #expect(samples.contains("gsm-mini"))
        let again = try place.evalh("report", "reports/strategies-services/latest")
        #expect(again.status == 0, "\(again.errors)")
    }
}

/// Pinned packages from PyPI, as Tests/ServicesTests has them.
enum ServicePackages {
    /// The folder of their programs; `nil`: they cannot be had.
    static let folder: String? = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", BuiltBinary.root.appendingPathComponent("scripts/service_packages.py").path,
            (ProcessInfo.processInfo.environment["HOME"] ?? "/tmp") + "/.cache/evalh-tests/services",
        ]
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, let python = text.split(separator: "\n").last else { return nil }
        return URL(fileURLWithPath: String(python)).deletingLastPathComponent().path
    }()
}
