import Completions
import Testing

@testable import SuiteModel

/// Under which names the numbers of a suite's metrics stand.
struct MetricNameTests {
    private var vocabulary: FixedVocabulary {
        var words = testVocabulary
        words.metrics += [
            PluginVocabulary(id: "ece", outputs: ["ece"]),
            PluginVocabulary(id: "calibration", outputs: ["ece", "brier"]),
            PluginVocabulary(id: "pass-at-k", outputs: ["pass_at_*"]),
            PluginVocabulary(id: "mean-cost", outputs: ["total_tokens"]),
        ]
        return words
    }

    private func result(_ metrics: String, gates: String = "[]") -> SuiteLoader.Result {
        load(
            minimal("metrics: \(metrics)\ngates: \(gates)"), vocabulary: vocabulary,
            checkGate: { gate, _, names in
                names.contains { MetricNames.matches(String(gate.prefix { $0 != "(" }), $0) }
                    ? [] : [GateMistake(offset: 0, message: "unknown metric; there are \(names)")]
            })
    }

    @Test func `two settings of one metric stand side by side, each under its own name`() throws {
        let loaded = result(
            "[{use: ece, name: loose}, {use: ece, name: strict}, {use: calibration, name: both}, "
                + "{use: pass-at-k, name: p}]",
            gates: "[\"loose(greedy) < 1\", \"strict(greedy) < 1\", \"both.brier(greedy) < 1\", "
                + "\"p.pass_at_3(greedy) > 0\"]")
        let suite = try #require(loaded.suite, "\(loaded.rendered)")
        #expect(suite.metrics.map(\.label) == [nil, "loose", "strict", "both", "p"])
        #expect(result("[{use: ece, name: loose}]", gates: "[\"ece(greedy) < 1\"]").suite == nil)
    }

    @Test(arguments: [
        ("[ece, ece]", "6:16", "the metric `ece` is here twice; first in line 6"),
        ("[{use: ece, name: a}, {use: ece, name: a}]", "6:49", "`a` is given by `ece` of line 6, too"),
        ("[ece, calibration]", "6:16", "`ece` is given by `ece` of line 6, too"),
        ("[pass-at-k, {use: ece, name: pass_at_1}]", "6:39", "`pass_at_1` is given by `pass-at-k`"),
        ("[mean-cost]", "6:11", "the metric `mean-cost` gives `total_tokens`, which is a number of evalh's own"),
        ("[{use: ece, name: accuracy}]", "6:28", "the metric `ece` gives `accuracy`, which is a number of evalh's own"),
        ("[{use: accuracy, name: mine}]", "6:33", "`accuracy` is evalh's own number and has no other name"),
    ])
    func `numbers under one name are a mistake at their place`(metrics: String, place: String, message: String) {
        let loaded = result(metrics)
        #expect(loaded.suite == nil)
        #expect(loaded.rendered.contains("test.yaml:\(place): error: \(message)"), "\(loaded.rendered)")
    }

    @Test func `of different arms are different numbers`() {
        let arms = "arms: [greedy, {id: b, strategy: greedy}]"
        let loaded = load(
            minimal("metrics: [{use: ece, over: greedy}, {use: ece, over: b}]", arms: arms), vocabulary: vocabulary)
        #expect(loaded.suite != nil, "\(loaded.rendered)")
        let all = load(minimal("metrics: [{use: ece, over: greedy}, ece]", arms: arms), vocabulary: vocabulary)
        #expect(all.rendered.contains("the metric `ece` is here twice"))
    }

    @Test func `a name with one number is that number's, and with several stands before them`() {
        let one = MetricNames(id: "x", outputs: ["y"], label: "mine")
        #expect(one.shown == ["mine"] && one.declares("y") && !one.declares("z"))
        let several = MetricNames(id: "x", outputs: ["x", "y", "z_*"], label: "mine")
        #expect(several.shown == ["mine", "mine.y", "mine.z_*"] && several.declares("z_4"))
        #expect(MetricNames(id: "x", outputs: ["x", "y"], label: nil).shown == ["x", "y"])
    }
}
