import EvalhStatistics
import Foundation
import Testing

/// Seeded simulations: intervals hold the truth as often as they say, tests reject the truth as rarely as they say.
/// With 2,000 runs a coverage of 95 % is seen within one percentage point nineteen times of twenty; the seeds are
/// fixed, so the tests are not chance.
@Suite("Coverage of intervals and level of tests", .serialized)
struct CoverageTests {
    private static let runs = 2000
    private static let nominal = 0.935...0.965

    private func share(_ seed: UInt64, _ holds: (inout SplitMix64) -> Bool) -> Double {
        var generator = SplitMix64(seed: seed)
        return Double((0..<Self.runs).count { _ in holds(&generator) }) / Double(Self.runs)
    }

    private static func binomial(_ k: Int, _ n: Int, _ p: Double) -> Double {
        let choices = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
        return exp(choices + Double(k) * log(p) + Double(n - k) * log(1 - p))
    }

    /// Wilson's coverage goes up and down with n and p, and dips for p near 0 and 1 (Brown, Cai and DasGupta 2001,
    /// Statistical Science 16:101). These are away from the ends and from a dip: the exact coverage, a binomial sum,
    /// lies between 94.4 and 95.5 %.
    @Test(arguments: [(40, 0.3), (80, 0.6), (200, 0.3), (500, 0.7)])
    func `Wilson's interval holds the truth as often as the binomial sum says`(_ n: Int, _ p: Double) throws {
        func holds(_ right: Int) -> Bool {
            Wilson.interval(successes: Double(right), n: Double(n)).map { $0.low <= p && p <= $0.high } ?? false
        }
        let exact = (0...n).reduce(0) { holds($1) ? $0 + Self.binomial($1, n, p) : $0 }
        #expect((0.944...0.956).contains(exact))
        let seen = share(UInt64(n)) { generator in holds((0..<n).count { _ in generator.unit() < p }) }
        #expect(Self.nominal.contains(seen), "\(seen)")
        #expect(abs(seen - exact) < 0.015)
    }

    /// Items' chances are uniform in [0.1, 0.9], so that repeats of one item are alike (correlation 0.21). The mean
    /// over items is 0.5.
    @Test func `the interval clustered by item holds the truth where repeats are alike`() {
        let seen = share(21) { generator in
            var mean = ClusteredMean()
            for item in 0..<60 {
                let chance = 0.1 + 0.8 * generator.unit()
                for _ in 0..<4 { mean.add(generator.unit() < chance ? 1 : 0, cluster: item) }
            }
            let (all, share) = (mean.mean(), mean.proportion())
            guard let all, let share, let low = all.ciLow, let high = all.ciHigh else { return false }
            // Both intervals are asked, the narrower one for either end.
            return max(low, share.ciLow ?? 1) <= 0.5 && min(high, share.ciHigh ?? 0) >= 0.5
        }
        #expect(Self.nominal.contains(seen), "\(seen)")
    }

    /// Sixty questions in one to five rows each, whose rows share their sample. Taken for items of their own, the rows'
    /// interval holds the truth in seven of ten runs.
    @Test func `the interval over rows that repeat questions holds the truth, and without clusters does not`() {
        var plain = 0
        let seen = share(23) { generator in
            var mean = ClusteredMean()
            var rows = 0
            var right = 0
            for question in 0..<60 {
                let score = generator.unit() < 0.7 ? 1 : 0
                for _ in 0...generator.index(below: 5) {
                    mean.add(Double(score), cluster: question, row: rows)
                    rows += 1
                    right += score
                }
            }
            if let rows = Wilson.interval(successes: Double(right), n: Double(rows)), rows.low <= 0.7, rows.high >= 0.7
            {
                plain += 1
            }
            guard let low = mean.proportion()?.ciLow, let high = mean.proportion()?.ciHigh else { return false }
            return low <= 0.7 && high >= 0.7
        }
        #expect(Self.nominal.contains(seen), "\(seen)")
        #expect((0.6...0.8).contains(Double(plain) / Double(Self.runs)))
    }

    /// Differences of mean scores over three repeats: seven values, mean 0.05.
    @Test func `the BCa interval of paired differences holds the truth`() {
        let seen = share(22) { generator in
            let differences = (0..<60).map { _ in
                let chance = generator.unit()
                let gain = generator.unit() < 0.5 ? 0.1 : 0
                let better = min(1, chance * 0.9 + gain)
                let worse = chance * 0.9
                let a = (0..<3).count { _ in generator.unit() < better }
                let b = (0..<3).count { _ in generator.unit() < worse }
                return Double(a - b) / 3
            }
            guard let interval = Bootstrap.mean(of: differences, resamples: 600, seed: generator.next())?.bca() else {
                return false
            }
            return interval.low <= 0.05 && 0.05 <= interval.high
        }
        #expect(Self.nominal.contains(seen), "\(seen)")
    }

    /// 100 items of which a fifth flip, either way alike.
    @Test func `McNemar's exact test stays below its level, the mid-p test is near it`() {
        var (exact, mid) = (0, 0)
        var generator = SplitMix64(seed: 23)
        for _ in 0..<Self.runs {
            var (a, b) = (0, 0)
            for _ in 0..<100 {
                let draw = generator.unit()
                if draw < 0.1 { a += 1 } else if draw < 0.2 { b += 1 }
            }
            if McNemar.exact(aOnly: a, bOnly: b) <= 0.05 { exact += 1 }
            if McNemar.midP(aOnly: a, bOnly: b) <= 0.05 { mid += 1 }
        }
        let (exactLevel, midLevel) = (Double(exact) / Double(Self.runs), Double(mid) / Double(Self.runs))
        #expect(exactLevel <= 0.05 && exactLevel > 0.01, "\(exactLevel)")
        #expect((0.035...0.06).contains(midLevel), "\(midLevel)")
        #expect(midLevel >= exactLevel)
    }

    @Test("the permutation test keeps its level, counted out and drawn", arguments: [12, 40])
    func permutationLevel(items: Int) {
        let seen = share(UInt64(24 + items)) { generator in
            // Symmetric around 0, and not normal.
            let differences = (0..<items).map { _ in
                let draw = 2 * generator.unit() - 1
                return draw * draw * draw
            }
            return (PairedPermutation.test(differences, draws: 399, seed: generator.next())?.pValue ?? 0) <= 0.05
        }
        #expect((0.035...0.065).contains(seen), "\(seen)")
    }

    @Test func `a truth at the margin passes as non-inferior one time in forty`() {
        let seen = share(25) { generator in
            let differences = (0..<80).map { _ in 0.6 * (generator.unit() - 0.5) - 0.02 }
            guard let interval = Bootstrap.mean(of: differences, resamples: 400, seed: generator.next())?.bca() else {
                return true
            }
            return NonInferiority.verdict(low: interval.low, high: interval.high, margin: 0.02) == .pass
        }
        #expect((0.015...0.037).contains(seen), "\(seen)")
    }

    /// 200 items of which 8 flip on average, and a is worse by the margin exactly. Alone the bootstrap's interval is
    /// passed at its lower end by 5 % and more, the score interval at its upper end by 4 %.
    @Test func `where few items flip, the wider of bootstrap and score interval is passed at neither end too often`()
        throws
    {
        var known: [[Int]: (low: Double, high: Double)] = [:]
        var (above, below) = (0, 0)
        var generator = SplitMix64(seed: 26)
        for _ in 0..<Self.runs {
            var (lost, won) = (0, 0)
            for _ in 0..<200 {
                let draw = generator.unit()
                if draw < 0.03 { lost += 1 } else if draw < 0.04 { won += 1 }
            }
            let interval = try known[[lost, won]] ?? wider(lost: lost, won: won)
            known[[lost, won]] = interval
            if interval.low >= -0.02 { above += 1 }
            if interval.high < -0.02 { below += 1 }
        }
        let shares = [above, below].map { Double($0) / Double(Self.runs) }
        #expect(shares.allSatisfy { $0 <= 0.03 && $0 > 0.005 }, "\(shares)")
    }

    private func wider(lost: Int, won: Int) throws -> (low: Double, high: Double) {
        let same = [Double](repeating: 0, count: 200 - lost - won)
        let differences = [Double](repeating: -1, count: lost) + [Double](repeating: 1, count: won) + same
        let bootstrap = try #require(Bootstrap.mean(of: differences, resamples: 1000, seed: 1)).bca()
        let score = try #require(PairedScore.interval(aOnly: won, bOnly: lost, n: 200))
        return (min(bootstrap.low, score.low), max(bootstrap.high, score.high))
    }
}
