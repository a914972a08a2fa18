import Foundation
import Testing

/// `scripts/nightly`, as a CI job runs it, through every way in which a night can end.
@Suite(.serialized) struct NightlyTests {
    private struct Night {
        var status: Int32
        var errors: String
    }

    private func night(_ place: Workplace, _ arguments: String...) throws -> Night {
        let tool = try RunningTool(
            BuiltBinary.root.appendingPathComponent("scripts/nightly"), ["suite.yaml"] + arguments, folder: place.url,
            environment: ["EVALH": BuiltBinary.evalh.path])
        let result = try tool.result()
        return Night(status: result.status, errors: result.errors)
    }

    private func junit(_ place: Workplace) throws -> String { try place.text("reports/suite/latest/junit.xml") }

    private func baseline(_ place: Workplace) throws {
        let result = try place.evalh("gate", "reports/suite/latest", "--write-baseline", "baseline.json")
        #expect(result.status == 0, "\(result.errors)")
    }

    private static let gates = "gates: [\"errors(greedy) == 0\"]"

    @Test func `a night like the last one passes`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(60)
        try place.writeSuite(
            server, arms: "[greedy, {id: sc, strategy: self-consistency, with: {samples: 3}}]", extra: Self.gates)
        #expect(try night(place).status == 0)
        try baseline(place)
        let size = try Data(contentsOf: place.url.appendingPathComponent("baseline.json")).count
        #expect(size < 60 * 2 * 100 + 2000)
        let passed = try night(place, "baseline.json", "--margin", "0.2")
        #expect(passed.status == 0, "\(passed.errors)")
        let text = try junit(place)
        #expect(text.contains("failures=\"0\"") && text.contains("errors=\"0\"") && text.contains("skipped=\"0\""))
        #expect(text.ranges(of: "<testcase").count >= 3)
    }

    @Test func `a night that is worse on the same items fails, and says on which`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(60)
        try place.writeSuite(server, arms: "[greedy]", extra: Self.gates)
        #expect(try night(place).status == 0)
        try baseline(place)
        // Every answer is cut off.
        let suite = try place.text("suite.yaml").replacingOccurrences(of: "max_tokens: 256", with: "max_tokens: 2")
        try place.write(suite, to: "suite.yaml")
        let failed = try night(place, "baseline.json")
        #expect(failed.status == 1, "\(failed.errors)")
        #expect(try junit(place).contains("<failure"))
    }

    @Test func `too few items to tell are inconclusive, not green and not red`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(12)
        try place.writeSuite(server, arms: "[greedy]", extra: Self.gates)
        #expect(try night(place).status == 0)
        try baseline(place)
        let undecided = try night(place, "baseline.json")
        #expect(undecided.status == 3, "\(undecided.errors)")
        let text = try junit(place)
        #expect(text.contains("<skipped") && !text.contains("<failure"))
    }

    @Test func `a night that was stopped is gone on with by the next`() throws {
        let server = try MockServer("--latency", "20")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(400)
        try place.writeSuite(server, arms: "[greedy]", extra: Self.gates)
        let tool = try place.start(["run", "suite.yaml"])
        while tool.process.isRunning, try server.count("completions_paid") < 20 {}
        tool.process.terminate()
        #expect(try tool.result().status == 130)
        #expect(try junit(place).contains("the run is incomplete"))
        let next = try night(place)
        #expect(next.status == 0, "\(next.errors)")
        #expect(try server.count("completions_paid") <= 400 + 8)
        #expect(try !junit(place).contains("<error"))
    }

    @Test func `a provider that is down is no red test, and the run goes on when it is back`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(20)
        try place.writeSuite(server, arms: "[greedy]", extra: Self.gates)
        let suite = try place.text("suite.yaml")
        try place.write(suite.replacingOccurrences(of: server.url, with: "http://127.0.0.1:9"), to: "suite.yaml")
        let down = try night(place)
        #expect(down.status == 6, "\(down.errors)")
        #expect(down.errors.contains("evalh resume"))
        #expect(try junit(place).contains("<error"))
        let back = try place.evalh("resume", "reports/suite/latest", "--model", "main=\(server.url)/v1")
        #expect(back.status == 0, "\(back.errors)")
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "complete")
        let provenance = try #require(
            try place.json("reports/suite/latest/summary.json")["provenance"] as? [String: String])
        #expect(provenance["model.main"] != nil)
    }
}
