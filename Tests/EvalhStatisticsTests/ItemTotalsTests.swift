import EvalhStatistics
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct ItemShareTests {
    @Test func `the shares of items' sessions have the interval of the sessions`() throws {
        var generator = SplitMix64(seed: 8)
        var (sessions, shares) = (ClusteredMean(), ClusteredMean())
        for item in 0..<50 {
            let chance = generator.unit()
            let scores = (0..<4).map { _ in generator.unit() < chance ? 1.0 : 0 }
            for score in scores { sessions.add(score, cluster: item) }
            shares.add(scores.reduce(0, +) / 4, cluster: item)
        }
        let (ofShares, ofSessions) = (
            try #require(Estimate(shares: shares, sessions: 200)), try #require(sessions.proportion())
        )
        #expect(near(ofShares.ciLow, ofSessions.ciLow ?? -1) && near(ofShares.ciHigh, ofSessions.ciHigh ?? -1))
        #expect(near(ofShares.value, ofSessions.value) && ofShares.n == 50)
    }

    /// Chances uniform over items: 1 − E(1 − p)² = 2/3.
    @Test func `intervals of pass at 2 hold the truth about as often as they say`() throws {
        var generator = SplitMix64(seed: 12)
        let runs = 1500
        let held = try (0..<runs).count { _ in
            var shares = ClusteredMean()
            for item in 0..<50 {
                let chance = generator.unit()
                let right = (0..<4).count { _ in generator.unit() < chance }
                shares.add(try #require(SubsetEstimators.pass(2, of: 4, correct: right)), cluster: item)
            }
            let estimate = try #require(Estimate(shares: shares, sessions: 200))
            return (estimate.ciLow ?? 1) <= 2.0 / 3 && (estimate.ciHigh ?? 0) >= 2.0 / 3
        }
        #expect((0.93...0.97).contains(Double(held) / Double(runs)), "\(held) of \(runs)")
    }

    @Test func `shares that are all alike leave as many sessions as items`() throws {
        var shares = ClusteredMean()
        for item in 0..<10 { shares.add(1, cluster: item) }
        let estimate = try #require(Estimate(shares: shares, sessions: 1000))
        #expect(near(estimate.ciLow, 0.722467, 1e-6) && estimate.ciHigh == 1)
        #expect(Estimate(shares: ClusteredMean(), sessions: 0) == nil)
    }
}

struct ItemTotalsTests {
    private let totals = {
        var generator = SplitMix64(seed: 3)
        var totals = ItemTotals()
        for item in 0..<60 {
            let chance = generator.unit()
            for _ in 0..<3 {
                totals.add(
                    item: item * 2, score: generator.unit() < chance ? 1 : 0, amount: 50 + 100 * generator.unit())
            }
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
        func mean(_ weights: [Double]) -> Double {
            zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        }
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
        #expect(
            Estimate(share: 0.05, of: 20, percentilesOf: mixed, items: 20)
                == Estimate(0.05, percentilesOf: mixed, items: 20))
    }

    @Test func `a statistic that fails on more than a tenth of the resamples has no interval`() {
        // The first item is missing from about a third of all resamples.
        let fragile = Bootstrap.several(items: 8, resamples: 500, seed: 2) { [$0[0] > 0 ? 1 : .nan] }
        #expect(fragile[0] == nil)
    }
}
