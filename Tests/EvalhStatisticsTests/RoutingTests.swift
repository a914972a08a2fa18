import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct RoutingTests {
    @Test func `AutoMix's incremental benefit is the card's`() {
        let weak = OperatingPoint(performance: 60, cost: 1)
        let strong = OperatingPoint(performance: 80, cost: 50)
        let system = OperatingPoint(performance: 75, cost: 20)
        #expect(near(IncrementalBenefit.perCost(of: system, over: weak), 0.789474, 1e-6))
        #expect(near(IncrementalBenefit.perCost(of: strong, over: weak), 0.408163, 1e-6))
        #expect(near(IncrementalBenefit.delta(of: system, weak: weak, strong: strong), 0.934211, 1e-6))
        #expect(near(IncrementalBenefit.delta(of: strong, weak: weak, strong: strong), 0))
    }

    @Test func `without a difference in cost or a gap in performance there is no benefit to tell`() {
        let weak = OperatingPoint(performance: 60, cost: 1)
        let dearer = OperatingPoint(performance: 60, cost: 2)
        #expect(IncrementalBenefit.perCost(of: weak, over: weak) == nil)
        #expect(
            IncrementalBenefit.delta(of: OperatingPoint(performance: 70, cost: 3), weak: weak, strong: dearer) == nil)
        #expect(RoutingCurve.gapRecovered(0.7, weak: 0.6, strong: 0.6) == nil)
        #expect(RoutingCurve(runs: [], weak: 0.6, strong: 0.6) == nil)
        #expect(RoutingCurve(runs: [(1.5, 0.7)], weak: 0.6, strong: 0.8) == nil)
    }

    @Test func `the share of the gap that is recovered is 0 for the weak model and 1 for the strong one`() {
        #expect(near(RoutingCurve.gapRecovered(0.75, weak: 0.6, strong: 0.8), 0.75))
        #expect(near(RoutingCurve.gapRecovered(0.6, weak: 0.6, strong: 0.8), 0))
        #expect(near(RoutingCurve.gapRecovered(0.8, weak: 0.6, strong: 0.8), 1))
        #expect(near(RoutingCurve.gapRecovered(0.5, weak: 0.6, strong: 0.8), -0.5))
    }

    @Test func `a curve of one run between the models' own has the area and thresholds of its two lines`() throws {
        let curve = try #require(RoutingCurve(runs: [(0.5, 0.75)], weak: 0.6, strong: 0.8))
        #expect(near(curve.averageGapRecovered, 0.625))
        #expect(near(curve.callShare(reaching: 0.2), 0.5 * 0.2 / 0.75))
        #expect(near(curve.callShare(reaching: 0.5), 1.0 / 3))
        #expect(near(curve.callShare(reaching: 0.8), 0.6))
        #expect(near(curve.callShare(reaching: 0), 0))
        #expect(curve.callShare(reaching: 1.01) == nil)
    }

    @Test(arguments: [[0.3], [0.25, 0.5, 0.75], [0.9, 0.1], [0, 1]]) func `routing at random recovers half the gap`(
        _ shares: [Double]
    )
        throws
    {
        let runs = shares.map { (strongShare: $0, performance: 0.6 + 0.2 * $0) }
        let curve = try #require(RoutingCurve(runs: runs, weak: 0.6, strong: 0.8))
        #expect(near(curve.averageGapRecovered, 0.5))
        for x in [0.2, 0.5, 0.8] { #expect(near(curve.callShare(reaching: x), x)) }
    }

    @Test func `the area is the same by RouteLLM's quotient of areas`() throws {
        let runs: [(strongShare: Double, performance: Double)] = [(0, 0.6), (0.2, 0.7), (0.6, 0.72), (1, 0.8)]
        func area(_ performance: (Int) -> Double) -> Double {
            (1..<runs.count).reduce(0) { sum, index in
                sum + (runs[index].strongShare - runs[index - 1].strongShare)
                    * (performance(index) + performance(index - 1)) / 2
            }
        }
        let quotient = (area { runs[$0].performance } - area { _ in 0.6 }) / (area { _ in 0.8 } - area { _ in 0.6 })
        let curve = try #require(RoutingCurve(runs: runs.reversed(), weak: 0.6, strong: 0.8))
        #expect(near(curve.averageGapRecovered, quotient))
    }

    @Test func `a router that beats the strong model reaches the whole gap before every call`() throws {
        let curve = try #require(RoutingCurve(runs: [(0.4, 0.9)], weak: 0.6, strong: 0.8))
        #expect(near(curve.callShare(reaching: 1), 0.4 / 1.5))
        let perfect = try #require(RoutingCurve(runs: [(0, 0.8)], weak: 0.6, strong: 0.8))
        #expect(near(perfect.averageGapRecovered, 1))
        #expect(near(perfect.callShare(reaching: 0.8), 0))
    }

    @Test func `the cost of pass is the card's, and infinite without success`() {
        #expect(near(CostOfPass.value(cost: 0.02, success: 0.4), 0.05))
        #expect(CostOfPass.value(cost: 0.02, success: 0) == .infinity)
        #expect(near(CostOfPass.frontier([(0.02, 0.4), (0.03, 1), (0.001, 0)]), 0.03))
        #expect(near(CostOfPass.frontier([(0.02, 0.4)], human: 0.01), 0.01))
        #expect(CostOfPass.frontier([(0.02, 0)]) == .infinity)
        #expect(near(CostOfPass.mean([0.05, 0.03]), 0.04))
        #expect(CostOfPass.mean([0.05, .infinity]) == .infinity)
        #expect(CostOfPass.mean([]) == nil)
    }

    /// SuperGPQA: reasoning .00889, agentic .00732, adaptive .00487.
    @Test func `A2FM's savings in cost of pass are the card's`() {
        #expect(near(CostOfPass.saving(0.00487, over: 0.00889), 0.4522, 5e-5))
        #expect(near(CostOfPass.saving(0.00487, over: 0.00732), 0.3347, 5e-5))
        #expect(CostOfPass.saving(1, over: 0) == nil)
    }

    @Test func `a mode is apt unless an easy item was not answered at once`() {
        #expect(ModeAptness.factor(instantSuccess: 0.75, choseInstant: false, easyAbove: 0.5) == 0.4375)
        #expect(ModeAptness.factor(instantSuccess: 0.75, choseInstant: true, easyAbove: 0.5) == 1)
        #expect(
            ModeAptness.factor(instantSuccess: 0.5, choseInstant: false, easyAbove: 0.5) == 1,
            "p must be above the limit")
        #expect(near(ModeAptness.factor(instantSuccess: 0.75, choseInstant: false, easyAbove: 0.5, exponent: 1), 0.25))
    }
}

struct SubsetEstimatorTests {
    /// All subsets of k of 0..<n.
    private func subsets(_ k: Int, of n: Int) -> [[Int]] {
        (0..<(1 << n)).filter { $0.nonzeroBitCount == k }.map { mask in (0..<n).filter { mask & (1 << $0) != 0 } }
    }

    private func mean(_ k: Int, of n: Int, _ score: ([Int]) -> Double) -> Double {
        let all = subsets(k, of: n)
        return all.reduce(0) { $0 + score($1) } / Double(all.count)
    }

    @Test func `pass at k is the card's`() {
        #expect(near(SubsetEstimators.pass(4, of: 16, correct: 3), 0.607143, 1e-6))
        #expect(near(SubsetEstimators.pass(1, of: 16, correct: 3), 3.0 / 16))
        #expect(SubsetEstimators.pass(14, of: 16, correct: 3) == 1)
        #expect(SubsetEstimators.pass(4, of: 16, correct: 0) == 0)
    }

    @Test func `what cannot be drawn has no estimate`() {
        for k in [-1, 0, 4] {
            #expect(SubsetEstimators.pass(k, of: 3, correct: 1) == nil)
            #expect(SubsetEstimators.best(k, of: [(1, 1), (2, 0), (3, 1)]) == nil)
            #expect(SubsetEstimators.majority(k, of: [.init(count: 2, score: 1)], abstentions: 1) == nil)
        }
        #expect(SubsetEstimators.pass(0, of: 0, correct: 0) == nil)
        #expect(SubsetEstimators.pass(1, of: 3, correct: 4) == nil)
        #expect(SubsetEstimators.majority(1, of: []) == nil)
    }

    @Test(arguments: 1...7) func `pass and best at k are the means over all subsets`(_ k: Int) {
        let ratings = [3.0, 1, 3, 2, 5, 2, 4]
        let scores = [1.0, 0, 0, 1, 0, 1, 0.5]
        let best = mean(k, of: 7) { subset in
            scores[subset.reduce(subset[0]) { ratings[$1] > ratings[$0] ? $1 : $0 }]
        }
        #expect(
            near(
                SubsetEstimators.best(k, of: Array(zip(ratings, scores)).map { (rating: $0.0, score: $0.1) }), best,
                1e-12))
        let pass = mean(k, of: 7) { subset in subset.contains { scores[$0] == 1 } ? 1 : 0 }
        #expect(near(SubsetEstimators.pass(k, of: 7, correct: 3), pass, 1e-12))
    }

    @Test func `a perfect rating makes best at k pass at k, and a useless one the mean`() {
        let scores = [0.0, 1, 0, 0, 1, 0, 1, 0]
        for k in 1...8 {
            #expect(
                near(
                    SubsetEstimators.best(k, of: scores.map { ($0, $0) }),
                    SubsetEstimators.pass(k, of: 8, correct: 3) ?? -1, 1e-12))
        }
        #expect(near(SubsetEstimators.best(1, of: scores.map { (0, $0) }), 3.0 / 8))
        #expect(near(SubsetEstimators.best(8, of: scores.map { (0, $0) }), 0), "of equal ratings the first is taken")
    }

    /// Answers as letters, "-" for none; "a" is right, "c" half right.
    @Test(arguments: [
        "a", "ab", "aab", "abbc", "aabbc-", "aaabbbccc", "ab-------", "aaabbcc--d", "bbbaacd", "---a", "abcdefgh",
        "bbb",
    ])
    func `the majority at k is the mean over all subsets, ties shared`(_ text: String) {
        let letters = Array(text)
        let scores: [Character: Double] = ["a": 1, "c": 0.5]
        let names = Set(letters).subtracting(["-"]).sorted()
        let answers = names.map { name in
            SubsetEstimators.Answer(count: letters.filter { $0 == name }.count, score: scores[name] ?? 0)
        }
        let abstentions = letters.filter { $0 == "-" }.count
        for k in 1...letters.count {
            let expected = mean(k, of: letters.count) { subset in
                let counts = names.map { name in subset.filter { letters[$0] == name }.count }
                guard let most = counts.max(), most > 0 else { return 0 }
                let winners = names.indices.filter { counts[$0] == most }
                return winners.reduce(0) { $0 + (scores[names[$1]] ?? 0) } / Double(winners.count)
            }
            #expect(
                near(SubsetEstimators.majority(k, of: answers, abstentions: abstentions), expected, 1e-12),
                "\(text), k = \(k)")
        }
    }

    @Test func `the majority of one sample is the mean, of two the same, and of many the most frequent answer`() {
        let answers = [
            SubsetEstimators.Answer(count: 60, score: 1), .init(count: 50, score: 0), .init(count: 10, score: 0),
        ]
        #expect(near(SubsetEstimators.majority(1, of: answers), 0.5, 1e-10))
        #expect(near(SubsetEstimators.majority(2, of: answers), 0.5, 1e-10), "a tie of two is drawn by lot")
        #expect(near(SubsetEstimators.majority(120, of: answers), 1, 1e-10))
        let wide = SubsetEstimators.majority(64, of: answers, abstentions: 136) ?? 0
        #expect(wide > 0.5 && wide < 1)
    }

    @Test func `the chances of all answers to win add up to one if somebody votes`() {
        let counts = [7, 7, 5, 3, 3, 2, 1]
        for k in [1, 2, 5, 13, 28] {
            let total = counts.indices.reduce(0) { sum, right in
                sum
                    + (SubsetEstimators.majority(
                        k, of: counts.enumerated().map { .init(count: $1, score: $0 == right ? 1 : 0) }) ?? 0)
            }
            #expect(near(total, 1, 1e-10))
        }
    }
}
