import Foundation
import Testing

/// Models that think before they answer, in each way a server shows it: by the built binary.
@Suite struct ReasoningTests {
    private func lines(_ place: Workplace) throws -> [[String: Any]] {
        try place.text("reports/suite/latest/samples.jsonl").split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test(arguments: ["reasoning_content", "reasoning", "inline", "template"])
    func `a thought is neither graded nor voted on, and stands in the record`(form: String) throws {
        let plain = try MockServer()
        let server = try MockServer("--reasoning", form)
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(6)
        let arms = "[greedy, {id: sc, strategy: self-consistency, with: {samples: 3}}]"
        try place.writeSuite(plain, arms: arms)
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        let expected = try lines(place).map { "\($0["item"] ?? "") \($0["arm"] ?? "") \($0["extracted"] ?? "")" }
        try place.writeSuite(server, arms: arms)
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let found = try lines(place)
        // The same answers as without thoughts: the 7 in each thought is none.
        #expect(found.map { "\($0["item"] ?? "") \($0["arm"] ?? "") \($0["extracted"] ?? "")" } == expected)
        for line in found {
            let reasoning = try #require(line["reasoning"] as? String)
            #expect(reasoning.hasPrefix("Let me work") && reasoning.hasSuffix("\\boxed{7}"))
            #expect((line["answer"] as? String)?.contains("Let me work") == false)
        }
    }

    @Test func `a run's thoughts come along into a pool and out of it`() throws {
        let server = try MockServer("--reasoning", "reasoning_content")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(3)
        try place.writeSuite(server, arms: "[greedy]")
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        func told() throws -> [String] {
            try lines(place).map { "\($0["reasoning"] ?? "") \($0["answer"] ?? "") \($0["score"] ?? "")" }.sorted()
        }
        let before = try told()
        #expect(try place.evalh("pool", "import", "reports/suite/latest", "--out", "x.pool").status == 0)
        let replayed = try place.evalh("replay", "x.pool", "suite.yaml")
        #expect(replayed.status == 0, "\(replayed.errors)")
        #expect(try told() == before && before.allSatisfy { $0.contains("\\boxed{7}") })
        // What is in the pool cannot be continued either.
        let refused = try place.evalh("replay", "x.pool", "suite.yaml", "--set", "arms=[deer]")
        #expect(refused.status == 2 && refused.errors.contains("arm deer continues texts"), "\(refused.errors)")
    }

    @Test func `a thought that is cut off has no answer`() throws {
        let server = try MockServer("--reasoning", "reasoning_content", "--tokens", "200")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(3)
        try place.writeSuite(server, arms: "[greedy]", extra: "")
        let result = try place.evalh("run", "suite.yaml", "--set", "sampling.max_tokens=20")
        #expect(result.status == 0, "\(result.errors)")
        for line in try lines(place) {
            #expect(line["extraction_stage"] as? String == "unfinished_thought" && line["score"] as? Double == 0)
            #expect(line["answer"] is NSNull && (line["reasoning"] as? String)?.isEmpty == false)
        }
    }

    @Test func `a guard stops a thought that goes in circles, and what it was shown is what it pays`() throws {
        let server = try MockServer("--reasoning", "reasoning_content", "--tokens", "3000", "--chunk-delay", "1")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try place.writeSuite(
            server, arms: "[{id: guard, strategy: runaway-guard, with: {on_repeat: stop, min_distinct: 0.9}}]")
        let result = try place.evalh("run", "suite.yaml", "--set", "sampling.max_tokens=4000")
        #expect(result.status == 0, "\(result.errors)")
        for line in try lines(place) {
            #expect(line["stop_reason"] as? String == "repeated")
            #expect(line["extraction_stage"] as? String == "unfinished_thought")
            let usage = try #require(line["usage"] as? [String: Any])
            let tokens = try #require(usage["completion_tokens"] as? Double)
            #expect(tokens > 50 && tokens < 2500 && usage["cancelled_tokens"] as? Double == tokens)
        }
    }

    @Test(arguments: ["dynasor", "deer", "budget-forcing"])
    func `a strategy that must continue texts says at the first thought that it cannot`(strategy: String) throws {
        let server = try MockServer("--reasoning", "reasoning_content")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(40)
        try place.writeSuite(server, arms: "[{id: early, strategy: \(strategy)}]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2)
        #expect(
            result.errors.contains("arm early continues texts") && result.errors.contains("--reasoning-format none"))
        // What was under way, and nothing after.
        #expect(try server.count("requests") < 40)
        // Known before anything is sent, where the suite says so.
        let told = try place.evalh(
            "run", "suite.yaml", "--set", "models.main.capabilities={reasoning_apart: yes}")
        #expect(told.status == 2 && told.errors.contains("arm early continues texts"))
    }

    @Test(arguments: ["inline", "template"])
    func `where the thought is in the text, they continue it`(form: String) throws {
        let server = try MockServer("--reasoning", form)
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(4)
        try place.writeSuite(
            server,
            arms: "[{id: forced, strategy: budget-forcing, with: {think_tokens: 12, end_of_thinking: </think>}}]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try lines(place).allSatisfy { $0["stop_reason"] as? String == "forced" && $0["extracted"] is String })
    }

    @Test func `recorded texts are read as the suite says, and their recorded scores stay`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let texts: [(text: String, extracted: String?)] = [
            ("<think>The answer is 12. Hmm, wait, no.</think>\n\nJanet sells 18 eggs.", "18"),
            ("<think>\n\\boxed{18} hmm but let me double", nil),
            (
                "<|begin_of_thought|>The answer is 12, no wait.<|end_of_thought|><|begin_of_solution|>We find 18 eggs."
                    + "<|end_of_solution|>", "18"
            ),
            ("The answer is 12? No.</think>18", "18"), ("<reasoning>12</reasoning> So 18.", "18"),
        ]
        let rows = try texts.enumerated().map { number, sample in
            let row: [String: Any] = [
                "question": "Q\(number)", "target": "18", "samples": [["text": sample.text, "score": 0.5]],
            ]
            return String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self)
        }
        try place.write(rows.joined(separator: "\n") + "\n", to: "rows.jsonl")
        #expect(try place.evalh("pool", "import", "rows.jsonl", "--out", "x.pool").status == 0)
        try place.write(
            """
            evalh: 1
            name: suite
            prompt: {user: "{{ input }}"}
            models: {main: {provider: openai, base_url: "http://127.0.0.1:9/v1", model: mock}}
            arms: [greedy]
            grader: {use: numeric}

            """, to: "suite.yaml")
        func replay(_ more: String...) throws -> [[String: Any]] {
            let process = try place.start(["replay", "x.pool", "suite.yaml"] + more)
            let result = try process.result()
            #expect(result.status == 0, "\(result.errors)")
            return try lines(place).sorted { "\($0["item"] ?? "")" < "\($1["item"] ?? "")" }
        }
        let found = try replay()
        #expect(Set(found.compactMap { $0["extracted"] as? String }) == ["18"])
        #expect(found.count { $0["score"] as? Double == 1 } == 4)
        #expect(found.count { $0["extraction_stage"] as? String == "unfinished_thought" } == 1)
        // Told not to look for thoughts, the unfinished one has an answer.
        let whole = try replay("--set", "models.main.reasoning=none")
        #expect(whole.allSatisfy { $0["extraction_stage"] as? String != "unfinished_thought" })
        #expect(whole.allSatisfy { $0["reasoning"] is NSNull })
        let recorded = try replay("--recorded-scores")
        #expect(recorded.allSatisfy { $0["score"] as? Double == 0.5 })
    }
}
