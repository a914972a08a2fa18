import Foundation
import Testing

/// A suite that gives its bytes once, as `evalh run <(generate)` does.
@Suite(.serialized) struct SuiteFromPipeTests {
    private func shell(_ place: Workplace, _ script: String) throws -> Workplace.Result {
        let bash = try RunningTool(
            URL(fileURLWithPath: "/bin/bash"), ["-c", script], folder: place.url,
            environment: ["EVALH": BuiltBinary.evalh.path])
        return try bash.result()
    }

    @Test func `a suite from a pipe runs, records what ran, and is resumed from anywhere`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(6)
        try place.write("{\"question\":\"What is 1 + 1?\",\"answer\":\"#### 2\"}\n", to: "shots.jsonl")
        // Relative paths start from the current folder; the examples are read again when the run is resumed.
        try place.writeSuite(server, arms: "[greedy]", extra: "budget: {tokens: 150}")
        let suite = try place.text("suite.yaml").replacing(
            "prompt: {user: \"{{ input }}\"}",
            with: "prompt: {user: \"{{ input }}\", few_shot: {path: shots.jsonl, count: 1}}")
        try FileManager.default.removeItem(at: place.url.appendingPathComponent("suite.yaml"))
        try place.write(suite, to: "hidden.txt")
        let result = try shell(place, "\"$EVALH\" run <(cat hidden.txt; rm hidden.txt)")
        #expect(result.status == 5, "\(result.errors)")
        let recorded = try place.text("reports/suite/latest/suite.lock.json")
        #expect(recorded.contains("\"budget\""))
        let resumed = try shell(
            place, "cd / && \"$EVALH\" resume '\(place.url.path)/reports/suite/latest' --set budget.tokens=1_000_000")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "complete")
    }

    @Test func `mistakes in a piped suite are located and leave no folder`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let result = try shell(place, "\"$EVALH\" run <(printf 'evalh: 1\\nname: s\\narms: [gredy]\\n')")
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains(":3:8: error:"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.url.appendingPathComponent("reports").path))
    }

    @Test func `data that cannot be read leaves no folder, and the latest run stays the latest`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try place.writeSuite(server, arms: "[greedy]")
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        let before = try place.json("reports/suite/latest/summary.json")["run_id"] as? String
        try place.write("{\"question\": \"broken\n", to: "items.jsonl")
        let broken = try place.evalh("run", "suite.yaml")
        #expect(broken.status == 2, "\(broken.errors)")
        #expect(try place.json("reports/suite/latest/summary.json")["run_id"] as? String == before)
        let runs = try FileManager.default.contentsOfDirectory(
            atPath: place.url.appendingPathComponent("reports/suite").path)
        #expect(runs.count == 2, "\(runs)")
    }
}
