import EvalhStatistics
import Measurement
import Testing

private struct Numbers: GateMetrics {
    func estimate(metric: String, arm: String, level: String?) -> Estimate? {
        switch (metric, arm) {
        case ("accuracy", "a"): Estimate(value: 0.6, ciLow: 0.5, ciHigh: 0.7, stderr: 0.05, n: 100, method: "Wilson")
        case ("accuracy", "b"): Estimate(value: 0.5, ciLow: 0.4, ciHigh: 0.6, stderr: 0.05, n: 100, method: "Wilson")
        case ("errors", "a"): Estimate(value: 2, ciLow: nil, ciHigh: nil, stderr: nil, n: 100, method: "count")
        case ("tokens", "a"): Estimate(value: 100, ciLow: 90, ciHigh: 110, stderr: 5, n: 100, method: "t")
        default: nil
        }
    }

    func pairedDifference(
        metric: String, a: (arm: String, level: String?), b: (arm: String, level: String?), weightA: Double,
        weightB: Double
    ) -> Estimate? {
        let value = weightA * (a.arm == "a" ? 0.6 : 0.5) + weightB * (b.arm == "a" ? 0.6 : 0.5)
        return Estimate(
            value: value, ciLow: value - 0.03, ciHigh: value + 0.03, stderr: 0.015, n: 100, method: "paired")
    }
}

struct GateTests {
    @Test(arguments: [
        ("accuracy(a) >= 0.45", Verdict.pass), ("accuracy(a) >= 0.55", .inconclusive), ("accuracy(a) >= 0.75", .fail),
        ("accuracy(a) < 0.75", .pass), ("accuracy(a) <= 0.45", .fail), ("accuracy(a) >= 45%", .pass),
        ("accuracy(a) >= accuracy(b)", .pass), ("accuracy(a) >= accuracy(b) + 0.09", .inconclusive),
        ("accuracy(a) >= accuracy(b) + 0.2", .fail), ("accuracy(b) >= accuracy(a) - 0.2", .pass),
        ("errors(a) == 2", .pass),
        ("errors(a) == 0", .fail), ("errors(a) <= 3", .pass), ("tokens(a) <= 2 * (40 + 20)", .pass),
        ("-accuracy(a) <= -0.45", .pass),
        ("0.45 <= accuracy(a)", .pass), ("accuracy(missing) >= 0.1", .inconclusive),
    ]) func `a verdict follows from the interval of the difference`(_ text: String, _ verdict: Verdict) {
        let result = Gate.evaluate(text, metrics: Numbers())
        #expect(result.verdict == verdict, "\(result.detail)")
    }

    @Test(arguments: [
        ("accuracy(a) = 0.5", 12), ("accuracy(a) >= ", 15), ("accuracy >= 0.5", 0), ("accurcy(a) >= 0.5", 0),
        ("accuracy(c) >= 0.5", 9),
        ("accuracy(a) * accuracy(b) >= 1", 13), ("accuracy(a) / 0 >= 1", 13), ("accuracy(a) >= 0.5 0.6", 19),
        ("1 >= 0.5", 0),
        ("((((", 4),
    ]) func `a mistake is found with its place`(_ text: String, _ offset: Int) throws {
        let mistake = try #require(Gate.mistakes(in: text, arms: ["a", "b"]).first)
        #expect(mistake.offset == offset, "\(mistake)")
    }

    @Test func `a right gate has no mistakes`() {
        #expect(Gate.mistakes(in: "accuracy(a) >= accuracy(b) - 0.02", arms: ["a", "b"]).isEmpty)
        #expect(Gate.mistakes(in: "accuracy(a@8) >= 0.5", arms: ["a"]).isEmpty)
    }
}
