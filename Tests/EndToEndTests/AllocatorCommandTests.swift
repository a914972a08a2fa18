import Foundation
import Testing

/// Allocators, metrics and the live page as a user has them.
@Suite(.serialized) struct AllocatorCommandTests {
    @Test func `adaptive sampling asks more where results vary, stops when nothing does, and goes on after a kill`()
        throws
    {
        let server = try MockServer("--latency", "5")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(25)
        try place.writeSuite(
            server, arms: "[{id: scaling, strategy: self-consistency, levels: {samples: [1, 2]}}]",
            extra: """
                allocator: {use: arise-sampling, with: {minimum: 2, maximum: 5}}
                metrics: [accuracy, {use: arise, over: scaling}]
                gates: ["arise_sampling_repeats(scaling@1) <= 5", "arise_sampling_repeats(scaling@1) >= 2"]
                """)
        let tool = try place.start(["run", "suite.yaml"])
        while tool.process.isRunning, try server.count("completions_paid") < 60 {}
        kill(tool.process.processIdentifier, SIGKILL)
        _ = try tool.result()
        let resumed = try place.evalh("resume", "reports/suite/latest")
        #expect(resumed.status == 0, "\(resumed.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(summary["status"] as? String == "complete")
        let allocation = try #require(summary["allocation"] as? [String: Any])
        let sessions = try #require(allocation["sessions"] as? Int)
        #expect(
            sessions > 25 * 2 * 2 && sessions <= 25 * 2 * 5 && allocation["allocator"] as? String == "arise-sampling")
        let arms = try #require(summary["arms"] as? [[String: Any]])
        #expect(arms.reduce(0) { $0 + ($1["sessions"] as? Int ?? 0) } == sessions)

        // The same run without a kill takes the same decisions.
        #expect(try place.evalh("run", "suite.yaml", "--out", "again").status == 0)
        let again = try place.json("again/suite/latest/summary.json")
        #expect((again["allocation"] as? [String: Any])?["sessions"] as? Int == sessions)
        func scores(_ folder: String) throws -> [String] {
            try place.text("\(folder)/suite/latest/samples.jsonl").split(separator: "\n").map { line in
                let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                return "\(row["item"] ?? "") \(row["repeat"] ?? "") \(row["score"] ?? "") \(row["answer"] ?? "")"
            }
        }
        #expect(try scores("again") == scores("reports"))
    }

    @Test func `a comparison that is clear ends the run early`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(400)
        // One arm's answers are all cut off.
        try place.writeSuite(
            server,
            arms: "[{id: good, strategy: greedy}, {id: cut, strategy: greedy, sampling: {max_tokens: 2}}]",
            extra: """
                allocator: {use: decided, with: {a: good, b: cut, batch: 10}}
                gates: ["accuracy(good) >= accuracy(cut)", "decided_difference(good) >= 0"]
                """)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        let allocation = try #require(summary["allocation"] as? [String: Any])
        #expect(try #require(allocation["sessions"] as? Int) < 400)
        #expect((allocation["reason"] as? String)?.contains("good ≥ cut is decided") == true)
        let metrics = try #require(summary["metrics"] as? [String: [String: Any]])
        #expect(try #require(metrics["decided_difference"]?["ci_low"] as? Double) >= 0)
        #expect(try place.text("reports/suite/latest/report.html").contains("Sessions were chosen by decided"))
        // An arm that looks at others cannot wait for an allocator; a row that is not there is said before anything is
        // paid for.
        let bad = try place.text("suite.yaml").replacingOccurrences(of: "b: cut", with: "b: cur")
        try place.write(bad, to: "suite.yaml")
        let refused = try place.evalh("run", "suite.yaml")
        #expect(refused.status == 7 && refused.errors.contains("`cur` names no row"), "\(refused.errors)")
    }

    @Test func `active items answer a share of the questions and weigh them`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        let lines = (0..<60).map {
            "{\"question\":\"What is \($0) + 1?\",\"answer\":\"#### "
                + "\($0 + 1)\",\"level\":\"\($0 % 3 == 0 ? "hard" : "easy")\"}"
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "items.jsonl")
        try place.writeSuite(
            server, arms: "[greedy]", extra: "allocator: {use: active-items, with: {items: 20, difficulty: level}}")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect((summary["allocation"] as? [String: Any])?["weighted"] as? Bool == true)
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        let metrics = try #require(arm["metrics"] as? [String: [String: Any]])
        #expect(arm["sessions"] as? Int == 20 && metrics["accuracy"]?["n"] as? Int == 20)
        let (own, weighted) = (
            metrics["accuracy"]?["value"] as? Double, metrics["active_accuracy"]?["value"] as? Double
        )
        #expect(abs(try #require(own) - #require(weighted)) < 1e-12)
    }

    @Test func `every shipped metric has its place in a run's summary`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(30)
        try place.writeSuite(
            server,
            arms: """

                  - {id: sc, strategy: self-consistency, with: {samples: 3}}
                  - {id: scaling, strategy: self-consistency, levels: {samples: [1, 2, 4, 6, 8]}}
                """,
            extra: """
                repeats: 3
                metrics:
                  - {use: arise, over: scaling}
                  - {use: saturation, over: scaling, with: {resamples: 20}}
                  - {use: sigmoid, over: scaling, with: {resamples: 10}}
                  - {use: parscale, over: scaling, with: {resamples: 20}}
                  - {use: rag-allocation, over: scaling, with: {axes: [samples]}}
                  - {use: regret, over: scaling}
                  - {use: s1-scaling, over: scaling}
                  - {use: pass-at-k, with: {k: [1, 3]}}
                  - {use: maj-at-k, with: {k: [3]}}
                  - {use: g-pass-at-k, with: {k: [2]}}
                  - {use: calibration, over: sc}
                  - {use: selective-accuracy, over: sc}
                  - {use: cost-of-pass, with: {cost: tokens}}
                  - accuracy-per-kilotoken
                  - work-spread
                  - eflops
                gates: ["pass_at_3(sc) >= accuracy(sc) - 0.5", "saturation(scaling) >= 1", "regret(scaling) <= 1"]
                """)
        var suite = try place.text("suite.yaml")
        suite = suite.replacingOccurrences(
            of: "connections: 8}",
            with: "connections: 8, shape: {parameters: 1.0e9, layers: 20, heads: 16, head_size: 64}}")
        try place.write(suite, to: "suite.yaml")
        let result = try place.evalh("run", "suite.yaml")
        #expect([0, 3].contains(result.status), "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect((summary["problems"] as? [String])?.isEmpty == true)
        let scaling = Set((summary["scaling"] as? [[String: Any]] ?? []).compactMap { $0["metric"] as? String })
        #expect(
            scaling.isSuperset(of: [
                "arise", "slope", "saturation", "sigmoid", "parscale", "rag_allocation", "regret", "s1_scaling",
            ]))
        let arms = try #require(summary["arms"] as? [[String: Any]])
        let metrics = try #require(arms.first { $0["id"] as? String == "sc" }?["metrics"] as? [String: [String: Any]])
        for name in [
            "pass_at_1", "pass_at_3", "maj_at_3", "ece", "brier", "aurc", "cost_of_pass", "work_mean", "eflops",
        ] { #expect(metrics[name]?["value"] is Double, "\(name) is missing among \(metrics.keys.sorted())") }
        let (pass, accuracy) = (metrics["pass_at_1"]?["value"] as? Double, metrics["accuracy"]?["value"] as? Double)
        #expect(abs(try #require(pass) - #require(accuracy)) < 1e-12)
        let frontier = try #require(summary["frontier"] as? [[String: Any]])
        #expect(frontier.contains { $0["cost"] as? String == "eflops" && $0["probabilities"] is [String: Double] })
        let run = try #require(summary["metrics"] as? [String: Any])
        #expect(run["cost_of_pass_frontier"] != nil)
    }

    @Test func `the page that view serves tells how the run goes on`() throws {
        let server = try MockServer("--latency", "30")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(300)
        try place.writeSuite(server, arms: "[greedy]")
        let run = try place.start(["run", "suite.yaml"])
        while run.process.isRunning, try server.count("completions_paid") < 20 {}
        let view = try place.start(["view", "reports/suite/latest"])
        defer { view.process.terminate() }
        var address: String?
        while address == nil, view.process.isRunning {
            address = try view.printed().split(separator: "\n").first.map(String.init)
        }
        let url = try #require(address)
        #expect(url.hasPrefix("http://127.0.0.1:"))
        func get(_ name: String) throws -> Data { try Data(contentsOf: try #require(URL(string: url + name))) }
        let page = String(decoding: try get(""), as: UTF8.self)
        #expect(page.contains("connect-src 'self'") && page.contains("id=\"live\""))
        var (first, last) = (-1, 0)
        var isComplete = false
        while !isComplete {
            let status = try #require(JSONSerialization.jsonObject(with: get("status")) as? [String: Any])
            last = try #require(status["sessions"] as? Int)
            if first < 0 { first = last }
            #expect(status["planned"] as? Int == 300 && last >= first)
            isComplete = status["complete"] as? Bool == true
        }
        #expect(last == 300)
        #expect(try run.result().status == 0)
        // The run's own page, which is opened from disk, asks nobody.
        #expect(try !place.text("reports/suite/latest/report.html").contains("connect-src"))
    }
}
