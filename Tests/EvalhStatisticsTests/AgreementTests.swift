import EvalhStatistics
import Foundation
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 5e-4) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct CohensKappaTests {
    @Test func `the examples of Cohen 1960 have their published values`() {
        // Table 1, as proportions; table 2, of 200 units.
        #expect(near(CohensKappa.value([[0.25, 0.13, 0.12], [0.12, 0.02, 0.16], [0.03, 0.15, 0.02]]), -0.0923))
        #expect(near(CohensKappa.value([[88, 14, 18], [10, 40, 10], [2, 6, 12]]), 0.492))
    }

    @Test func `its standard error is that of Fleiss, Cohen and Everitt 1969`() throws {
        let estimate = try #require(CohensKappa.estimate([[106, 10, 4], [22, 28, 10], [2, 12, 6]]))
        #expect(near(estimate.value, 0.429) && near(estimate.stderr, 0.0537) && estimate.n == 200)
        #expect(near(estimate.ciLow, 0.4286 - 1.96 * 0.0537) && near(estimate.ciHigh, 0.4286 + 1.96 * 0.0537))
    }

    @Test func `raters who never differ have no interval, and one category has no kappa`() {
        let perfect = CohensKappa.estimate([[5, 0], [0, 7]])
        #expect(perfect?.value == 1 && perfect?.ciLow == nil && perfect?.stderr == nil)
        let constant = CohensKappa.estimate([[5, 0], [7, 0]])
        #expect(constant?.value == 0 && constant?.ciLow == nil)
        #expect(CohensKappa.estimate([[5, 0], [0, 0]]) == nil)
        #expect(CohensKappa.estimate([[0, 0], [0, 0]]) == nil)
    }
}

struct KrippendorffsAlphaTests {
    private func alpha(_ raters: [String]) -> Double {
        let rows = raters.map { Array($0) }
        var alpha = KrippendorffsAlpha(categories: 6)
        for unit in rows[0].indices {
            alpha.add(rows.compactMap { row in row[unit] == "." ? nil : Int(row[unit].asciiValue ?? 0) % 8 % 6 })
        }
        return alpha.value
    }

    /// Krippendorff 2011, sections A, B and C.
    @Test(arguments: [
        (["0100000010", "1110010000"], 0.095), (["aabbdcccedda", "babbbccceddd"], 0.692),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ])
    func `the published examples have their values, missing ratings included`(_ raters: [String], _ value: Double) {
        #expect(near(alpha(raters), value))
    }

    @Test func `agreement is 1, and one category alone says nothing`() {
        #expect(alpha(["0101", "0101"]) == 1)
        #expect(alpha(["0000", "0000"]).isNaN)
        #expect(alpha(["01..", "..01"]).isNaN)
    }
}

struct PairedRatingsTests {
    @Test func `repeats of an item make the interval wider than as many items`() throws {
        var random = SplitMix64(seed: 3)
        var (spread, repeated) = (PairedRatings(categories: 2), PairedRatings(categories: 2))
        for item in 0..<40 {
            let (first, second) = (Int(random.next() % 2), random.unit() < 0.8)
            for copy in 0..<5 {
                spread.add(item: item * 5 + copy, first, second ? first : 1 - first)
                repeated.add(item: item, first, second ? first : 1 - first)
            }
        }
        let (a, b) = (spread.agreement(seed: 1), repeated.agreement(seed: 1))
        #expect(a.raw?.value == b.raw?.value && a.kappa?.value == b.kappa?.value && a.alpha?.value == b.alpha?.value)
        for (narrow, wide) in [(a.raw, b.raw), (a.kappa, b.kappa), (a.alpha, b.alpha)] {
            let (narrow, wide) = (try #require(narrow), try #require(wide))
            let widths = [narrow, wide].map { ($0.ciHigh ?? .nan) - ($0.ciLow ?? .nan) }
            #expect(widths[1] > 1.7 * widths[0], "\(narrow) \(wide)")
        }
        #expect(a.kappa?.method == "Fleiss, Cohen and Everitt 1969" && b.kappa?.method == "bootstrap over items")
        #expect(repeated.pairs == 200 && b.alpha?.n == 40)
    }

    @Test func `raters who always agree have a share with an interval, and no false certainty`() {
        var ratings = PairedRatings(categories: 3)
        for item in 0..<20 { ratings.add(item: item, item % 2, item % 2) }
        let found = ratings.agreement(seed: 1)
        #expect(found.raw?.value == 1 && near(found.raw?.ciLow, 0.8389))
        #expect(found.kappa?.value == 1 && found.kappa?.ciLow == nil && found.alpha?.value == 1)
        #expect(found.alpha?.ciLow == nil)
        #expect(PairedRatings(categories: 2).agreement(seed: 1).raw == nil)
    }
}

struct RoganGladenTests {
    private func apparent(_ value: Double, _ n: Int) -> Estimate {
        Estimate(value: value, ciLow: nil, ciHigh: nil, stderr: nil, n: n, method: "")
    }

    @Test func `the share is p + Sp − 1 over Se + Sp − 1, and undefined where the judge guesses`() throws {
        let found = try #require(
            RoganGladen.estimate(
                apparent: apparent(0.55, 200), sensitivity: .init(value: 0.9, n: 50),
                specificity: .init(value: 0.8, n: 50)))
        #expect(near(found.value, 0.5, 1e-12))
        #expect(try #require(found.ciLow) < 0.42 && #require(found.ciHigh) > 0.58)
        #expect(
            RoganGladen.estimate(
                apparent: apparent(0.5, 200), sensitivity: .init(value: 0.5, n: 50),
                specificity: .init(value: 0.5, n: 50)) == nil)
        let clipped = RoganGladen.estimate(
            apparent: apparent(0.95, 100), sensitivity: .init(value: 0.9, n: 50), specificity: .init(value: 1, n: 50))
        #expect(clipped?.value == 1 && clipped?.ciHigh == 1)
    }

    @Test func `a judge without an error is taken at its word, but not as certain`() throws {
        let found = try #require(
            RoganGladen.estimate(
                apparent: apparent(0.7, 100), sensitivity: .init(value: 1, n: 20), specificity: .init(value: 1, n: 20)))
        let wilson = try #require(Wilson.interval(successes: 70, n: 100))
        #expect(found.value == 0.7)
        #expect(try #require(found.ciLow) < wilson.low && #require(found.ciHigh) > wilson.high)
    }

    @Test(arguments: [
        (0.5, 0.9, 0.8, 200, 50), (0.8, 0.95, 0.9, 100, 40), (0.2, 0.9, 0.95, 150, 30), (0.6, 1, 0.9, 100, 40),
    ])
    func `the interval holds the truth about as often as it says`(
        _ truth: Double, _ se: Double, _ sp: Double, _ n: Int, _ known: Int
    ) {
        var random = SplitMix64(seed: 11)
        func draw(_ p: Double, _ n: Int) -> Double { Double((0..<n).count { _ in random.unit() < p }) / Double(n) }
        var (held, tried) = (0, 0)
        for _ in 0..<2000 {
            let p = draw(truth * se + (1 - truth) * (1 - sp), n)
            guard
                let found = RoganGladen.estimate(
                    apparent: apparent(p, n), sensitivity: .init(value: draw(se, known), n: known),
                    specificity: .init(value: draw(sp, known), n: known))
            else { continue }
            tried += 1
            if found.ciLow ?? 1 <= truth, truth <= found.ciHigh ?? 0 { held += 1 }
        }
        #expect(tried == 2000 && (0.93...0.99).contains(Double(held) / Double(tried)), "\(held) of \(tried)")
    }
}
