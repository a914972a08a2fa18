import EvalhStatistics
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double) -> Bool { a.map { abs($0 - b) <= tolerance } ?? false }

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
        let differences = [Double](repeating: 1, count: 12) + [Double](repeating: -1, count: 4) + [Double](repeating: 0, count: 50)
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
    /// Benjamini and Hochberg 1995, JRSS B 57:289, §3.2: 15 end points of a trial; at 5 % the first three are rejected by Bonferroni's and
    /// Hochberg's rules alike, so by Holm's, which lies between.
    @Test func `Holm rejects what it does in the published trial`() {
        let published = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
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
        (-0.01, 0.03, NonInferiority.Verdict.pass), (-0.02, 0.0, .pass), (-0.03, 0.01, .inconclusive), (-0.06, -0.02, .inconclusive),
        (-0.06, -0.021, .fail), (0.01, 0.05, .pass), (.nan, 0.1, .inconclusive), (0.1, -0.1, .inconclusive),
    ])
    func `a verdict follows from interval and margin`(_ low: Double, _ high: Double, _ verdict: NonInferiority.Verdict) {
        #expect(NonInferiority.verdict(low: low, high: high, margin: 0.02) == verdict)
        #expect(NonInferiority.verdict(low: nil, high: high, margin: 0.02) == .inconclusive)
        #expect(NonInferiority.verdict(low: low, high: high, margin: -0.02) == .inconclusive)
    }

    @Test func `the p-value of non-inferiority is that of the shifted test`() {
        #expect(near(NonInferiority.pValue(difference: 0, stderr: 0.01, margin: 0.0196), 0.0249979, 1e-6))
        #expect(near(NonInferiority.pValue(difference: -0.05, stderr: 0.01, margin: 0.05), 0.5, 1e-12))
        // Student's t with one degree of freedom is Cauchy's distribution: P(T < −1) = 1/4.
        #expect(near(NonInferiority.pValue(difference: 0, stderr: 0.5, margin: 0.5, degreesOfFreedom: 1), 0.25, 1e-12))
        for bad in [0, -1, .nan, .infinity] { #expect(NonInferiority.pValue(difference: 0, stderr: bad, margin: 0.1) == nil) }
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

    @Test func `items that all agree leave room for those not seen`() {
        let none = Agreement.estimate(0, n: 20)
        #expect(near(none.ciHigh, 0.1611, 1e-4) && near(none.ciLow, -0.1611, 1e-4))
        #expect(near(Agreement.estimate(0.5, n: 20, reach: 2).ciHigh, 0.8222, 1e-4))
    }
}
