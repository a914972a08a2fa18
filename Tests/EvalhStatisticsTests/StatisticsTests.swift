import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-4) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct DistributionTests {
    @Test(arguments: [
        (0.5, 0.0), (0.975, 1.959963985), (0.995, 2.575829304), (0.9, 1.281551566), (0.0001, -3.719016485),
    ])
    func `normal quantiles are those of the tables`(_ p: Double, _ z: Double) {
        #expect(near(Normal.quantile(p), z, 1e-8))
        #expect(near(Normal.cdf(z), p, 1e-8))
    }

    @Test(arguments: [(1.0, 12.706), (2.0, 4.303), (5.0, 2.571), (10.0, 2.228), (30.0, 2.042), (120.0, 1.980)])
    func `Student's 97.5 % quantiles are those of the tables`(_ n: Double, _ t: Double) {
        #expect(near(StudentT.quantile(0.975, degreesOfFreedom: n), t, 5e-4))
        #expect(near(StudentT.quantile(0.025, degreesOfFreedom: n), -t, 5e-4))
        #expect(near(StudentT.cdf(t, degreesOfFreedom: n), 0.975, 1e-4))
    }

    @Test(arguments: [0.0, 0.1, 0.35, 0.5, 0.9, 1.0]) func `the incomplete beta function has its closed forms`(
        _ x: Double
    ) {
        #expect(near(IncompleteBeta.regularized(x, a: 1, b: 1), x, 1e-12))
        #expect(near(IncompleteBeta.regularized(x, a: 3, b: 1), x * x * x, 1e-12))
        #expect(near(IncompleteBeta.regularized(x, a: 1, b: 4), 1 - pow(1 - x, 4), 1e-12))
        #expect(near(IncompleteBeta.regularized(x, a: 2, b: 2), x * x * (3 - 2 * x), 1e-12))
    }
}

struct ProportionTests {
    // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    @Test(arguments: [
        (81.0, 263.0, 0.2553, 0.3662), (15.0, 148.0, 0.0624, 0.1605), (0.0, 20.0, 0.0, 0.1611),
        (1.0, 29.0, 0.0061, 0.1718),
    ])
    func `Wilson's interval is the published one`(_ right: Double, _ n: Double, _ low: Double, _ high: Double) throws {
        let interval = try #require(Wilson.interval(successes: right, n: n))
        #expect(near(interval.low, low) && near(interval.high, high))
    }

    @Test func `all right and all wrong have intervals of width`() throws {
        var mean = ClusteredMean()
        for item in 0..<10 { mean.add(1, cluster: item) }
        let estimate = try #require(mean.proportion())
        #expect(estimate.value == 1 && estimate.ciHigh == 1)
        #expect(near(estimate.ciLow, 0.7225))
        #expect(ClusteredMean().proportion() == nil)
        #expect(Wilson.interval(successes: 0, n: 0) == nil)
    }

    @Test func `with one session an item the mean's interval is Student's`() throws {
        let values = [2.0, 4, 4, 5, 7, 9]
        var mean = ClusteredMean()
        for (item, value) in values.enumerated() { mean.add(value, cluster: item) }
        let estimate = try #require(mean.mean())
        let average = values.reduce(0, +) / 6
        let variance = values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 5
        let stderr = (variance / 6).squareRoot()
        #expect(near(estimate.stderr, stderr, 1e-12))
        #expect(near(estimate.ciHigh, average + 2.570582 * stderr, 1e-5))
    }

    @Test func `repeats of equal outcome add no certainty`() throws {
        var once = ClusteredMean()
        var often = ClusteredMean()
        for item in 0..<50 {
            once.add(item % 3 == 0 ? 1 : 0, cluster: item)
            for _ in 0..<20 { often.add(item % 3 == 0 ? 1 : 0, cluster: item) }
        }
        let a = try #require(once.mean())
        let b = try #require(often.mean())
        #expect(near(a.value, b.value, 1e-12) && near(a.stderr, b.stderr ?? 0, 1e-12))
        #expect(b.n == 50)
    }

    @Test func `95 % intervals hold the truth about as often as they say`() throws {
        var generator = Seeded(state: 11)
        var plain = 0
        var clustered = 0
        let runs = 1500
        for _ in 0..<runs {
            var once = ClusteredMean()
            var repeated = ClusteredMean()
            for item in 0..<80 {
                once.add(generator.uniform() < 0.6 ? 1 : 0, cluster: item)
                // Items differ: the repeats of one are alike. The mean over items is 0.5.
                let chance = generator.uniform()
                for _ in 0..<4 { repeated.add(generator.uniform() < chance ? 1 : 0, cluster: item) }
            }
            let a = try #require(once.proportion())
            let b = try #require(repeated.proportion())
            if (a.ciLow ?? 1) <= 0.6, (a.ciHigh ?? 0) >= 0.6 { plain += 1 }
            if (b.ciLow ?? 1) <= 0.5, (b.ciHigh ?? 0) >= 0.5 { clustered += 1 }
        }
        #expect((0.93...0.97).contains(Double(plain) / Double(runs)))
        #expect((0.93...0.97).contains(Double(clustered) / Double(runs)))
    }
}

struct PairedTests {
    @Test(arguments: [
        (0, 0, 1.0), (5, 5, 1.0), (1, 9, 0.021484375), (0, 5, 0.0625), (10, 2, 0.03857421875), (0, 1, 1.0),
    ])
    func `McNemar's exact p-value is the binomial sum`(_ a: Int, _ b: Int, _ p: Double) {
        #expect(near(McNemar.exact(aOnly: a, bOnly: b), p, 1e-12))
        #expect(near(McNemar.exact(aOnly: b, bOnly: a), p, 1e-12))
    }

    @Test func `the smallest effect solves Connor's formula and shrinks with the square root of the items`() throws {
        let effect = try #require(Power.smallestPairedEffect(items: 400, discordantShare: 0.2))
        let need = 1.959964 * 0.2.squareRoot() + 0.841621 * (0.2 - effect * effect).squareRoot()
        #expect(near(400 * effect * effect, need * need, 1e-3))
        let more = try #require(Power.smallestPairedEffect(items: 1600, discordantShare: 0.2))
        #expect(near(effect / more, 2, 0.03))
        #expect(Power.smallestPairedEffect(items: 3, discordantShare: 0.2) == nil)
    }
}

/// SplitMix64, so that a failure can be seen again.
struct Seeded {
    var state: UInt64

    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
    }
}
