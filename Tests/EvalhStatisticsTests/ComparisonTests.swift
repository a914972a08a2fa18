import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

@Suite("Tests of paired differences")
struct PairedTestTests {
    /// Fagerland et al. 2013, table 1 and text: airway hyper-responsiveness of 21 children.
    @Test func `the mid-p-value is the published one`() {
        #expect(near(McNemar.exact(aOnly: 1, bOnly: 7), 0.0703, 5e-5))
        #expect(near(McNemar.midP(aOnly: 1, bOnly: 7), 0.0391, 5e-5))
    }

    @Test(arguments: [(0, 0, 1.0), (0, 1, 0.5), (1, 1, 0.75), (0, 5, 0.03125), (3, 3, 0.84375)])
    func `the mid-p-value is the binomial sum with what was seen at half weight`(_ a: Int, _ b: Int, _ p: Double) {
        #expect(near(McNemar.midP(aOnly: a, bOnly: b), p, 1e-12))
        #expect(near(McNemar.midP(aOnly: b, bOnly: a), p, 1e-12))
    }

    /// Fisher 1935, §21: Darwin's maize, in eighths of an inch; 1,726 of 32,768 sums are as large.
    private static let maize: [Double] = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

    @Test func `the permutation test counts Fisher's sums`() throws {
        let result = try #require(PairedPermutation.test(Self.maize, seed: 1))
        #expect(result.isExact)
        #expect(result.pValue == 1726.0 / 32768)
        #expect(PairedPermutation.test(Self.maize.map { $0 / 8 } + [0, 0, 0], seed: 9)?.pValue == result.pValue)
    }

    @Test func `of scores 0 and 1 the permutation test is the exact McNemar test`() throws {
        let differences =
            [Double](repeating: 1, count: 12) + [Double](repeating: -1, count: 4) + [Double](repeating: 0, count: 50)
        let result = try #require(PairedPermutation.test(differences, seed: 1))
        #expect(result.isExact)
        #expect(near(result.pValue, McNemar.exact(aOnly: 12, bOnly: 4), 1e-12))
    }

    @Test func `drawn signs agree with the sum they stand for`() throws {
        let differences = [Double](repeating: 1, count: 40) + [Double](repeating: -1, count: 22)
        let result = try #require(PairedPermutation.test(differences, draws: 20_000, seed: 6))
        #expect(!result.isExact)
        #expect(near(result.pValue, McNemar.exact(aOnly: 40, bOnly: 22), 0.005))
        let far = try #require(PairedPermutation.test([Double](repeating: 1, count: 90), draws: 999, seed: 6))
        #expect(far.pValue == 1.0 / 1000)
    }

    @Test func `the permutation test is defined without differences and refuses what is no number`() {
        #expect(PairedPermutation.test([], seed: 1)?.pValue == 1)
        #expect(PairedPermutation.test([0, 0, 0], seed: 1)?.pValue == 1)
        #expect(PairedPermutation.test([3], seed: 1)?.pValue == 1)
        #expect(PairedPermutation.test([1, .nan], seed: 1) == nil)
        #expect(PairedPermutation.test([1, -.infinity], seed: 1) == nil)
    }
}

@Suite("Several tests, margins and what can be seen")
struct CorrectionTests {
    /// Benjamini and Hochberg 1995, JRSS B 57:289, §3.2: 15 end points of a trial; at 5 % the first three are rejected
    /// by Bonferroni's and Hochberg's rules alike, so by Holm's, which lies between.
    @Test func `Holm rejects what it does in the published trial`() {
        let published = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ]
        let adjusted = Holm.adjusted(published)
        let expected = [0.0015, 0.0056, 0.0247, 0.1140, 0.2211, 0.2780, 0.2780, 0.2780, 0.3213]
        for (found, wanted) in zip(adjusted, expected) { #expect(near(found, wanted, 1e-9)) }
        #expect(adjusted.dropFirst(9).allSatisfy { $0 == 1 })
    }

    @Test func `the order and tests without a p-value change nothing`() {
        #expect(Holm.adjusted([0.01, 0.04, 0.03, 0.005]).map { (($0 ?? 0) * 1000).rounded() } == [30, 60, 60, 20])
        #expect(Holm.adjusted([nil, 0.02, .nan]) == [nil, 0.02, nil])
        #expect(Holm.adjusted([]) == [])
        #expect(Holm.adjusted([-1, 2]) == [0, 1])
    }

    @Test(arguments: [
        (-0.01, 0.03, NonInferiority.Verdict.pass), (-0.02, 0.0, .pass), (-0.03, 0.01, .inconclusive),
        (-0.06, -0.02, .inconclusive),
        (-0.06, -0.021, .fail), (0.01, 0.05, .pass), (.nan, 0.1, .inconclusive), (0.1, -0.1, .inconclusive),
    ])
    func `a verdict follows from interval and margin`(_ low: Double, _ high: Double, _ verdict: NonInferiority.Verdict)
    {
        #expect(NonInferiority.verdict(low: low, high: high, margin: 0.02) == verdict)
        #expect(NonInferiority.verdict(low: nil, high: high, margin: 0.02) == .inconclusive)
        #expect(NonInferiority.verdict(low: low, high: high, margin: -0.02) == .inconclusive)
    }

    @Test func `the p-value of non-inferiority is that of the shifted test`() {
        #expect(near(NonInferiority.pValue(difference: 0, stderr: 0.01, margin: 0.0196), 0.0249979, 1e-6))
        #expect(near(NonInferiority.pValue(difference: -0.05, stderr: 0.01, margin: 0.05), 0.5, 1e-12))
        // Student's t with one degree of freedom is Cauchy's distribution: P(T < −1) = 1/4.
        #expect(near(NonInferiority.pValue(difference: 0, stderr: 0.5, margin: 0.5, degreesOfFreedom: 1), 0.25, 1e-12))
        for bad in [0, -1, .nan, .infinity] {
            #expect(NonInferiority.pValue(difference: 0, stderr: bad, margin: 0.1) == nil)
        }
        #expect(NonInferiority.pValue(difference: .nan, stderr: 1, margin: 0.1) == nil)
    }

    /// The sample sizes that tables give for 80 % power at two-sided 5 %, without continuity correction.
    @Test(arguments: [(356, 0.6, 0.1), (388, 0.5, 0.1), (199, 0.1, 0.1)])
    func `two proportions need the tables' sample sizes`(_ n: Int, _ rate: Double, _ effect: Double) throws {
        let found = try #require(Power.smallestUnpairedEffect(items: n, rate: rate))
        let fewer = try #require(Power.smallestUnpairedEffect(items: n - 1, rate: rate))
        #expect(found <= effect && fewer > effect)
    }

    @Test func `effects are 2.80 standard errors, and undefined without any`() {
        #expect(near(Power.smallestEffect(stderr: 0.01), 0.0280158, 1e-6))
        #expect(near(Power.smallestPairedEffect(items: 400, standardDeviation: 50), 7.00396, 1e-4))
        for bad in [0, -1, .nan, .infinity] { #expect(Power.smallestEffect(stderr: bad) == nil) }
        #expect(Power.smallestPairedEffect(items: 0, standardDeviation: 1) == nil)
        #expect(Power.smallestUnpairedEffect(items: 2, rate: 0.9) == nil)
        #expect(Power.smallestUnpairedEffect(items: 100, rate: 1) == nil)
    }

    /// The share of items that only b gets right which makes what was seen most likely, found by trying.
    private func mostLikely(_ a: Double, _ b: Double, _ n: Double, _ difference: Double) -> Double {
        func term(_ count: Double, _ share: Double) -> Double {
            count == 0 ? 0 : share > 0 ? count * log(share) : -.infinity
        }
        var best = (share: 0.0, value: -Double.infinity)
        for step in 0...200_000 {
            let share = max(0, -difference) + Double(step) / 200_000 * (1 - abs(difference)) / 2
            let value = term(b, share) + term(a, share + difference) + term(n - a - b, 1 - 2 * share - difference)
            if value > best.value { best = (share, value) }
        }
        return best.share
    }

    @Test(arguments: [(12, 3, 100), (0, 4, 50), (7, 7, 30), (1, 0, 44)])
    func `the score interval ends where the deviate is 1.96 under the most likely shares`(_ a: Int, _ b: Int, _ n: Int)
        throws
    {
        let interval = try #require(PairedScore.interval(aOnly: a, bOnly: b, n: n))
        for (end, z) in [(interval.low, 1.959964), (interval.high, -1.959964)] {
            let share = mostLikely(Double(a), Double(b), Double(n), end)
            let variance = Double(n) * (2 * share + end - end * end)
            #expect(near((Double(a - b) - Double(n) * end) / variance.squareRoot(), z, 2e-3))
        }
        let turned = try #require(PairedScore.interval(aOnly: b, bOnly: a, n: n))
        #expect(near(turned.low, -interval.high, 1e-9))
        // At no difference the score test is McNemar's without correction.
        #expect(
            near(
                PairedScore.deviate(aOnly: a, bOnly: b, n: n, difference: 0),
                Double(a - b) / Double(a + b).squareRoot(), 1e-12))
    }

    @Test func `the score interval without flips is Wilson's bound, and counts that do not fit have none`() throws {
        let none = try #require(PairedScore.interval(aOnly: 0, bOnly: 0, n: 20))
        #expect(near(none.high, 0.1611, 1e-4) && near(none.low, -0.1611, 1e-4))
        #expect(PairedScore.interval(aOnly: 0, bOnly: 0, n: 0) == nil)
        #expect(PairedScore.interval(aOnly: 3, bOnly: 3, n: 5) == nil)
        #expect(try #require(PairedScore.interval(aOnly: 5, bOnly: 0, n: 5)).high == 1)
    }

    @Test func `items that all agree leave room for those not seen`() {
        let none = Agreement.estimate(0, n: 20, range: -1...1)
        #expect(near(none.ciHigh, 0.1611, 1e-4) && near(none.ciLow, -0.1611, 1e-4))
        let all = Agreement.estimate(-1, n: 20, range: -1...1)
        #expect(near(all.ciHigh, -1 + 2 * 0.1611, 2e-4) && all.ciLow == -1)
    }
}
