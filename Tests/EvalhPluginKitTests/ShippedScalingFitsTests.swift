import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

struct ShippedScalingFitsTests {
    private func metric(_ id: String, _ parameters: String = "{}") throws -> ScriptedMetric {
        try ShippedPlugins.metric(id, parameters)
    }

    /// Items whose scores at each level have exactly the mean of the law, as thousandths of many items.
    private func feed(
        _ metric: ScriptedMetric, levels: [Int], items: Int = 40, tokens: (Int) -> Int = { 100 * $0 },
        level: ((Int) -> String)? = nil,
        _ law: (Double) -> Double
    ) throws {
        for item in 0..<items {
            for (index, n) in levels.enumerated() {
                try metric.add(
                    SessionRow(
                        item: item, arm: "s", level: level?(n) ?? "{\"samples\":\(n)}", levelIndex: index,
                        score: law(Double(n)),
                        usage: Usage(completionTokens: tokens(n))))
            }
        }
    }

    private func value(_ values: [MetricValue], _ name: String) -> Double {
        values.first { $0.name == name }?.value ?? .nan
    }

    private func detail(_ value: MetricValue?) throws -> [String: Any] {
        let text = try #require(value?.detailJSON)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `saturation finds the ceiling, the rate and where one more is not worth it`() throws {
        let metric = try metric("saturation", #"{"epsilon": 0.001, "resamples": 20}"#)
        try feed(metric, levels: [1, 2, 4, 8, 16]) { 0.85 * (1 - pow(0.7, $0)) }
        let values = try metric.result()
        #expect(abs(value(values, "saturation_f_max") - 0.85) < 1e-6 && abs(value(values, "saturation_p") - 0.3) < 1e-6)
        #expect(value(values, "saturation") == 16 && abs(value(values, "saturation_value") - 0.84718) < 1e-5)
        #expect(value(values, "saturation_observed") == 16)
        #expect(values.first?.n == 40 && values.first?.low == 16 && values.first?.high == 16)
        let detail = try detail(values.first)
        #expect(abs((detail["r2"] as? Double ?? 0) - 1) < 1e-9 && (detail["curve"] as? [Any])?.count == 61)
        #expect((detail["points"] as? [[String: Any]])?.count == 5)
        #expect(((detail["parameters"] as? [String: Any])?["p_sample"] as? [String: Any])?["ci_low"] != nil)
    }

    @Test func `intervals hold the ceiling when scores are chance`() throws {
        var state: UInt64 = 1
        func unit() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        let metric = try metric("saturation", #"{"resamples": 200}"#)
        for item in 0..<300 {
            for (index, n) in [1, 2, 4, 8, 16].enumerated() {
                let right = unit() < 0.8 * (1 - pow(0.6, Double(n)))
                try metric.add(
                    SessionRow(item: item, arm: "s", level: "{\"n\":\(n)}", levelIndex: index, score: right ? 1 : 0))
            }
        }
        let ceiling = try #require(try metric.result().first { $0.name == "saturation_f_max" })
        let (low, high) = (try #require(ceiling.low), try #require(ceiling.high))
        #expect(low < 0.8 && 0.8 < high && high - low < 0.2)
    }

    @Test func `a sigmoid is found from its points, and its asymptote from part of them`() throws {
        let metric = try metric("sigmoid", #"{"start": 0.2, "resamples": 10}"#)
        let law = { (c: Double) in 0.2 + 0.41 / (1 + pow(2500 / c, 1.9)) }
        try feed(metric, levels: [3, 8, 20, 50, 120, 400]) { law(100 * $0) }
        let values = try metric.result()
        #expect(abs(value(values, "sigmoid") - 0.61) < 1e-5 && abs(value(values, "sigmoid_exponent") - 1.9) < 1e-4)
        #expect(
            abs(value(values, "sigmoid_middle") - 2500) < 0.1 && abs(value(values, "sigmoid_held_out_error")) < 1e-3)
        #expect(try detail(values.first)["x"] as? String == "tokens")
    }

    @Test func `parscale tells a logarithm from its own form`() throws {
        let line = try metric("parscale", #"{"resamples": 10}"#)
        try feed(line, levels: [1, 2, 4, 8, 16]) { 0.3 + 0.1 * log2($0) }
        let straight = try line.result()
        #expect(abs(value(straight, "parscale") - 0.1) < 1e-9 && value(straight, "parscale_aic_difference") < 0)
        let form = try metric("parscale", #"{"resamples": 10}"#)
        try feed(form, levels: [1, 2, 4, 8, 16]) { 1 - 0.7 / pow(2 * log($0) + 1, 0.8) }
        let curved = try form.result()
        #expect(value(curved, "parscale_aic_difference") > 0)
        #expect(abs(value(curved, "parscale_k") - 2) < 1e-3 && abs(value(curved, "parscale_alpha") - 0.8) < 1e-3)
    }

    @Test func `the allocation model finds what a context is best spent on`() throws {
        let metric = try metric("rag-allocation", #"{"axes": ["documents", "shots"]}"#)
        let grid = [0, 1, 5, 20].flatMap { k in [0, 1, 4].map { (k, $0) } }
        for (index, (documents, shots)) in grid.enumerated() {
            let score = 1 / (1 + exp(-0.5 * log(Double(documents) + 0.01) - 0.2 * log(Double(shots) + 0.01)))
            try metric.add(
                SessionRow(
                    item: 0, arm: "rag", level: "{\"documents\":\(documents),\"shots\":\(shots)}", levelIndex: index,
                    score: score))
        }
        let values = try metric.result()
        #expect(value(values, "rag_allocation") > 0.8, "\(value(values, "rag_allocation"))")
        #expect(value(values, "rag_allocation_regret") == 0)
        #expect(try detail(values.first)["best_level_index"] as? Int == grid.count - 1)
    }

    @Test(arguments: [
        ("saturation", "{}", [1, 2], "at least 3"), ("sigmoid", "{}", [1, 2, 3], "at least 4"),
        ("parscale", "{}", [1, 2], "at least 3"),
        ("rag-allocation", #"{"axes": ["samples"]}"#, [1, 2], "at least 3"),
        ("rag-allocation", #"{"axes": ["nope"]}"#, [1, 2, 3, 4], "lacks one of nope"),
        ("sigmoid", #"{"x": "usd"}"#, [1, 2, 3, 4], "no price"),
    ])
    func `too little to fit is refused with the reason`(
        _ id: String, _ parameters: String, _ levels: [Int], _ reason: String
    ) throws {
        let metric = try metric(id, parameters)
        try feed(metric, levels: levels, items: 3) { 0.1 * $0 }
        let values = try metric.result()
        #expect(values.count == 1 && values[0].value == nil && values[0].detailJSON.contains(reason), "\(values)")
    }

    @Test func `nothing right is refused, failed sessions are left out, and falling accuracy is said`() throws {
        let nothing = try metric("saturation")
        try feed(nothing, levels: [1, 2, 4], items: 3) { _ in 0 }
        #expect(try nothing.result()[0].detailJSON.contains("refused"))
        let failed = try metric("saturation", #"{"resamples": 0}"#)
        try feed(failed, levels: [1, 2, 4, 8], items: 3) { $0 == 8 ? 0.4 : 0.5 }
        try failed.add(SessionRow(item: 3, arm: "s", level: "{\"samples\":1}", levelIndex: 0, score: nil))
        let values = try failed.result()
        #expect(values[0].detailJSON.contains("accuracy falls between levels") && values[0].low == nil)
        #expect(throws: ScriptedError.self) { try self.metric("rag-allocation", #"{"axes": []}"#) }
    }
}
