import EvalhStatistics
import Testing

@Suite("Questions that stand in several rows")
struct SharedQuestionTests {
    private func near(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return abs(a - b) < 1e-12
    }

    @Test(arguments: [0.0, 1.0])
    func `a hundred equal rows show what one item shows`(score: Double) throws {
        var rows = ClusteredMean()
        for row in 0..<100 { rows.add(score, cluster: 0, row: row) }
        let estimate = try #require(rows.proportion())
        let one = try #require(Wilson.interval(successes: score, n: 1))
        #expect(estimate.value == score && estimate.n == 1)
        #expect(near(estimate.ciLow, one.low) && near(estimate.ciHigh, one.high))
        #expect(rows.mean()?.ciLow == nil)
    }

    @Test func `m questions of r equal rows each show what m items show, in whatever order the rows come`() throws {
        let scores = (0..<40).map { $0 % 3 == 0 ? 0.0 : 1.0 }
        var plain = ClusteredMean()
        for (item, score) in scores.enumerated() { plain.add(score, cluster: item) }
        var rows = ClusteredMean()
        for copy in 0..<7 {
            for (item, score) in scores.enumerated() { rows.add(score, cluster: item, row: copy * 40 + item) }
        }
        let (one, all) = (try #require(plain.mean()), try #require(rows.mean()))
        #expect(near(one.value, all.value) && near(one.stderr, all.stderr))
        #expect(near(one.ciLow, all.ciLow) && near(one.ciHigh, all.ciHigh) && all.n == 40)
        // No narrower than the same items asked once.
        let (wilson, kish) = (try #require(plain.proportion()), try #require(rows.proportion()))
        let widths = [wilson, kish].map { ($0.ciHigh ?? 1) - ($0.ciLow ?? 0) }
        #expect(widths[1] >= widths[0] - 1e-12)
        // By hand: the design effect leaves n − 1 sessions of 40 that are right or wrong.
        let effective = Wilson.interval(successes: one.value * 39, n: 39)
        #expect(near(kish.ciLow, effective?.low) && near(kish.ciHigh, effective?.high))
    }

    @Test func `one question in most rows leaves little more than one item`() throws {
        var rows = ClusteredMean()
        for row in 0..<99 { rows.add(1, cluster: 0, row: row) }
        rows.add(0, cluster: 99)
        let estimate = try #require(rows.proportion())
        #expect(near(estimate.value, 0.99))
        let effective = 100.0 * 100 / (99 * 99 + 1)
        let bound = try #require(Wilson.interval(successes: 0.99 * effective, n: effective))
        #expect(near(estimate.ciLow, bound.low) && near(estimate.ciHigh, bound.high))
    }

    @Test func `repeats of a question in several rows count as repeats, not as rows`() throws {
        // Two questions in three rows each, two repeats: four samples of their own.
        var rows = ClusteredMean()
        for row in 0..<6 {
            for score in [1.0, 0.0] { rows.add(score, cluster: row % 2, row: row) }
        }
        let estimate = try #require(rows.proportion())
        let two = try #require(Wilson.interval(successes: 1, n: 2))
        // No item differs, so that the number of questions decides, as for repeats of items.
        #expect(near(estimate.ciLow, two.low) && near(estimate.ciHigh, two.high) && estimate.n == 2)
    }
}
