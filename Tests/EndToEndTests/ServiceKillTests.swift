import Foundation
import Testing

/// `kill -9` at random moments of a run whose strategy calls services, then `evalh resume`. Ten times; as often as
/// `EVALH_KILLS` says, from the seed `EVALH_KILL_SEED` (Benchmarks/services).
@Suite(.serialized) struct ServiceKillTests {
    static let kills = ProcessInfo.processInfo.environment["EVALH_KILLS"].flatMap(Int.init) ?? 10

    /// Writes a line for each call into a file beside it, so that effects on the world can be counted.
    static let tool = """
        import json, os, sys
        for line in sys.stdin:
            call = json.loads(line)
            with open("effects", "a") as effects: effects.write(call["payload"]["question"] + "\\n")
            print(json.dumps({"id": call["id"], "result": len(call["payload"]["question"])}), flush=True)
        """

    private func prepare(_ place: Workplace, _ server: MockServer, tool folder: String) throws {
        let work = place.url.appendingPathComponent(folder)
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        try Self.tool.write(to: work.appendingPathComponent("tool.py"), atomically: true, encoding: .utf8)
        let arguments = #"'{"question": "{{input}}"}'"#
        let arms = """

              - {id: one, strategy: services-tour, with: {samples: 3, tool: length, arguments: \(arguments)}}
              - {id: two, strategy: services-tour, with: {samples: 5, tool: length, arguments: \(arguments)}}
            """
        try place.writeSuite(
            server, arms: arms,
            extra: """
                services:
                  length: {kind: tool, command: [python3, tool.py], working_directory: \(folder), workers: 2}
                  similar: {kind: retrieve, corpus: {path: items.jsonl, text: question}}
                """)
    }

    @Test func `a run with service calls ends as the uninterrupted one, and no call is recorded twice`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(80)
        let server = try MockServer("--latency", "4")
        try prepare(place, server, tool: "alone")
        let whole = try place.evalh("run", "suite.yaml", "--out", "whole")
        #expect(whole.status == 0, "\(whole.errors)")
        let paidAlone = try server.count("completions_paid")
        let effectsAlone = try effects(place, "alone")
        #expect(effectsAlone.count == 80)
        #expect(Set(effectsAlone).count == 80)

        let second = try MockServer("--latency", "4")
        try prepare(place, second, tool: "killed")
        let kills = try killAndResume(place, second, requests: paidAlone)
        #expect(kills >= min(Self.kills, 5))
        let last = try place.evalh("resume", "reports/suite/latest")
        #expect(last.status == 0, "\(last.errors)")

        let expected = try recorded(place, "whole/suite/latest")
        let resumed = try recorded(place, "reports/suite/latest")
        #expect(expected.count > 80)
        #expect(resumed == expected)
        // A call that was under way when the run was killed has no record: it is made again, and only such a one.
        let effects = try effects(place, "killed")
        #expect(Set(effects) == Set(effectsAlone))
        #expect(effects.count <= effectsAlone.count + kills * 2)
    }

    /// - Returns: how often it was killed.
    private func killAndResume(_ place: Workplace, _ server: MockServer, requests: Int) throws -> Int {
        let seed = ProcessInfo.processInfo.environment["EVALH_KILL_SEED"].flatMap(UInt64.init) ?? 1
        var moments = Moments(state: seed)
        var kills = 0
        var isBegun = false
        while kills < Self.kills {
            let tool = try place.start(isBegun ? ["resume", "reports/suite/latest"] : ["run", "suite.yaml"])
            // Counted in requests, so that slow machines are killed at the same places.
            let step = max(2, 2 * requests / (3 * (Self.kills + 1)))
            let goal = try server.count("requests") + 1 + Int(moments.next() % UInt64(step))
            while tool.process.isRunning, try server.count("requests") < goal {}
            guard tool.process.isRunning else { break }
            kill(tool.process.processIdentifier, SIGKILL)
            _ = try tool.result()
            kills += 1
            isBegun = try place.evalh("report", "reports/suite/latest").status == 0
        }
        return kills
    }

    private func effects(_ place: Workplace, _ folder: String) throws -> [String] {
        try place.text("\(folder)/effects").split(separator: "\n").map(String.init)
    }

    /// What a run's journal has of sessions and of calls of services, a line each; two records of one call are two
    /// lines.
    private func recorded(_ place: Workplace, _ run: String) throws -> [String] {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            for row in db.execute('''
                SELECT item, arm, level, "repeat", answer, score, error_kind, prompt_tokens, completion_tokens, samples,
                    service_calls FROM sessions ORDER BY 1, 2, 3, 4'''):
                print("session", row)
            for row in db.execute('''
                SELECT r.fingerprint, r.key, c."repeat", c.sample, c.text FROM completions c JOIN requests r
                    ON r.id = c.request WHERE r.fingerprint LIKE 'evalh-service%' ORDER BY 1, 2, 3, 4'''):
                print("call", row)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", script,
            place.url.appendingPathComponent(run).resolvingSymlinksInPath().appendingPathComponent("journal.sqlite")
                .path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return text.split(separator: "\n").map(String.init)
    }
}

/// SplitMix64: the same moments for a seed.
private struct Moments: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
