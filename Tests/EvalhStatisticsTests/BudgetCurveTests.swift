import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { a.map { abs($0 - b) <= tolerance } ?? false }

struct BudgetCurveTests {
    private func curve(_ points: [(Double, Double)]) -> BudgetCurve { BudgetCurve(points.map { .init(accuracy: $0.1, tokens: $0.0) }) }

    @Test(arguments: [(2000.0, 0.75), (3000.0, 0.645833), (4000.0, 0.5625), (8000.0, 0.40625)])
    func `regret is the card's`(_ budget: Double, _ regret: Double) {
        #expect(near(curve([(2000, 0.5), (4000, 0.75), (1000, 0.25)]).regret(budget: budget), regret, 1e-6))
    }

    @Test func `one point at the budget has regret 1 − y/2, as the curve starts at the origin`() {
        for y in [0.0, 0.3, 1] { #expect(near(curve([(500, y)]).regret(budget: 500), 1 - y / 2)) }
        #expect(near(curve([(500, 0.8)]).regret(budget: 250), 1 - 0.4 / 2), "cut on the line from the origin")
    }

    @Test func `only what is right from the first token has no regret`() {
        #expect(near(curve([(0, 1), (100, 1)]).regret(budget: 1000), 0))
        #expect(near(curve([(0, 0), (100, 0)]).regret(budget: 1000), 1))
        #expect(curve([(1, 1)]).regret(budget: 1000) > 0)
    }

    @Test func `curves may fall, and points of equal tokens are a step`() {
        #expect(near(curve([(1, 1), (2, 0)]).regret(budget: 2), 0.5))
        #expect(near(curve([(1, 0), (1, 1), (2, 1)]).regret(budget: 2), 0.5))
        #expect(near(curve([(1, 0), (1, 1)]).regret(budget: 1), 1))
    }
}

struct ItemTotalsTests {
    private let totals = {
        var generator = SplitMix64(seed: 3)
        var totals = ItemTotals()
        for item in 0..<60 {
            let chance = generator.unit()
            for _ in 0..<3 { totals.add(item: item * 2, score: generator.unit() < chance ? 1 : 0, amount: 50 + 100 * generator.unit()) }
        }
        return totals
    }()

    @Test func `sessions are summed by item`() {
        var totals = ItemTotals()
        totals.add(item: 4, score: 1, amount: 10)
        totals.add(item: 4, score: 0, amount: 20)
        totals.add(item: 5, score: 1, amount: 7)
        #expect(totals.totals.map(\.item) == [4, 5] && totals.totals.map(\.sessions) == [2, 1])
        #expect(totals.totals[0].meanScore == 0.5 && totals.totals[0].meanAmount == 15)
        #expect(totals.sums() == (3, 2, 37))
        #expect(totals.sums(weights: [0, 3]) == (3, 3, 21))
    }

    /// The linearised ratio: n/(n−1)·Σ(s − r·a)² / (Σa)².
    @Test func `the ratio's bootstrap has the linearised standard error`() throws {
        let estimate = try #require(totals.scorePerAmount(seed: 1))
        let sums = totals.sums()
        let ratio = sums.score / sums.amount
        #expect(near(estimate.value, ratio, 1e-15) && estimate.n == 60)
        let squares = totals.totals.reduce(0) { $0 + ($1.score - ratio * $1.amount) * ($1.score - ratio * $1.amount) }
        let stderr = (60.0 / 59 * squares).squareRoot() / sums.amount
        #expect(abs((estimate.stderr ?? 0) / stderr - 1) < 0.06)
        #expect(abs(((estimate.ciHigh ?? 0) - (estimate.ciLow ?? 0)) / (2 * 1.96 * stderr) - 1) < 0.1)
    }

    @Test func `without an amount there is no ratio, and of one item no interval`() {
        #expect(ItemTotals().scorePerAmount(seed: 1) == nil)
        var one = ItemTotals()
        one.add(item: 0, score: 1, amount: 0)
        #expect(one.scorePerAmount(seed: 1) == nil)
        one.add(item: 0, score: 1, amount: 4)
        #expect(one.scorePerAmount(seed: 1) == Estimate(0.5, percentilesOf: nil, items: 1))
    }

    @Test func `several statistics see the draws that one would see`() throws {
        let values = [1.0, 4, 2, 8, 5, 7]
        func mean(_ weights: [Double]) -> Double { zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +) }
        let one = try #require(Bootstrap.distribution(items: 6, resamples: 500, seed: 9, of: mean))
        let several = Bootstrap.several(items: 6, resamples: 500, seed: 9) { [mean($0), 1, .nan] }
        #expect(several[0]?.resamples == one.resamples)
        #expect(several[1]?.percentile().low == 1 && several[1]?.percentile().high == 1)
        #expect(several[2] == nil)
        #expect(Bootstrap.several(items: 1, resamples: 500, seed: 9) { _ in [1] }[0] == nil)
    }

    @Test func `a share on which all resamples agree has Wilson's interval`() throws {
        let right = Bootstrap.several(items: 20, resamples: 300, seed: 4) { _ in [1] }[0]
        let estimate = Estimate(share: 1, of: 20, percentilesOf: right, items: 20)
        let wilson = try #require(Wilson.interval(successes: 20, n: 20))
        #expect(estimate.ciLow == wilson.low && estimate.ciHigh == 1 && estimate.method == "Wilson")
        let mixed = Bootstrap.several(items: 20, resamples: 300, seed: 4) { [$0[0] / 20] }[0]
        #expect(Estimate(share: 0.05, of: 20, percentilesOf: mixed, items: 20) == Estimate(0.05, percentilesOf: mixed, items: 20))
    }

    @Test func `a statistic that fails on more than a tenth of the resamples has no interval`() {
        // The first item is missing from about a third of all resamples.
        let fragile = Bootstrap.several(items: 8, resamples: 500, seed: 2) { [$0[0] > 0 ? 1 : .nan] }
        #expect(fragile[0] == nil)
    }
}
