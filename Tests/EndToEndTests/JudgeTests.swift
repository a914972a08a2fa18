import Foundation
import Testing

/// Suites whose answers a model judges, against real sockets.
struct JudgeTests {
    private static let arms = """

          - greedy
          - {id: given, strategy: given, with: {field: known}}
        """

    private func write(
        _ main: MockServer, _ judge: MockServer, with: String = "role: judge", arms: String = arms, in place: Workplace
    ) throws {
        let rows = (0..<40).map { number in
            let (sum, isRight) = (number + number * 7 % 31, number % 3 != 0)
            return """
                {"question":"What is \(number) + \(number * 7 % 31)?","answer":"#### \(sum)",\
                "known":"#### \(isRight ? sum : sum + 1)","human":"\(isRight ? "right" : "wrong")"}
                """
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "items.jsonl")
        try place.write(
            """
            evalh: 1
            name: judged
            dataset: {path: items.jsonl, fields: {input: question, target: answer}}
            models:
              main: {provider: openai, base_url: "\(main.url)/v1", model: mock, price: {prompt: 1, completion: 2}}
              judge: {provider: openai, base_url: "\(judge.url)/v1", model: careful, price: {prompt: 5, completion: 9}}
              other: {provider: openai, base_url: "\(judge.url)/v1", model: hasty, price: {prompt: 5, completion: 9}}
            sampling: {temperature: 0.8, max_tokens: 256}
            arms: \(arms)
            grader: {use: judge, with: {\(with)}}

            """, to: "suite.yaml")
    }

    private static let whole = "role: judge, second: other, labels: human, labels_answer: known, answers: exact"

    @Test func `answers are judged, the judge is measured, and its cost stands beside the arms'`() throws {
        let (main, judge) = (try MockServer(), try MockServer())
        let place = try Workplace()
        defer { place.remove() }
        try write(main, judge, with: Self.whole, in: place)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/judged/latest/summary.json")
        let judging = try #require(summary["judging"] as? [String: Any])
        #expect(judging["judged"] as? Int == 80 && judging["role"] as? String == "judge")
        let cost = try #require(judging["cost"] as? [String: Any])
        #expect(cost["requests"] as? Int == 160)
        let arms = try #require(summary["arms"] as? [[String: Any]])
        let usage = try arms.map { try #require($0["usage"] as? [String: Any]) }
        #expect(usage.map { $0["requests"] as? Int } == [40, 0])
        #expect(try main.count("completions_paid") == 40)
        let paid = try #require(summary["paid"] as? [String: Any])
        #expect(try paid["requests"] as? Int == 40 + judge.count("completions_paid"))
        let agreement = try #require(judging["agreement"] as? [[String: Any]])
        #expect(agreement.map { $0["with"] as? String } == ["second", "labels"])
        #expect(agreement.map { $0["pairs"] as? Int } == [80, 40])
        for name in ["raw", "kappa", "alpha"] {
            let metric = try #require(agreement[1][name] as? [String: Any])
            #expect(try #require(metric["value"] as? Double) > 0.4)
        }
        let calibration = try #require(judging["calibration"] as? [String: Any])
        let sensitivity = try #require(calibration["sensitivity"] as? [String: Any])
        #expect(sensitivity["n"] as? Int == 26)
        // Of the arm whose verdicts are known the correction finds the truth.
        let metrics = try #require(arms[1]["metrics"] as? [String: Any])
        let corrected = try #require(metrics["accuracy_corrected"] as? [String: Any])
        #expect(abs(try #require(corrected["value"] as? Double) - 26.0 / 40) < 1e-9)
        #expect((metrics["no_verdict_rate"] as? [String: Any])?["value"] as? Double == 0)
        let markdown = try place.text("reports/judged/latest/summary.md")
        #expect(markdown.contains("## Judging") && markdown.contains("Krippendorff's α"))
        #expect(try place.text("reports/judged/latest/report.html").contains("The judge and its errors"))
        #expect(try place.text("reports/judged/latest/samples.jsonl").contains(#""judgement":{"label":"#))
    }

    @Test func `a judge that fails makes errors of sessions, and resume asks only what is missing`() throws {
        let main = try MockServer()
        let judge = try MockServer("--fault", "400:0.3:1")
        let place = try Workplace()
        defer { place.remove() }
        try write(main, judge, in: place)
        let first = try place.evalh("run", "suite.yaml")
        #expect(first.status == 2, "\(first.errors)")
        let summary = try place.json("reports/judged/latest/summary.json")
        let errors = try #require(summary["arms"] as? [[String: Any]]).reduce(0) { $0 + ($1["errors"] as? Int ?? 0) }
        #expect(errors > 0 && errors < 80)
        #expect(try place.text("reports/judged/latest/samples.jsonl").contains("the judge 'judge': "))
        let paid = try (main.count("completions_paid"), judge.count("completions_paid"))
        let second = try place.evalh("resume", "reports/judged/latest")
        #expect(second.status == 0, "\(second.errors)")
        #expect(try main.count("completions_paid") == paid.0)
        #expect(try judge.count("completions_paid") == paid.1 + errors)
        #expect(try judge.count("completions_paid") == 80)
    }

    @Test func `what was judged is graded again, pooled and replayed for nothing, and what was not is said`() throws {
        let (main, judge) = (try MockServer(), try MockServer())
        let place = try Workplace()
        defer { place.remove() }
        try write(main, judge, in: place)
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        let paid = try judge.count("requests")
        let scores = try place.text("reports/judged/latest/samples.jsonl")
        let again = try place.evalh("score", "reports/judged/latest", "--set", "grader.with.no_verdict=wrong")
        #expect(again.status == 0 && again.errors.contains("0 scores changed"), "\(again.errors)")
        #expect(try place.text("reports/judged/latest/samples.jsonl") == scores)
        let other = try place.evalh("score", "reports/judged/latest", "--set", "grader.with.role=other")
        #expect(other.status == 2 && other.errors.contains("score asks no model"), "\(other.errors)")
        #expect(try place.evalh("pool", "import", "reports/judged/latest", "--out", "run.pool").status == 0)
        #expect(try place.evalh("pool", "stats", "run.pool", "--verify").status == 0)
        let replayed = try place.evalh("replay", "run.pool", "suite.yaml", "--out", "replayed")
        #expect(replayed.status == 0, "\(replayed.errors)")
        let judging = try place.json("replayed/judged/latest/summary.json")["judging"] as? [String: Any]
        #expect(judging?["judged"] as? Int == 80)
        let missing = try place.evalh("replay", "run.pool", "suite.yaml", "--set", "grader.with.role=other")
        #expect(missing.status == 4 && missing.errors.contains("--fill"), "\(missing.errors)")
        #expect(try judge.count("requests") == paid)
        let filled = try place.evalh(
            "replay", "run.pool", "suite.yaml", "--fill", "--set", "grader.with.role=other", "--out", "filled")
        #expect(filled.status == 0, "\(filled.errors)")
        #expect(try judge.count("requests") == paid + 80 && main.count("completions_paid") == 40)
    }

    @Test func `validate finds a judge that is missing and warns of one that judges itself`() throws {
        let (main, judge) = (try MockServer(), try MockServer())
        let place = try Workplace()
        defer { place.remove() }
        try write(main, judge, with: "role: jugde", in: place)
        let missing = try place.evalh("validate", "suite.yaml")
        #expect(missing.status == 2 && missing.errors.contains("no model with the role `jugde`"))
        #expect(missing.errors.contains("did you mean `judge`?"))
        try write(main, judge, with: "role: main", in: place)
        let own = try place.evalh("validate", "suite.yaml")
        #expect(own.status == 0 && own.errors.contains("warning: the model `main` judges its own answers"))
        try write(main, judge, with: "role: judge, template: \"Is {{ anwser }} right?\"", in: place)
        let template = try place.evalh("validate", "suite.yaml")
        #expect(template.status == 2 && template.errors.contains("shows no `{{ answer }}`"))
        try write(main, judge, with: "role: judge, verdict: sure", in: place)
        #expect(try place.evalh("validate", "suite.yaml").status == 2)
        #expect(try judge.count("requests") == 0)
    }
}
