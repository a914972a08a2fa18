import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct CalibrationErrorTests {
    private let groups = [
        GradedConfidence(item: 0, confidence: 0.95, score: 1, count: 3),
        GradedConfidence(item: 1, confidence: 0.95, score: 0),
        GradedConfidence(item: 2, confidence: 0.55, score: 1, count: 2),
    ]

    @Test func `the errors are the mean and the largest gap of the bins`() {
        let error = CalibrationError(groups, bins: ConfidenceBins(equalWidth: 10))
        #expect(near(error.expected, (4 * 0.2 + 2 * 0.45) / 6))
        #expect(near(error.maximum, 0.45))
        #expect(error.bins.map(\.count) == [2, 4], "empty bins are left out")
        #expect(near(error.bins[1].low, 0.9) && near(error.bins[1].high, 1))
        #expect(near(error.bins[1].confidence, 0.95) && near(error.bins[1].accuracy, 0.75))
    }

    @Test func `an item's weight is as if it came so often`() {
        let bins = ConfidenceBins(equalWidth: 10)
        let once = CalibrationError.weighted(groups, bins: bins, weights: [1, 1, 1])
        let plain = CalibrationError(groups, bins: bins)
        #expect(near(once.expected, plain.expected) && near(once.maximum, plain.maximum))
        let twice = CalibrationError.weighted(groups, bins: bins, weights: [1, 2, 0])
        #expect(near(twice.expected, 0.95 - 3.0 / 5) && near(twice.maximum, 0.95 - 3.0 / 5))
    }

    @Test func `a bin has its upper end, and the first one both`() {
        let bins = ConfidenceBins(equalWidth: 10)
        #expect([0, 0.1, 0.1000001, 0.3, 0.95, 1].map(bins.index) == [0, 0, 1, 2, 9, 9])
        #expect(ConfidenceBins(equalWidth: 1).index(of: 0.3) == 0)
    }

    @Test func `bins of equal count split what differs and keep together what is equal`() {
        func groups(_ confidences: [Double]) -> [GradedConfidence] {
            confidences.map { GradedConfidence(item: 0, confidence: $0, score: 1) }
        }
        let even = ConfidenceBins(equalCount: 5, of: groups((1...10).map { Double($0) / 20 }).reversed())
        #expect(even.upperEnds == [0.1, 0.2, 0.3, 0.4, 1])
        let tied = ConfidenceBins(equalCount: 4, of: groups([0.1, 0.1, 0.1, 0.1, 0.5, 0.6, 0.7, 0.8]))
        #expect(tied.upperEnds == [0.1, 0.6, 1])
        #expect(ConfidenceBins(equalCount: 4, of: groups([0.3, 0.3])).upperEnds == [1])
        #expect(ConfidenceBins(equalCount: 4, of: []).upperEnds == [1])
    }

    @Test func `by chance alone one session misses its confidence by 2p(1 − p)`() {
        let bins = ConfidenceBins(equalWidth: 10)
        for p in [0.0, 0.1, 0.5, 0.85, 1] {
            let one = [GradedConfidence(item: 0, confidence: p, score: 1)]
            #expect(near(CalibrationError.expectedIfCalibrated(one, bins: bins), 2 * p * (1 - p)))
        }
    }

    /// De Moivre's mean absolute deviation of a binomial: 2·ν·C(n, ν)·p^ν·q^(n−ν+1) with ν = ⌊np⌋ + 1.
    @Test(arguments: [(10, 0.3), (7, 0.5), (256, 0.25), (400, 0.25), (2000, 0.5)])
    func `what chance alone makes of equal confidences is de Moivre's deviation`(_ n: Int, _ p: Double) {
        let v = (Double(n) * p).rounded(.down) + 1
        let logChoose = lgamma(Double(n) + 1) - lgamma(v + 1) - lgamma(Double(n) - v + 1)
        let deviation = 2 * v * exp(logChoose + v * log(p) + (Double(n) - v + 1) * log(1 - p))
        let chance = CalibrationError.expectedIfCalibrated(
            [GradedConfidence(item: 0, confidence: p, score: 1, count: n)], bins: ConfidenceBins(equalWidth: 10))
        #expect(near(chance, deviation / Double(n), (n > 256 ? 1e-3 : 1e-9) * deviation / Double(n)))
    }

    @Test func `perfectly calibrated sessions show on average the error that was expected`() {
        var generator = SplitMix64(seed: 5)
        let confidences = (0..<60).map { _ in generator.unit() }
        let bins = ConfidenceBins(equalWidth: 10)
        func draw() -> [GradedConfidence] {
            confidences.enumerated().map { item, c in
                GradedConfidence(item: item, confidence: c, score: generator.unit() < c ? 1 : 0)
            }
        }
        let errors = (0..<1000).map { _ in CalibrationError(draw(), bins: bins).expected }
        let mean = errors.reduce(0, +) / 1000
        let stderr = (errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999 / 1000).squareRoot()
        #expect(abs(mean - CalibrationError.expectedIfCalibrated(draw(), bins: bins)) < 4 * stderr)
        #expect(mean > 0.05, "so far from 0 is chance alone")
    }

    @Test func `equal outcomes of an item are kept once, and Brier counts each`() throws {
        var all = GradedConfidences()
        for _ in 0..<1000 { all.add(item: 7, confidence: 0.75, score: 1) }
        all.add(item: 7, confidence: 0.75, score: 0)
        all.add(item: 9, confidence: 0.75, score: 1)
        #expect(all.groups.map(\.count) == [1000, 1, 1] && all.groups.map(\.item) == [0, 0, 1])
        #expect(all.items == 2 && all.sessions == 1002)
        let brier = try #require(all.brier.mean())
        #expect(near(brier.value, (1001 * 0.0625 + 0.5625) / 1002))
    }
}

struct SelectiveRiskTests {
    private func groups(_ claims: [(confidence: Double, score: Double)]) -> [GradedConfidence] {
        claims.enumerated().map { GradedConfidence(item: $0, confidence: $1.confidence, score: $1.score) }
    }

    /// Ten sessions, three of them wrong, wrong ones first or last.
    private func ranked(wrongFirst: Bool) -> SelectiveRisk {
        SelectiveRisk(groups((0..<10).map { (Double($0) / 10, (wrongFirst ? $0 < 7 : $0 >= 3) ? 1 : 0) }))
    }

    @Test func `the best order has the least area and no excess`() {
        let summary = ranked(wrongFirst: false).summary(coverages: [0.7, 0.8, 1])
        #expect(near(summary.area, (1.0 / 8 + 2.0 / 9 + 3.0 / 10) / 10))
        #expect(near(summary.excessArea, 0))
        #expect(
            near(summary.accuracies[0], 1) && near(summary.accuracies[1], 7.0 / 8) && near(summary.accuracies[2], 0.7))
    }

    @Test func `the worst order has the largest area`() {
        let summary = ranked(wrongFirst: true).summary(coverages: [0.3])
        let expected = (1...10).reduce(0.0) { $0 + Double(min($1, 3)) / Double($1) } / 10
        #expect(near(summary.area, expected))
        #expect(near(summary.optimalArea, (1.0 / 8 + 2.0 / 9 + 3.0 / 10) / 10))
        #expect(near(summary.accuracies[0], 0))
    }

    @Test func `a confidence that never changes has the overall risk as its area`() {
        let constant = SelectiveRisk(groups((0..<200).map { (0.5, $0 % 4 == 0 ? 0 : 1) }))
        let summary = constant.summary(coverages: [0.01, 0.5])
        #expect(near(summary.area, 0.25))
        #expect(near(summary.accuracies[0], 0.75) && near(summary.accuracies[1], 0.75))
    }

    @Test func `ties are the mean over all orders`() {
        let claims: [(confidence: Double, score: Double)] = [
            (0.9, 1), (0.6, 0), (0.6, 1), (0.6, 0.5), (0.2, 0), (0.2, 1),
        ]
        var areas: [Double] = []
        var kept: [Double] = []
        func permutations(_ values: [Double]) -> [[Double]] {
            values.isEmpty
                ? [[]]
                : values.indices.flatMap { index in
                    var rest = values
                    let first = rest.remove(at: index)
                    return permutations(rest).map { [first] + $0 }
                }
        }
        for middle in permutations([0, 1, 0.5]) {
            for tail in permutations([0, 1]) {
                let scores = [1] + middle + tail
                areas.append((1...6).reduce(0) { $0 + (1 - scores.prefix($1).reduce(0, +) / Double($1)) } / 6)
                kept.append(scores.prefix(3).reduce(0, +) / 3)
            }
        }
        let summary = SelectiveRisk(groups(claims)).summary(coverages: [0.5])
        #expect(near(summary.area, areas.reduce(0, +) / Double(areas.count)))
        #expect(near(summary.accuracies[0], kept.reduce(0, +) / Double(kept.count)))
    }

    /// Geifman et al. 2018: r + (1 − r)·ln(1 − r) for many sessions.
    @Test func `of many sessions the least area is the published limit`() {
        let many = SelectiveRisk([
            GradedConfidence(item: 0, confidence: 0.9, score: 1, count: 700_000),
            GradedConfidence(item: 1, confidence: 0.1, score: 0, count: 300_000),
        ])
        let summary = many.summary()
        #expect(near(summary.area, 0.3 + 0.7 * log(0.7), 1e-6))
        #expect(near(summary.excessArea, 0))
    }

    @Test func `an item's weight is as if it came so often`() {
        let claims: [(confidence: Double, score: Double)] = [(0.9, 1), (0.6, 0), (0.6, 1), (0.2, 0), (0.1, 1)]
        let weights = [2.0, 1, 0, 3, 1]
        let repeated = zip(claims, weights).flatMap { claim, weight in Array(repeating: claim, count: Int(weight)) }
        let weighted = SelectiveRisk(groups(claims)).summary(coverages: [0.4, 0.9], weights: weights)
        let plain = SelectiveRisk(groups(repeated)).summary(coverages: [0.4, 0.9])
        #expect(near(weighted.area, plain.area) && near(weighted.optimalArea, plain.optimalArea))
        #expect(zip(weighted.accuracies, plain.accuracies).allSatisfy { near($0, $1) })
    }

    @Test func `the curve ends with everything kept and has as many points as are asked for at most`() throws {
        let risk = SelectiveRisk(groups((0..<950).map { (Double($0), $0 % 2 == 0 ? 1 : 0) }))
        let curve = risk.curve(limit: 100)
        #expect(curve.count <= 100 && curve.count > 90)
        let last = try #require(curve.last)
        #expect(last.coverage == 1 && near(last.accuracy, 0.5))
        let short = ranked(wrongFirst: false).curve()
        #expect(short.count == 10 && near(short[0].coverage, 0.1) && near(short[0].accuracy, 1))
    }
}
