import Foundation
import Testing

/// Suites on the model that evalh brings along, by the server that it starts.
@Suite(.serialized) struct EmbeddedModelTests {
    private func suite(_ place: Workplace, models: String, arms: String, extra: String = "") throws {
        try place.write(
            """
            evalh: 1
            name: suite
            dataset: {path: \(BuiltBinary.root.path)/suites/data/gsm-mini.jsonl, fields: {input: question, target: \
            answer, id: id}, limit: 12}
            prompt: {user: "{{ input }}"}
            models: \(models)
            sampling: {temperature: 0.8, max_tokens: 120}
            arms: \(arms)
            grader: {use: numeric}
            metrics: [accuracy, model-work]
            \(extra)

            """, to: "suite.yaml")
    }

    private func metric(_ name: String, _ arm: String, _ summary: [String: Any]) -> Double? {
        let found = (summary["arms"] as? [[String: Any]])?.first { $0["id"] as? String == arm }
        return ((found?["metrics"] as? [String: Any])?[name] as? [String: Any])?["value"] as? Double
    }

    private func answers(_ arm: String, _ place: Workplace) throws -> [String: String] {
        var found: [String: String] = [:]
        for line in try place.text("reports/suite/latest/samples.jsonl").split(separator: "\n") {
            guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                row["arm"] as? String == arm,
                let item = row["item"] as? String
            else { continue }
            found[item] = row["answer"] as? String ?? "none"
        }
        return found
    }

    @Test func `exits and speculation are told by the model and measured`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite(
            place,
            models: """
                {main: {provider: reference}, six: {provider: reference, exit: {policy: fixed, layer: 6}},
                 drawn: {provider: reference, exit: {policy: lambda-sample}}, sure: {provider: reference, exit: \
                {policy: lambda-q, threshold: 0.3}},
                 drafted: {provider: reference, speculative: {policy: fixed, length: 4}}}
                """,
            arms: """
                [greedy, {id: six, strategy: greedy, model: six}, {id: drawn, strategy: greedy, model: drawn},
                 {id: sure, strategy: greedy, model: sure}, {id: drafted, strategy: greedy, model: drafted}]
                """, extra: "repeats: 3")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(metric("mean_depth", "greedy", summary) == 1)
        #expect(metric("mean_depth", "six", summary) == 0.75)
        #expect(try #require(metric("depth_repeat_sd", "sure", summary)) < 1e-12)
        #expect(try #require(metric("depth_repeat_sd", "drawn", summary)) > 0)
        #expect(try #require(metric("mean_depth", "sure", summary)) < 1)
        let accepted = try #require(metric("acceptance_rate", "drafted", summary))
        #expect(accepted > 0 && accepted <= 1)
        #expect(try #require(metric("target_calls_per_token", "drafted", summary)) < 1)
        #expect(metric("acceptance_rate", "greedy", summary) == nil)
        // Leaving early is cheaper, and so is a draft; eFLOPs at full depth do not see it.
        let full = try #require(metric("told_eflops", "greedy", summary))
        #expect(abs(full / (try #require(metric("eflops", "greedy", summary))) - 1) < 1e-9)
        for arm in ["six", "sure", "drafted"] {
            #expect(try #require(metric("told_eflops", arm, summary)) < #require(metric("eflops", arm, summary)))
        }
        #expect(try #require(metric("told_eflops", "drafted", summary)) < full)
        let frontiers = try #require(summary["frontier"] as? [[String: Any]])
        #expect(frontiers.contains { $0["cost"] as? String == "told_eflops" })
        // At temperature 0 a draft changes the work and nothing else.
        let plain = try answers("greedy", place)
        #expect(plain.count == 12)
        #expect(try answers("drafted", place) == plain)
    }

    @Test func `keys for the model's inside mean nothing to other providers`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite(
            place, models: #"{main: {provider: openai, base_url: "http://127.0.0.1:1/v1", exit: {policy: none}}}"#,
            arms: "[greedy]")
        let result = try place.evalh("validate", "suite.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains("`exit` means nothing to the provider `openai`"))
    }

    private func total(_ key: String, _ arm: String, _ summary: [String: Any]) -> Double? {
        let found = (summary["arms"] as? [[String: Any]])?.first { $0["id"] as? String == arm }
        return (found?["usage"] as? [String: Any])?[key] as? Double
    }

    @Test func `a service that scores gives the same answers for fewer questions`() throws {
        let place = try Workplace()
        defer { place.remove() }
        var requests: [Double] = []
        var texts: [[String: String]] = []
        for services in [
            "", "services: {loglik: {kind: score, model: strong}, vectors: {kind: embed, dimensions: 16}}",
        ] {
            try suite(
                place,
                models: "{main: {provider: reference, exit: {policy: fixed, layer: 6}}, strong: {provider: reference}}",
                arms: """
                    [{id: verified, strategy: speculative, with: {verify: score, max_tokens: 24}},
                     {id: turns, strategy: atts, with: {max_turns: 2, draft_tokens: 24, target_tokens: 24, \
                    calibration: [1.1, 1.2, 1.4], join: ""}}]
                    """, extra: services)
            let result = try place.evalh("run", "suite.yaml")
            #expect(result.status == 0, "\(result.errors)")
            let summary = try place.json("reports/suite/latest/summary.json")
            requests.append(try #require(total("requests", "verified", summary)))
            texts.append(try answers("verified", place))
        }
        #expect(texts[0].count == 12 && texts[0] == texts[1])
        #expect(requests[1] < requests[0])
    }

    @Test func `a model that cannot score is refused with its place, before anything is asked`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite(
            place, models: "{main: {provider: reference, exit: {policy: fixed, layer: 6}}}", arms: "[greedy]",
            extra: "services: {loglik: {kind: score}}")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains("service `loglik`") && result.errors.contains("full depth"))
        #expect(result.errors.contains("suite.yaml:"))
    }

    @Test func `nothing of the server stays behind`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try suite(place, models: "{main: {provider: reference}}", arms: "[greedy]")
        let before = try Set(
            FileManager.default.contentsOfDirectory(atPath: "/tmp").filter {
                $0.hasPrefix("evalh-") && !$0.hasPrefix("evalh-e2e")
            })
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        let after = try Set(
            FileManager.default.contentsOfDirectory(atPath: "/tmp").filter {
                $0.hasPrefix("evalh-") && !$0.hasPrefix("evalh-e2e")
            })
        #expect(after.subtracting(before).isEmpty)
    }
}
