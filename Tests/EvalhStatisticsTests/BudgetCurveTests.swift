import EvalhStatistics
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct BudgetCurveTests {
    private func curve(_ points: [(Double, Double)]) -> BudgetCurve {
        BudgetCurve(points.map { .init(accuracy: $0.1, tokens: $0.0) })
    }

    @Test(arguments: [(2000.0, 0.75), (3000.0, 0.645833), (4000.0, 0.5625), (8000.0, 0.40625)])
    func `regret is the card's`(_ budget: Double, _ regret: Double) {
        #expect(near(curve([(2000, 0.5), (4000, 0.75), (1000, 0.25)]).regret(budget: budget), regret, 1e-6))
    }

    @Test func `one point at the budget has regret 1 − y/2, as the curve starts at the origin`() {
        for y in [0.0, 0.3, 1] { #expect(near(curve([(500, y)]).regret(budget: 500), 1 - y / 2)) }
        #expect(near(curve([(500, 0.8)]).regret(budget: 250), 1 - 0.4 / 2), "cut on the line from the origin")
    }

    @Test func `only what is right from the first token has no regret`() {
        #expect(near(curve([(0, 1), (100, 1)]).regret(budget: 1000), 0))
        #expect(near(curve([(0, 0), (100, 0)]).regret(budget: 1000), 1))
        #expect(curve([(1, 1)]).regret(budget: 1000) > 0)
    }

    @Test func `curves may fall, and points of equal tokens are a step`() {
        #expect(near(curve([(1, 1), (2, 0)]).regret(budget: 2), 0.5))
        #expect(near(curve([(1, 0), (1, 1), (2, 1)]).regret(budget: 2), 0.5))
        #expect(near(curve([(1, 0), (1, 1)]).regret(budget: 1), 1))
    }
}
