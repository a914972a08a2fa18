import Foundation
import Testing

/// The worked examples of `examples/subjects`, run as their README says.
@Suite(.serialized) struct SubjectTests {
    static let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let examples = BuiltBinary.root.appendingPathComponent("examples/subjects")

    @Test(
        .enabled(if: hasPython),
        arguments: [
            ("three-body", "adaptive", "force evaluations", ["--limit", "4", "--set", "repeats=1"]),
            ("knapsack", "bandit", "iterations", ["--set", "repeats=1"]),
        ])
    func `an example runs, costs what its program printed, and does better with a larger budget`(
        _ name: String, _ arm: String, _ unit: String, _ options: [String]
    ) throws {
        let place = try Workplace()
        defer { place.remove() }
        let suite = Self.examples.appendingPathComponent("\(name)/suite.yaml").path
        let tool = try place.start(["run", suite, "--arms", arm] + options)
        let result = try tool.result()
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/\(name)/latest/summary.json")
        #expect(summary["status"] as? String == "complete")
        // What the programs printed, from the sessions' answers.
        var printed: [String: Double] = [:]
        var scores: [String: [Double]] = [:]
        for line in try place.text("reports/\(name)/latest/samples.jsonl").split(separator: "\n") {
            let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let answer = try #require(row["answer"] as? String)
            let said = try #require(JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
            #expect(said["unit"] as? String == unit)
            let level = try Self.budget(row["level"])
            printed[level, default: 0] += try #require(said["cost"] as? Double)
            scores[level, default: []].append(try #require(row["score"] as? Double))
        }
        #expect(result.errors.contains("\(unit)/session"))
        #expect(try place.text("reports/\(name)/latest/summary.md").contains("| \(unit)/session |"))
        let arms = try #require(summary["arms"] as? [[String: Any]])
        #expect(arms.count == printed.count && arms.count >= 4)
        var accuracies: [Double] = []
        for entry in arms {
            let level = try Self.budget(entry["level"])
            let usage = try #require(entry["usage"] as? [String: Any])
            #expect(usage["completion_tokens"] as? Double == printed[level])
            #expect(usage["prompt_tokens"] as? Int == 0 && entry["errors"] as? Int == 0)
            let metrics = try #require(entry["metrics"] as? [String: [String: Any]])
            let accuracy = try #require(metrics["accuracy"]?["value"] as? Double)
            let own = try #require(scores[level])
            #expect(abs(accuracy - own.reduce(0, +) / Double(own.count)) < 1e-9)
            accuracies.append(accuracy)
        }
        #expect(accuracies == accuracies.sorted() && Set(accuracies).count == accuracies.count, "\(accuracies)")
    }

    private static func budget(_ level: Any?) throws -> String {
        let level = try #require(level as? [String: Any])
        return "\(try #require(level["budget"] as? Double))"
    }

    @Test(.enabled(if: hasPython)) func `the examples' suites are valid`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let suites = ["three-body", "knapsack"].map { Self.examples.appendingPathComponent("\($0)/suite.yaml").path }
        let result = try place.evalh("validate", suites[0], suites[1])
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Hermite's scheme is of fourth order: on an eccentric two-body orbit, half the step leaves about a sixteenth of
    /// the error.
    @Test(.enabled(if: hasPython)) func `halving the integrator's fixed step divides the error by about 16`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let orbit = #"{"time": 20, "positions": [[-0.5, 0], [0.5, 0]], "velocities": [[0, -0.6], [0, 0.6]]}"#
        let program = Self.examples.appendingPathComponent("three-body/three_body.py").path
        let (errors, costs) = try [400, 800].reduce(into: ([Double](), [Int]())) { found, steps in
            let tool = try RunningTool(
                URL(fileURLWithPath: "/usr/bin/env"),
                ["python3", program, "--step", "fixed", "--budget", "\(steps)", "--seed", "1", "--instance", orbit],
                folder: place.url)
            let output = try tool.result().output
            let line = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            found.0.append(try #require(line["energy_error"] as? Double))
            found.1.append(try #require(line["cost"] as? Int))
        }
        #expect((14...20).contains(errors[0] / errors[1]), "\(errors)")
        #expect(abs(Double(costs[1]) / Double(costs[0]) - 2) < 0.01)
    }

    @Test(.enabled(if: hasPython))
    func `a program that fails makes errors and exit code 6, never scores, and is asked again by resume`()
        throws
    {
        let place = try Workplace()
        defer { place.remove() }
        try place.write("{\"input\":\"a\"}\n{\"input\":\"b\"}\n", to: "items.jsonl")
        try place.write(
            """
            import sys
            if "b" in sys.argv and not __import__("os").path.exists("mended"): sys.exit("no such instance: b")
            print('{"score": 0.75, "cost": 10}')
            """, to: "solver.py")
        try place.write(
            """
            evalh: 1
            name: solver
            dataset: {path: items.jsonl}
            models: {main: {provider: command, command: [python3, solver.py], cost_per_token: 2}}
            sampling: {max_tokens: 1000}
            arms: [subject, greedy]
            grader: subject

            """, to: "suite.yaml")
        let failed = try place.evalh("run", "suite.yaml")
        #expect(failed.status == 6, "\(failed.errors)")
        let rows = try place.text("reports/solver/latest/samples.jsonl").split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let errors = rows.compactMap { $0["error"] as? [String: Any] }
        #expect(rows.count == 4 && errors.count == 2)
        for error in errors { #expect((error["message"] as? String)?.contains("no such instance: b") == true) }
        #expect(rows.compactMap { $0["score"] as? Double } == [0.75, 0.75])
        try place.write("", to: "mended")
        let resumed = try place.evalh("resume", "reports/solver/latest")
        #expect(resumed.status == 0, "\(resumed.errors)")
        let arms = try #require(try place.json("reports/solver/latest/summary.json")["arms"] as? [[String: Any]])
        for arm in arms {
            #expect((arm["usage"] as? [String: Any])?["completion_tokens"] as? Int == 10)
            #expect(arm["errors"] as? Int == 0)
        }
    }
}
