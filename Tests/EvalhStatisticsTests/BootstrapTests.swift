import EvalhStatistics
import Testing

@Suite("The bootstrap over items")
struct BootstrapTests {
    /// Test A of the spatial test data: Efron and Tibshirani 1993, table 14.1.
    private static let spatial: [Double] = [
        48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
    ]

    private func variance(_ weights: [Double]) -> Double {
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for (index, weight) in weights.enumerated() {
            count += weight
            sum += weight * Self.spatial[index]
            squares += weight * Self.spatial[index] * Self.spatial[index]
        }
        return squares / count - (sum / count) * (sum / count)
    }

    /// Table 14.2: percentile (100.8, 233.9), BCa (115.8, 259.6), a = 0.061, z0 = 0.146, of 2,000 resamples, which
    /// leave the ends uncertain by about 2 each.
    @Test func `the variance of the spatial test data has the published 90 % intervals`() throws {
        let found = try #require(Bootstrap.distribution(items: 26, resamples: 8000, seed: 5, of: variance))
        #expect(abs(found.observed - 171.534) < 0.001)
        #expect(abs(found.acceleration - 0.0612) < 0.0001)
        #expect(abs(found.biasCorrection - 0.146) < 0.05)
        let (percentile, bca) = (found.percentile(confidence: 0.9), found.bca(confidence: 0.9))
        #expect(abs(percentile.low - 100.8) < 5 && abs(percentile.high - 233.9) < 5)
        #expect(abs(bca.low - 115.8) < 5 && abs(bca.high - 259.6) < 6)
    }

    @Test func `the mean is a statistic like others`() throws {
        let direct = try #require(Bootstrap.mean(of: Self.spatial, resamples: 500, seed: 3))
        let general = try #require(
            Bootstrap.distribution(items: 26, resamples: 500, seed: 3) { weights in
                zip(weights, Self.spatial).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
            })
        #expect(zip(direct.resamples, general.resamples).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(abs(direct.acceleration - general.acceleration) < 1e-12)
        // The resamples' deviation tends to the plug-in one, √(Σ(x − x̄)²) / n.
        #expect(abs(direct.stderr - (171.534 / 26).squareRoot()) < 0.2)
    }

    @Test func `a seed gives the same numbers again, another one others`() {
        let runs = [7, 7, 8].map { Bootstrap.mean(of: Self.spatial, resamples: 100, seed: $0)?.resamples }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
    }

    @Test func `skewed items pull the BCa interval to their long side`() throws {
        let skewed = (0..<40).map { Double($0 * $0 * $0) }
        let found = try #require(Bootstrap.mean(of: skewed, resamples: 4000, seed: 1))
        #expect(found.acceleration > 0)
        #expect(found.bca().low > found.percentile().low)
        #expect(found.bca().high > found.percentile().high)
    }

    @Test func `the p-value is the interval turned round`() throws {
        let found = try #require(Bootstrap.mean(of: Self.spatial, resamples: 4000, seed: 2))
        for confidence in [0.8, 0.9, 0.95] {
            let interval = found.bca(confidence: confidence)
            #expect(abs(found.pValue(atMost: interval.low) - (0.5 - confidence / 2)) < 0.002)
            #expect(abs(found.pValue(atMost: interval.high) - (0.5 + confidence / 2)) < 0.002)
        }
        #expect(found.pValue(atMost: -1000) > 0)
        #expect(found.pValue(atMost: 1000) < 1)
    }

    @Test func `no item, one item, equal items and numbers that are none are all defined`() throws {
        #expect(Bootstrap.mean(of: [], seed: 1) == nil)
        #expect(Bootstrap.distribution(items: 0, seed: 1) { _ in 1 } == nil)
        #expect(Bootstrap.mean(of: [1, .nan], seed: 1) == nil)
        #expect(Bootstrap.mean(of: [1, .infinity], seed: 1) == nil)
        #expect(Bootstrap.distribution(items: 3, resamples: 10, seed: 1) { _ in .nan } == nil)
        let one = try #require(Bootstrap.mean(of: [0.4], resamples: 50, seed: 1))
        #expect(one.bca() == (0.4, 0.4) && one.percentile() == (0.4, 0.4))
        let equal = try #require(Bootstrap.mean(of: [Double](repeating: 0.25, count: 9), resamples: 50, seed: 1))
        #expect(equal.bca() == (0.25, 0.25) && equal.acceleration == 0 && equal.stderr == 0)
        #expect(equal.pValue(atMost: 0) < 0.02 && equal.pValue(atMost: 1) > 0.98)
    }

    @Test func `a statistic that is undefined on a few resamples loses only those`() throws {
        // A ratio whose denominator is one item: undefined where that item was not drawn, which is (1 − 1/n)ⁿ of the
        // time.
        let rare = Bootstrap.distribution(items: 20, resamples: 200, seed: 4) { $0[0] > 0 ? 1 : .nan }
        #expect(rare == nil)
        let common = try #require(
            Bootstrap.distribution(items: 20, resamples: 200, seed: 4) { $0[0] + $0[1] + $0[2] > 0 ? $0[3] : .nan })
        #expect(common.resamples.count < 200 && common.resamples.count > 180)
    }
}
