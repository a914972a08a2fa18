import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

struct ShippedAriseTests {
    private func metric(_ parameters: String = "{}") throws -> ScriptedMetric {
        try ShippedPlugins.metric("arise", parameters)
    }

    private func row(_ item: Int, _ level: Int, _ score: Double?, _ tokens: Int, prompt: Int = 0, repeatIndex: Int = 0)
        -> SessionRow
    {
        SessionRow(
            item: item, arm: "scaling", level: "{\"samples\":\(level)}", levelIndex: level, repeatIndex: repeatIndex,
            score: score,
            usage: Usage(promptTokens: prompt, completionTokens: tokens))
    }

    private func feed(_ metric: ScriptedMetric, _ items: [[Double]]) throws {
        for (number, item) in items.enumerated() {
            for (level, score) in item.enumerated() {
                try metric.add(row(number, level, score, [1000, 2000, 4000][level]))
            }
        }
    }

    private func detail(_ value: MetricValue) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(value.detailJSON.utf8)) as? [String: Any])
    }

    @Test func `seven items have the ARISE worked by hand, and a slope of the other sign`() throws {
        let metric = try metric()
        try feed(metric, [[0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]])
        let values = try metric.result()
        #expect(values.map(\.name) == ["arise", "slope", "slope_pairs"])
        #expect(abs((values[0].value ?? 0) + 4.0 / 7) < 1e-12)
        #expect(abs((values[1].value ?? 0) - 1.0 / 21000) < 1e-15)
        let (low, high) = (try #require(values[0].low), try #require(values[0].high))
        #expect(low < -4.0 / 7 && high > -4.0 / 7 && values[0].n == 7)
        let detail = try detail(values[0])
        #expect(detail["items_improved"] as? Int == 4)
        #expect(detail["items_degraded"] as? Int == 3)
        #expect(detail["items_always_right"] as? Int == 1)
        #expect(detail["items_always_wrong"] as? Int == 1)
        #expect(detail["items_mixed"] as? Int == 2)
        let steps = try #require(detail["steps"] as? [[String: Any]])
        let shares = steps.compactMap { $0["contribution"] as? Double }
        #expect(steps.count == 2 && abs(shares.reduce(0, +) + 4.0 / 7) < 1e-12)
        let negative = try #require(detail["negative"] as? [String: Any])
        #expect(negative["drops"] as? Int == 3 && negative["items"] as? Int == 3 && negative["severe"] as? Int == 3)
        #expect(negative["mean_penalty"] as? Double == -2)
        let items = try #require(detail["items"] as? [[String: Any]])
        #expect(items.first?["item"] as? Int == 3 && items.first?["value"] as? Double == -2)
    }

    @Test func `repeats are averaged, failed sessions left out, prompts counted if asked for`() throws {
        let completion = try metric()
        let total = try metric(#"{"cost": "total"}"#)
        for metric in [completion, total] {
            try metric.add(row(0, 0, 0, 100, prompt: 100))
            try metric.add(row(0, 0, nil, 9999))
            try metric.add(row(0, 1, 1, 300, prompt: 100, repeatIndex: 0))
            try metric.add(row(0, 1, 0, 500, prompt: 100, repeatIndex: 1))
        }
        #expect(try completion.result().first?.value == 0.5 * 0.25)
        #expect(try total.result().first?.value == 0.5 * 0.4)
    }

    @Test func `what cannot be valued is told`() throws {
        let single = try metric()
        try single.add(row(0, 0, 1, 100))
        #expect(try single.result().first?.value == 0)
        let failed = try metric()
        for level in 0..<2 { try failed.add(row(0, level, nil, 0)) }
        let value = try #require(try failed.result().first)
        #expect(value.value == nil && value.detailJSON.contains("refused"))
        let gaps = try metric()
        try feed(gaps, [[0, 1, 1]])
        try gaps.add(row(1, 0, 0, 1000))
        try gaps.add(row(1, 2, 1, 4000))
        try gaps.add(row(2, 2, 1, 4000))
        let mixed = try #require(try gaps.result().first)
        #expect(mixed.n == 2 && mixed.value == (0.5 + 0.25) / 2)
        #expect(try detail(mixed)["items_incomplete"] as? Int == 2)
        #expect(try metric().result().isEmpty)
    }

    @Test func `arms without levels are passed over`() throws {
        let metric = try metric()
        try metric.add(SessionRow(item: 0, arm: "greedy", score: 1))
        #expect(try metric.result().isEmpty)
    }
}
