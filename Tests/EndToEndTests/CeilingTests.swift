import Foundation
import Testing

/// A ceiling before a server that counts 1,000 tokens for prompts of some 17 bytes, by the server's own count.
@Suite(.serialized) struct CeilingTests {
    private static let mostOfRequest = 1000 + 64

    private func suite(_ place: Workplace, _ server: MockServer, arms: String, ceiling: Int) throws {
        try place.writeSuite(server, arms: arms, extra: "budget: {tokens: \(ceiling)}")
        let text = try place.text("suite.yaml").replacing("connections: 8", with: "connections: 64")
            .replacing("max_tokens: 256", with: "max_tokens: 64")
        try place.write(text, to: "suite.yaml")
    }

    @Test(arguments: [[], ["--fault", "midclose:0.2:2", "--fault", "503:0.1:1"]])
    func `sixty-four connections, several choices, retries and cancels stay below it`(faults: [String]) throws {
        let server = try MockServer(
            ["--prompt-tokens", "1000", "--latency", "3", "--chunk-delay", "1", "--tokens", "20"] + faults)
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(80)
        try suite(
            place, server, arms: "[{id: sc, strategy: self-consistency, with: {samples: 4}}, greedy, zip-rc]",
            ceiling: 60_000)
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 5, "\(run.errors)")
        let counted = try server.count("tokens_counted")
        #expect(counted <= 60_000 + Self.mostOfRequest && counted > 40_000, "\(counted)")
        #expect(try server.count("max_concurrent") > 8)
        // What is left is less than the next request may cost: a resumed run stops at once.
        let again = try place.evalh("resume", "reports/suite/latest")
        #expect(again.status == 5, "\(again.errors)")
        #expect(try server.count("tokens_counted") <= 60_000 + 2 * Self.mostOfRequest)
    }

    @Test func `a ceiling that the first request passes is told, though the run is complete`() throws {
        let server = try MockServer(["--prompt-tokens", "1000", "--tokens", "20"])
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(1)
        try suite(place, server, arms: "[greedy]", ceiling: 500)
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 5 && run.errors.contains("budget passed: tokens: 10"), "\(run.errors)")
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "complete")
        // Nothing more is paid by going on.
        #expect(try place.evalh("resume", "reports/suite/latest").status == 0)
    }
}
