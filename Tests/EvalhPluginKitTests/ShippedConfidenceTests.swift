import EvalhPluginKit
import Foundation
import Testing

struct ShippedConfidenceTests {
    private func row(_ item: Int, _ confidence: Double?, _ score: Double?, repeatIndex: Int = 0) -> SessionRow {
        SessionRow(item: item, arm: "a", repeatIndex: repeatIndex, score: score, confidence: confidence)
    }

    private func run(_ id: String, _ parameters: String, _ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun(id, parameters, rows)
    }

    private func run(_ id: String, seed: UInt64 = 1, _ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun(id, seed: seed, rows)
    }

    private var hand: [SessionRow] {
        [row(0, 0.95, 1), row(1, 0.95, 1), row(2, 0.95, 1), row(3, 0.95, 0), row(4, 0.55, 1), row(5, 0.55, 1)]
    }

    @Test func `calibration has the errors and the Brier score worked by hand`() throws {
        let run = try run("calibration", hand)
        #expect(run.values.map(\.name) == ["ece", "mce", "brier"])
        #expect(near(try run.number("ece"), (4 * 0.2 + 2 * 0.45) / 6))
        #expect(near(try run.number("mce"), 0.45))
        #expect(near(try run.number("brier"), (3 * 0.0025 + 0.9025 + 2 * 0.2025) / 6))
        let bins = try #require(try run.detail("ece")["bins"] as? [[String: Double]])
        #expect(
            bins.count == 2 && bins[1]["count"] == 4 && near(bins[1]["accuracy"], 0.75) && near(bins[1]["low"], 0.9))
        #expect(try run.detail("brier")["bins"] != nil)
    }

    @Test func `beside the error stands what chance alone would make of these confidences`() throws {
        let run = try run("calibration", [row(0, 0.85, 1)])
        let detail = try run.detail("ece")
        #expect(near(detail["expected_if_calibrated"] as? Double, 2 * 0.85 * 0.15))
        #expect(near(detail["excess"] as? Double, 0.15 - 2 * 0.85 * 0.15))
        #expect(try run.value("ece").method == "one item" && run.value("ece").low == nil)
    }

    @Test func `intervals hold their values, and a seed gives the same again`() throws {
        let rows = (0..<80).flatMap { item in
            (0..<2).map { row(item, Double(item % 10) / 10, item % 3 == 0 ? 1 : 0, repeatIndex: $0) }
        }
        let first = try run("calibration", rows)
        for value in first.values {
            let (low, high) = (try #require(value.low), try #require(value.high))
            #expect(low < value.value ?? 0 && high > value.value ?? 1 && low >= 0 && high <= 1 && value.n == 80)
        }
        #expect(try run("calibration", rows).values == first.values)
        #expect(try run("calibration", seed: 2, rows).value("ece").low != first.value("ece").low)
        #expect(try run("calibration", seed: 2, rows).value("ece").value == first.value("ece").value)
    }

    @Test func `sessions without a confidence, with one that is no chance, and failed ones are counted apart`() throws {
        let run = try run("calibration", hand + [row(6, nil, 1), row(7, 1.5, 1), row(8, 0.5, nil), row(9, -0.1, 0)])
        #expect(near(try run.number("ece"), (4 * 0.2 + 2 * 0.45) / 6))
        let detail = try run.detail("mce")
        #expect(detail["sessions"] as? Int == 6 && detail["sessions_without_confidence"] as? Int == 1)
        #expect(detail["sessions_out_of_range"] as? Int == 2 && detail["errors"] as? Int == 1)
    }

    @Test(arguments: ["calibration", "selective-accuracy"])
    func `without any confidence there are reasons and no numbers`(_ id: String)
        throws
    {
        let none = try run(id, [row(0, nil, 1)])
        #expect(none.values.count >= 3)
        for value in none.values {
            #expect(
                try none.refusal(value.name)?.hasPrefix("no session claims a confidence; use a strategy that gives one")
                    == true)
        }
        let outside = try run(id, [row(0, 7, 1)])
        #expect(try outside.refusal(outside.values[0].name)?.contains("from 0 to 1") == true)
    }

    @Test func `bins may hold equally many sessions`() throws {
        let rows = (1...10).map { row($0, Double($0) / 20, 0) }
        let bins = try #require(
            try run("calibration", #"{"bins": 5, "binning": "count"}"#, rows).detail("ece")["bins"]
                as? [[String: Double]])
        #expect(bins.map { $0["count"] } == [2, 2, 2, 2, 2])
    }

    @Test func `a perfect order has no excess, and a useless one the overall risk`() throws {
        let perfect = try run("selective-accuracy", (0..<10).map { row($0, Double($0) / 10, $0 < 3 ? 0 : 1) })
        #expect(near(try perfect.number("aurc"), (1.0 / 8 + 2.0 / 9 + 3.0 / 10) / 10))
        #expect(near(try perfect.number("excess_aurc"), 0))
        #expect(near(try perfect.number("selective_accuracy_at_50"), 1))
        #expect(near(try perfect.number("selective_accuracy_at_80"), 7.0 / 8))
        let curve = try #require(try perfect.detail("aurc")["curve"] as? [[Double]])
        #expect(curve.count == 10 && near(curve[9][0], 1) && near(curve[9][1], 0.7))
        let useless = try run("selective-accuracy", (0..<40).map { row($0, 0.5, $0 % 4 == 0 ? 0 : 1) })
        #expect(near(try useless.number("aurc"), 0.25))
        #expect(near(try useless.number("selective_accuracy_at_50"), 0.75))
    }

    @Test func `accuracy is told at the coverages asked for, with intervals over items`() throws {
        let rows = (0..<60).map { row($0, Double($0 % 7) / 7, $0 % 7 > 2 || $0 % 5 == 0 ? 1 : 0) }
        let run = try run("selective-accuracy", #"{"coverages": [0.3, 1]}"#, rows)
        #expect(
            run.values.map(\.name) == ["aurc", "excess_aurc", "selective_accuracy_at_30", "selective_accuracy_at_100"])
        for value in run.values {
            let (low, high) = (try #require(value.low), try #require(value.high))
            #expect(low <= value.value ?? -1 && high >= value.value ?? 2 && low < high && value.n == 60, "\(value)")
        }
        #expect(try run.number("selective_accuracy_at_30") > run.number("selective_accuracy_at_100"))
        let plugin = try ShippedPlugins.plugin("selective-accuracy")
        #expect(Set(run.values.map(\.name)).isSubset(of: plugin.descriptor.outputs))
        #expect(plugin.descriptor.outputs.joined(separator: " ").utf8.count < 4096)
    }

    @Test(arguments: [
        ("calibration", #"{"bins": 0}"#, "the parameter bins must be at least 1, not 0"),
        ("calibration", #"{"binning": "even"}"#, "the parameter binning must be one of width, count, not \"even\""),
        (
            "selective-accuracy", #"{"coverages": [0.505]}"#,
            "the parameter coverages has 0.505; each must be a whole percent from 0.01 to 1, such as 0.8"
        ),
        (
            "selective-accuracy", #"{"coverages": [0]}"#,
            "the parameter coverages has 0.0; each must be a whole percent from 0.01 to 1, such as 0.8"
        ),
        ("selective-accuracy", #"{"coverages": [0.5, 0.5]}"#, "the parameter coverages has a number twice"),
    ]) func `parameters that mean nothing are refused with their name`(
        _ id: String, _ parameters: String, _ text: String
    ) {
        #expect(message { _ = try run(id, parameters, []) } == text)
    }
}
