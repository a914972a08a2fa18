import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance }

struct SaturationLawFitTests {
    /// F_max, p, ε, N*, F(N*), next gain, gain before.
    @Test(arguments: [
        [0.85, 0.3, 0.001, 16, 0.84718, 0.000847, 0.001211], [1, 0.2, 0.01, 14, 0.95602, 0.008796, 0.010995],
        [0.6, 0.1, 0.005, 24, 0.55214, 0.004786, 0.005318], [0.5, 0.5, 0.01, 5, 0.484375, 0.0078125, 0.015625],
    ])
    func `saturation is where the next sample brings no more than asked`(_ row: [Double]) {
        let law = SaturationLaw(ceiling: row[0], rate: row[1])
        let n = law.saturation(threshold: row[2])
        #expect(n == row[3])
        #expect(
            near(law.value(n), row[4], 6e-6) && near(law.gain(n), row[5], 6e-7) && near(law.gain(n - 1), row[6], 6e-7))
        #expect(near(law.gain(n), law.value(n + 1) - law.value(n), 1e-12))
    }

    @Test func `edges: a threshold above the first gain, and a rate of one`() {
        #expect(SaturationLaw(ceiling: 0.5, rate: 0.1).saturation(threshold: 0.06) == 1)
        #expect(SaturationLaw(ceiling: 0.5, rate: 1).saturation(threshold: 0.001) == 1)
        #expect(SaturationLaw(ceiling: 0.5, rate: 1).value(1) == 0.5)
    }

    @Test func `it falls with the threshold, and is not monotone in the rate`() {
        let law = SaturationLaw(ceiling: 0.8, rate: 0.15)
        let thresholds = stride(from: 0.0005, to: 0.1, by: 0.0005).map { law.saturation(threshold: $0) }
        #expect(zip(thresholds, thresholds.dropFirst()).allSatisfy { $0 >= $1 })
        let rates = [0.0126, 0.03, 0.6].map { SaturationLaw(ceiling: 0.8, rate: $0).saturation(threshold: 0.01) }
        #expect(rates[0] < rates[1] && rates[1] > rates[2])
    }

    @Test(arguments: [(0.85, 0.3), (0.6, 0.05), (1.0, 0.2), (0.3, 0.9)])
    func `points without noise give the law back`(_ ceiling: Double, _ rate: Double) throws {
        let law = SaturationLaw(ceiling: ceiling, rate: rate)
        let n = [1.0, 2, 4, 8, 16, 32]
        let fit = try #require(SaturationLaw.fit(n: n, accuracy: n.map(law.value), weights: n.map { _ in 50 }))
        #expect(near(fit.law.ceiling, ceiling, 1e-6) && near(fit.law.rate, rate, 1e-6))
        #expect(fit.onBound == (ceiling == 1))
    }

    @Test func `too few levels or nothing right is refused`() {
        #expect(SaturationLaw.fit(n: [1, 2], accuracy: [0.1, 0.2], weights: [1, 1]) == nil)
        #expect(SaturationLaw.fit(n: [1, 2, 2], accuracy: [0.1, 0.2, 0.2], weights: [1, 1, 1]) == nil)
        #expect(SaturationLaw.fit(n: [1, 2, 4], accuracy: [0, 0, 0], weights: [1, 1, 1]) == nil)
    }

    /// a_{t+1} = a_t(1 − q) + (1 − a_t)p from 0.
    @Test func `two states with losses are the same law`() {
        let (gain, loss) = (0.25, 0.1)
        let law = SaturationLaw(ceiling: gain / (gain + loss), rate: gain + loss)
        var state = 0.0
        for step in 1...20 {
            state = state * (1 - loss) + (1 - state) * gain
            #expect(near(law.value(Double(step)), state, 1e-12))
        }
        #expect(near(law.gainAndLoss.gain, gain, 1e-12) && near(law.gainAndLoss.loss, loss, 1e-12))
    }
}

struct SigmoidLawFitTests {
    private static let law = SigmoidLaw(start: 0.2, asymptote: 0.61, exponent: 1.9, middle: 2500)

    @Test(arguments: [(500.0, 0.218399), (2500, 0.405), (10_000, 0.582536), (100_000, 0.609630)])
    func `the law has the published values`(_ compute: Double, _ value: Double) {
        #expect(near(Self.law.value(compute), value, 1e-6))
        #expect(Self.law.value(0) == 0.2)
    }

    @Test func `points without noise give the law back`() throws {
        let compute = [300.0, 800, 2000, 5000, 12_000, 40_000]
        let fit = try #require(
            SigmoidLaw.fit(
                compute: compute, performance: compute.map(Self.law.value), weights: compute.map { _ in 1 }, start: 0.2)
        )
        #expect(
            near(fit.law.asymptote, 0.61, 1e-6) && near(fit.law.exponent, 1.9, 1e-5)
                && near(fit.law.middle / 2500, 1, 1e-6))
        #expect(fit.onBound.isEmpty)
    }

    @Test func `three budgets are too few, and a falling curve has nothing to fit`() {
        #expect(
            SigmoidLaw.fit(compute: [1, 2, 3], performance: [0.1, 0.2, 0.3], weights: [1, 1, 1], start: 0) == nil)
        #expect(
            SigmoidLaw.fit(
                compute: [1, 2, 3, 4], performance: [0.4, 0.3, 0.2, 0.1], weights: [1, 1, 1, 1], start: 0.4) == nil)
    }
}

struct ParallelScalingLawFitTests {
    private static let parameters: [[Double]] = [
        [535_813_376, 693_753_856, 1_088_376_320, 1_571_472_384, 2_774_773_760, 4_353_203_200],
        [538_195_842, 696_738_818, 1_092_762_882, 1_577_522_690, 2_784_937_986, 4_368_529_922],
        [540_577_412, 699_722_756, 1_097_148_164, 1_583_571_460, 2_795_100_164, 4_383_854_084],
        [545_340_552, 705_690_632, 1_105_918_728, 1_595_669_000, 2_815_424_520, 4_414_502_408],
    ]
    private static let code: [[Double]] = [
        [1.1722, 1.1496, 1.1131, 1.0817, 1.0451, 1.0213], [1.1507, 1.1262, 1.094, 1.0623, 1.0244, 1.0025],
        [1.1354, 1.1124, 1.0808, 1.049, 1.0126, 0.9906], [1.1231, 1.0997, 1.0688, 1.0383, 1.0016, 0.9794],
    ]
    private static let pile: [[Double]] = [
        [2.1113, 2.0671, 2.0027, 1.9539, 1.8876, 1.8451], [2.0772, 2.0363, 1.973, 1.9266, 1.861, 1.8137],
        [2.0544, 2.0128, 1.9509, 1.904, 1.8394, 1.7938], [2.0364, 1.9933, 1.9318, 1.8856, 1.8218, 1.7772],
    ]

    /// The published losses (ParScale, table of its repository) and what its own fit makes of them.
    @Test(arguments: [
        (code, [0.691237, 1.13062e7, 0.393463, 0.189371, 0.997833, 3.67674e-5, 0.006184]),
        (pile, [1.288766, 1.97352e8, 0.334456, 0.196333, 0.998676, 1.81393e-5, 0.011564]),
    ])
    func `the published losses give the published law`(_ losses: [[Double]], _ published: [Double]) throws {
        let parameters = Self.parameters.reduce([], +)
        let streams: [Double] = [1.0, 2.0, 4.0, 8.0].reduce(into: [Double]()) { $0 += Array(repeating: $1, count: 6) }
        let loss = losses.reduce([], +)
        let (law, objective) = try #require(
            ParallelScalingLaw.fit(parameters: parameters, streams: streams, loss: loss))
        #expect(near(law.floor, published[0], 2e-4) && near(law.amplitude / published[1], 1, 4e-3))
        #expect(near(law.streams, published[2], 2e-4) && near(law.exponent, published[3], 2e-4))
        let fitted = loss.indices.map { law.loss(parameters: parameters[$0], streams: streams[$0]) }
        let quality = FitQuality(values: loss, fitted: fitted, parameters: 4)
        #expect(near(quality.rSquared ?? 0, published[4], 2e-6))
        #expect(near(objective, published[5], 1e-9))
        #expect(near(zip(loss, fitted).map { abs($0 - $1) }.max() ?? 0, published[6], 5e-5))
    }
}

struct AllocationLawFitTests {
    private static let law = AllocationLaw(a: [0.325, 0.101, 0.177], b: [-0.067, -0.008, 0], c: -0.730)

    @Test func `the link is its own inverse's inverse, between its ends`() {
        for x in stride(from: -2.0, through: 1.5, by: 0.1) {
            #expect(near(AllocationLaw.inverseLink(AllocationLaw.link(x)), x, 1e-9))
        }
        #expect(AllocationLaw.inverseLink(99).isFinite && AllocationLaw.inverseLink(-99).isFinite)
        #expect(near(AllocationLaw.link(-0.46), 3.30 / 2 - 2.18, 1e-12))
    }

    @Test func `points without noise give the published parameters back`() throws {
        var (theta, informed, performance): ([[Double]], [[Double]], [Double]) = ([], [], [])
        for (documents, shots) in [(1.2, 0.4), (0.5, 0.9), (0.1, 0.2)] {
            for k in [0.0, 1, 5, 20, 100] {
                for m in [0.0, 1, 4, 16] {
                    for n in [1.0, 3, 5] {
                        theta.append([k, m, n])
                        informed.append([documents, shots, 0])
                        performance.append(Self.law.value([k, m, n], informativeness: [documents, shots, 0]))
                    }
                }
            }
        }
        let fit = try #require(AllocationLaw.fit(theta: theta, performance: performance, informativeness: informed))
        for axis in 0..<3 {
            #expect(near(fit.a[axis], Self.law.a[axis], 1e-6) && near(fit.b[axis], Self.law.b[axis], 1e-6))
        }
        #expect(near(fit.c, -0.730, 1e-6))
    }

    @Test func `points that do not tell axes apart are refused`() {
        let theta = [1.0, 2, 4, 8, 16].map { [$0, $0] }
        #expect(
            AllocationLaw.fit(
                theta: theta, performance: [0, 0.1, 0.2, 0.3, 0.4], informativeness: theta.map { _ in [0, 0] }) == nil)
        #expect(AllocationLaw.fit(theta: [], performance: [], informativeness: []) == nil)
    }
}

struct LinearSystemFitTests {
    @Test func `a regression has its closed form`() throws {
        let x = [1.0, 2, 3, 4]
        let solution = try #require(LinearSystem.regression(x.map { [1, $0] }, [6, 5, 7, 10]))
        #expect(near(solution[0], 3.5, 1e-9) && near(solution[1], 1.4, 1e-9))
        #expect(LinearSystem.regression([[1, 1], [1, 1]], [1, 2]) == nil)
        #expect(LinearSystem.solve([[0, 1], [1, 0]], [2, 3]) == [3, 2])
    }

    @Test func `a fit's quality has its closed form`() {
        let quality = FitQuality(values: [1, 2, 3], fitted: [1, 2, 4], parameters: 2)
        #expect(near(quality.rSquared ?? 0, 0.5, 1e-12) && near(quality.rmse, (1.0 / 3).squareRoot(), 1e-12))
        #expect(near(quality.aic, 3 * log(1.0 / 3) + 4, 1e-12))
        #expect(FitQuality(values: [1, 1], fitted: [1, 1], parameters: 1).rSquared == 1)
    }
}
