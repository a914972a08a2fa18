import Foundation
import Testing

/// `evalh pool` and `evalh replay` as a user has them.
@Suite(.serialized) struct ReplayCommandTests {
    private let suite = """
        evalh: 1
        name: offline
        sampling: {temperature: 0.8, max_tokens: 256}
        arms:
          - {id: sc3, strategy: self-consistency, with: {samples: 3}}
          - {id: ac, strategy: adaptive-consistency, with: {max_samples: 6}}
          - {id: best, strategy: oracle}
          - {id: bandit, strategy: bandit}
        grader: {use: numeric}
        """

    /// Ten questions with six samples each; on question i, i mod 7 of them are right.
    private func writePool(_ place: Workplace) throws {
        let lines = (0..<10).map { item -> String in
            let samples = (0..<6).map {
                "{\"text\":\"#### \($0 < item % 7 ? 100 : $0)\",\"tokens\":\(10 + $0),\"seconds\":\(1 + $0)}"
            }
            return
                "{\"question\":\"Question "
                + "\(item)?\",\"target\":\"100\",\"samples\":[\(samples.joined(separator: ","))]}"
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "samples.jsonl")
        let result = try place.evalh(
            "pool", "import", "samples.jsonl", "--out", "pools/x.pool", "--origin", "this test")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("10 questions, 60 samples of main"))
        try place.write(suite, to: "suite.yaml")
    }

    private func metric(_ summary: [String: Any], _ arm: String, _ name: String) throws -> Double {
        let arms = try #require(summary["arms"] as? [[String: Any]])
        let found = try #require(arms.first { $0["id"] as? String == arm })
        let metrics = try #require(found["metrics"] as? [String: [String: Any]])
        return try #require(metrics[name]?["value"] as? Double)
    }

    @Test func `a suite without data set and models is replayed on a pool and gives what the samples say`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try writePool(place)
        let result = try place.evalh("replay", "pools/x.pool", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/offline/latest/summary.json")
        // The first three samples vote; the first seen wins a tie. Right on items with at least one right sample of the
        // first three.
        #expect(try metric(summary, "sc3", "accuracy") == 0.8)
        #expect(try metric(summary, "sc3", "samples") == 3)
        #expect(try metric(summary, "sc3", "tokens") == 33)
        #expect(try metric(summary, "best", "accuracy") >= metric(summary, "ac", "accuracy"))
        #expect((summary["paid"] as? [String: Any])?["requests"] as? Int == 0)
        let provenance = try #require(summary["provenance"] as? [String: String])
        #expect(provenance["sample_order"] == "as recorded")
        #expect(provenance["model.main"]?.hasPrefix("pool:") == true)
        // Again, and with one thread: the same.
        #expect(try place.evalh("replay", "pools/x.pool", "suite.yaml", "--workers", "1", "--out", "again").status == 0)
        #expect(
            try place.text("again/offline/latest/samples.jsonl") == place.text("reports/offline/latest/samples.jsonl"))
    }

    @Test func `over many orders the mean is the expected vote`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try writePool(place)
        let result = try place.evalh("replay", "pools/x.pool", "suite.yaml", "--arms", "sc3", "--permutations", "400")
        #expect(result.status == 0, "\(result.errors)")
        // All wrong samples differ: of three drawn without replacement from six with r right ones, two right ones win;
        // one right and two different wrong ones are a tie that the first seen wins, a third of the time.
        func choose(_ n: Int, _ k: Int) -> Double {
            k < 0 || k > n ? 0 : (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
        }
        let expected =
            (0..<10).map { item -> Double in
                let right = min(item % 7, 6)
                let two = choose(right, 2) * choose(6 - right, 1) + choose(right, 3)
                return (two + choose(right, 1) * choose(6 - right, 2) / 3) / choose(6, 3)
            }.reduce(0, +) / 10
        let summary = try place.json("reports/offline/latest/summary.json")
        #expect(abs(try metric(summary, "sc3", "accuracy") - expected) < 4 * (0.25 / 4000).squareRoot())
    }

    @Test func `what the pool lacks is an error in strict mode and is asked of the model with --fill`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try writePool(place)
        try place.write(
            suite.replacing("samples: 3", with: "samples: 8").replacing(
                "sampling:",
                with: "models: {main: {provider: openai, base_url: \"\(server.url)/v1\", model: mock}}\nsampling:"),
            to: "suite.yaml")
        let strict = try place.evalh("replay", "pools/x.pool", "suite.yaml", "--arms", "sc3")
        #expect(strict.status == 4)
        #expect(strict.errors.contains("10 sessions asked for what the pool lacks"))
        #expect(
            try place.text("reports/offline/latest/samples.jsonl").contains("the pool has 6 samples of model 'main'"))
        #expect(try server.count("completions_paid") == 0)
        let filled = try place.evalh("replay", "pools/x.pool", "suite.yaml", "--arms", "sc3", "--fill")
        #expect(filled.status == 0, "\(filled.errors)")
        // Two more for each of ten questions.
        #expect(try server.count("completions_paid") == 20)
    }

    @Test func `a pool's models are given to roles, and mistakes are told`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try place.write(suite, to: "suite.yaml")
        try place.write(
            "prompt,weak,strong,weak_response,strong_response\nq,False,True,no,yes\nr,True,True,ok,fine\n",
            to: "two.csv")
        #expect(try place.evalh("pool", "import", "two.csv", "--out", "two.pool").status == 0)
        let unclear = try place.evalh("replay", "two.pool", "suite.yaml")
        #expect(unclear.status == 2)
        #expect(unclear.errors.contains("--role main=weak"))
        let one = try place.evalh(
            "replay", "two.pool", "suite.yaml", "--role", "main=strong", "--recorded-scores", "--set",
            "arms=[{id: one, strategy: self-consistency, with: {samples: 1}}]")
        #expect(one.status == 0, "\(one.errors)")
        #expect(try metric(place.json("reports/offline/latest/summary.json"), "one", "accuracy") == 1)
        #expect(
            try place.evalh("replay", "none.pool", "suite.yaml").errors.contains("make one with `evalh pool import`"))
        #expect(try place.evalh("run", "suite.yaml").status == 2)
        try place.write(
            suite.replacing(
                "sampling:", with: "dataset: {pool: two.pool}\nmodels: {main: {provider: pool}}\nsampling:"),
            to: "pool.yaml")
        let asked = try place.evalh("run", "pool.yaml")
        #expect(asked.status == 2)
        #expect(asked.errors.contains("evalh replay POOL SUITE"))
        #expect(try place.evalh("pool", "stats", "two.pool", "--verify").status == 0)
    }

    @Test func `a run becomes a pool on which its own arms give the same again`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(20)
        try place.writeSuite(
            server,
            arms: """

                  - {id: sc, strategy: self-consistency, with: {samples: 8}}
                  - {id: ac, strategy: adaptive-consistency, with: {max_samples: 8, threshold: 0.9}}
                """)
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        let live = try place.json("reports/suite/latest/summary.json")
        let paid = try server.count("completions_paid")
        let imported = try place.evalh("pool", "import", "reports/suite/latest", "--out", "run.pool")
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(imported.errors.contains("20 questions, 160 samples of main"))
        let replayed = try place.evalh("replay", "run.pool", "suite.yaml", "--out", "again")
        #expect(replayed.status == 0, "\(replayed.errors)")
        let again = try place.json("again/suite/latest/summary.json")
        for arm in ["sc", "ac"] {
            for name in ["accuracy", "samples", "tokens"] {
                #expect(try metric(live, arm, name) == metric(again, arm, name), "\(arm) \(name)")
            }
        }
        #expect(try server.count("completions_paid") == paid)
    }

    @Test func `arms over other arms run live after them`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(30)
        try place.writeSuite(
            server,
            arms: """

                  - {id: best, strategy: oracle}
                  - {id: bandit, strategy: bandit, with: {policy: thompson}}
                  - {id: optimal, strategy: compute-optimal, with: {probe: sc, bins: 2}}
                  - greedy
                  - {id: sc, strategy: self-consistency, with: {samples: 5}}
                """)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        let best = try metric(summary, "best", "accuracy")
        for arm in ["greedy", "sc", "bandit", "optimal"] {
            #expect(try metric(summary, arm, "accuracy") <= best, "\(arm)")
        }
        #expect(try metric(summary, "best", "tokens") <= metric(summary, "sc", "tokens"))
        // Nothing was asked but by the two arms that ask.
        #expect(try server.count("completions_paid") == 30 * 6)
    }
}
