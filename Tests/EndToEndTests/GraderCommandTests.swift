import Foundation
import Testing

/// Graders as suites name them: plugins like all others.
struct GraderCommandTests {
    private func suite(_ grader: String, in place: Workplace) throws {
        try place.write("{\"input\":\"a\"}\n", to: "items.jsonl")
        try place.write("print('{\"score\": 0.75, \"cost\": 10}')\n", to: "solver.py")
        try place.write(
            """
            evalh: 1
            name: solver
            dataset: {path: items.jsonl}
            models: {main: {provider: command, command: [python3, solver.py]}}
            arms: [subject]
            grader: \(grader)

            """, to: "suite.yaml")
    }

    @Test(
        .enabled(if: SubjectTests.hasPython),
        arguments: [("{at_least: 0.5}", 1.0), ("{at_least: 0.8}", 0), ("{minimum: 0.5}", 0.5)])
    func `a program's score may be judged by the score to reach or by its place between two`(
        _ parameters: String, _ expected: Double
    ) throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite("{use: subject, with: \(parameters)}", in: place)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let line = try place.text("reports/solver/latest/samples.jsonl")
        let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(row["score"] as? Double == expected)
        // A run's record says which version of the grader it was.
        let summary = try place.json("reports/solver/latest/summary.json")
        let provenance = try #require(summary["provenance"] as? [String: Any])
        #expect(provenance["grader"] as? String == "subject" && provenance["plugin.subject"] as? String != nil)
    }

    @Test func `parameters that a grader refuses are a mistake at their place in the suite`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite("{use: regex, with: {pattern: \"(\"}}", in: place)
        let refused = try place.evalh("validate", "suite.yaml")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("suite.yaml:6:15: error: `regex` refuses its parameters"))
        #expect(refused.errors.contains("not a regular expression: ("))
        try suite("{use: regex, with: {pattern: x, group: -1}}", in: place)
        let below = try place.evalh("validate", "suite.yaml")
        #expect(below.status == 2 && below.errors.contains("`group` of `regex` must be 0 or more"))
    }
}
