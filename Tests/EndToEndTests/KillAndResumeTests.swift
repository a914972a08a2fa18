import Foundation
import Testing

/// `kill -9` at random moments, then `evalh resume`: nothing that was paid is lost.
@Suite(.serialized) struct KillAndResumeTests {
    @Test func `a run killed twenty times ends as the uninterrupted one and pays nothing twice but what was in flight`()
        throws
    {
        let arms = """

              - greedy
              - {id: sc, strategy: self-consistency, with: {samples: 4}}
              - {id: ac, strategy: adaptive-consistency, with: {max_samples: 8}}
            """
        let server = try MockServer("--latency", "4")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(120)
        try place.writeSuite(server, arms: arms)
        let whole = try place.evalh("run", "suite.yaml", "--out", "whole")
        #expect(whole.status == 0, "\(whole.errors)")
        let paidAlone = try server.count("completions_paid")

        let second = try MockServer("--latency", "4")
        try place.writeSuite(second, arms: arms)
        var generator = SystemRandomNumberGenerator()
        var kills = 0
        var started = false
        while kills < 20 {
            let tool = try place.start(started ? ["resume", "reports/suite/latest"] : ["run", "suite.yaml"])
            // The moment is counted in the server's own requests, so that slow machines are killed at the same places.
            let goal = try second.count("requests") + Int.random(in: 1...(paidAlone / 12), using: &generator)
            while tool.process.isRunning, try second.count("requests") < goal {}
            guard tool.process.isRunning else { break }
            kill(tool.process.processIdentifier, SIGKILL)
            _ = try tool.result()
            kills += 1
            // A kill before the run's record is written leaves nothing to resume: it is begun anew, and has paid
            // nothing.
            started = try place.evalh("report", "reports/suite/latest").status == 0
        }
        let last = try place.evalh("resume", "reports/suite/latest")
        #expect(last.status == 0, "\(last.errors)")
        #expect(kills >= 5)

        let expected = try comparable(place, "whole/suite/latest/summary.json")
        let resumed = try comparable(place, "reports/suite/latest/summary.json")
        let differing = zip(expected, resumed).filter { $0 != $1 }.map { "\($0) ≠ \($1)" }
        #expect(differing == [])
        #expect(expected.count == resumed.count)
        let inFlight = 8 * 2
        #expect(try second.count("completions_paid") <= paidAlone + kills * inFlight)
        #expect(try second.count("duplicates") <= kills * inFlight)
    }

    /// A summary's lines without times, names of runs and addresses.
    private func comparable(_ place: Workplace, _ path: String) throws -> [Substring] {
        var summary = try place.json(path)
        summary["run_id"] = nil
        summary["provenance"] = nil
        // It depends on times too.
        summary["frontier"] = nil
        var arms = try #require(summary["arms"] as? [[String: Any]])
        for index in arms.indices { arms[index]["latency"] = nil }
        summary["arms"] = arms
        let data = try JSONSerialization.data(withJSONObject: summary, options: [.sortedKeys, .prettyPrinted])
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }
}
