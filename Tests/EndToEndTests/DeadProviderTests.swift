import Foundation
import Testing

/// A provider that is dead at the start leaves reports and a run that `evalh resume` goes on with, in every way to run.
@Suite(.serialized) struct DeadProviderTests {
    private static let dead = "http://127.0.0.1:9"

    private func writePool(_ place: Workplace) throws {
        let lines = (0..<5).map { item in
            let samples = (0..<2).map { "{\"text\":\"#### \($0)\",\"tokens\":10,\"seconds\":1}" }
            return
                "{\"question\":\"What is \(item) + "
                + "1?\",\"target\":\"1\",\"samples\":[\(samples.joined(separator: ","))]}"
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "samples.jsonl")
        #expect(try place.evalh("pool", "import", "samples.jsonl", "--out", "x.pool").status == 0)
        try place.write(
            """
            evalh: 1
            name: suite
            prompt: {user: "{{ input }}"}
            models: {main: {provider: openai, base_url: "\(Self.dead)/v1", model: mock}}
            sampling: {temperature: 0.8, max_tokens: 256}
            arms: [{id: sc, strategy: self-consistency, with: {samples: 3}}]
            grader: {use: numeric}

            """, to: "suite.yaml")
    }

    private func expectKept(_ place: Workplace, _ result: Workplace.Result) throws {
        #expect(result.status == 6, "\(result.errors)")
        #expect(result.errors.contains("evalh resume reports/suite/"))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: place.url.appendingPathComponent("reports/suite/latest/").path)
        for file in ["journal.sqlite", "summary.json", "junit.xml", "report.html", "samples.jsonl", "summary.md"] {
            #expect(names.contains(file))
        }
        #expect(try place.text("reports/suite/latest/junit.xml").contains("<error"))
    }

    @Test func `a replay that fills goes on with its pool, its repeats and its order`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try writePool(place)
        let down = try place.evalh("replay", "x.pool", "suite.yaml", "--fill", "--permutations", "2")
        try expectKept(place, down)
        let back = try place.evalh("resume", "reports/suite/latest", "--model", "main=\(server.url)/v1")
        #expect(back.status == 0, "\(back.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(summary["status"] as? String == "complete")
        // Two samples are the pool's, the third is asked of the model: once a question and repeat.
        #expect(try server.count("completions_paid") == 5 * 2)
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        #expect(arm["sessions"] as? Int == 5 * 2)
        let provenance = try #require(summary["provenance"] as? [String: String])
        #expect(provenance["sample_order"] == "shuffled by seed 0")
        #expect(provenance["model.main"] != nil)
    }

    @Test func `a run and its resume do, too`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(5)
        try place.writeSuite(server, arms: "[greedy]")
        let suite = try place.text("suite.yaml")
        try place.write(suite.replacing(server.url, with: Self.dead), to: "suite.yaml")
        try expectKept(place, try place.evalh("run", "suite.yaml"))
        try expectKept(place, try place.evalh("resume", "reports/suite/latest"))
        let back = try place.evalh("resume", "reports/suite/latest", "--model", "main=\(server.url)/v1")
        #expect(back.status == 0, "\(back.errors)")
        let lock = try place.text("reports/suite/latest/suite.lock.json")
        #expect(lock.contains("\"count\" : \"5\""))
    }

    @Test func `a strict replay needs no provider, and a resumed one does only what is left`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try writePool(place)
        let whole = try place.evalh("replay", "x.pool", "suite.yaml", "--set", "arms.sc.with.samples=2")
        #expect(whole.status == 0, "\(whole.errors)")
        let samples = try place.text("reports/suite/latest/samples.jsonl")
        #expect(samples.split(separator: "\n").count == 5)
        let again = try place.evalh("resume", "reports/suite/latest")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try place.text("reports/suite/latest/samples.jsonl") == samples)
        // Sessions that missed are tried again: the pool still lacks what it lacked.
        let missed = try place.evalh("replay", "x.pool", "suite.yaml")
        #expect(missed.status == 4, "\(missed.errors)")
        let tried = try place.evalh("resume", "reports/suite/latest")
        #expect(tried.status == 4, "\(tried.errors)")
        #expect(tried.errors.contains("trying 5 failed sessions again"))
        // Another pool under the same name is not what the run began with.
        try place.write("{\"question\":\"a\",\"target\":\"1\",\"samples\":[\"#### 1\"]}\n", to: "samples.jsonl")
        #expect(try place.evalh("pool", "import", "samples.jsonl", "--out", "x.pool").status == 0)
        let other = try place.evalh("resume", "reports/suite/latest")
        #expect(other.status == 2, "\(other.errors)")
        #expect(other.errors.contains("this is not what the run began with"))
    }
}
