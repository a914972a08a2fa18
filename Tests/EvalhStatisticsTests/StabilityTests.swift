import EvalhStatistics
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

struct StabilityTests {
    /// The share of all subsets of k of n samples, the first `correct` of them right, that have at least `wanted` right
    /// ones.
    private func share(_ wanted: Int, _ k: Int, of n: Int, correct: Int) -> Double {
        let subsets = (0..<(1 << n)).filter { $0.nonzeroBitCount == k }
        return Double(subsets.count { ($0 & ((1 << correct) - 1)).nonzeroBitCount >= wanted }) / Double(subsets.count)
    }

    @Test(arguments: 1...9) func `G-Pass is the share of all subsets with enough right samples`(_ n: Int) {
        for correct in 0...n {
            for k in 1...n {
                for (tau, wanted) in (1...k).map({ (Double($0) / Double(k), $0) }) {
                    let expected = share(wanted, k, of: n, correct: correct)
                    #expect(
                        near(Stability.gPass(k, of: n, correct: correct, tau: tau), expected),
                        "n \(n), c \(correct), k \(k), τ \(tau)")
                    // Just above the step before it is the same, as ⌈τ·k⌉ is.
                    let above = Double(wanted - 1) / Double(k) + 0.01 / Double(k)
                    #expect(near(Stability.gPass(k, of: n, correct: correct, tau: above), expected))
                }
            }
        }
    }

    @Test(arguments: 2...9) func `mG-Pass is the mean over the upper half of the thresholds`(_ n: Int) {
        for correct in 0...n {
            for k in 2...n {
                let first = Int((Double(k) / 2).rounded(.up)) + 1
                let expected = (first...k).reduce(0) { $0 + share($1, k, of: n, correct: correct) } * 2 / Double(k)
                #expect(near(Stability.meanGPass(k, of: n, correct: correct), expected), "n \(n), c \(correct), k \(k)")
            }
        }
    }

    @Test func `the least threshold is pass at k, and the largest asks for all`() {
        for (n, c, k) in [(16, 3, 4), (32, 8, 16), (200, 150, 100), (10, 10, 3), (10, 0, 3), (64, 63, 32)] {
            let pass = SubsetEstimators.pass(k, of: n, correct: c) ?? -1
            #expect(near(Stability.gPass(k, of: n, correct: c, tau: 0), pass))
            #expect(near(Stability.gPass(k, of: n, correct: c, tau: 1e-6), pass))
            // C(c, k) / C(n, k)
            let all = (0..<k).reduce(1.0) { $0 * Double(max(0, c - $1)) / Double(n - $1) }
            #expect(near(Stability.gPass(k, of: n, correct: c, tau: 1), all))
        }
        #expect(near(Stability.gPass(4, of: 16, correct: 3, tau: 0), 0.607143, 1e-6))
    }

    @Test func `a share that is a whole number of samples but for rounding asks for no more`() {
        // 0.55 · 20 = 11.000000000000002 in floating point.
        #expect(near(Stability.gPass(20, of: 20, correct: 11, tau: 0.55), 1))
        #expect(Stability.gPass(20, of: 20, correct: 11, tau: 0.551) == 0)
    }

    @Test func `always right is one for even k, and never right nothing`() {
        #expect(near(Stability.meanGPass(8, of: 12, correct: 12), 1))
        #expect(near(Stability.meanGPass(5, of: 12, correct: 12), 0.8))
        #expect(Stability.meanGPass(8, of: 12, correct: 0) == 0)
    }

    @Test func `what cannot be drawn has no estimate`() {
        #expect(Stability.gPass(0, of: 3, correct: 1, tau: 0.5) == nil)
        #expect(Stability.gPass(4, of: 3, correct: 1, tau: 0.5) == nil)
        #expect(Stability.gPass(2, of: 3, correct: 4, tau: 0.5) == nil)
        #expect(Stability.gPass(2, of: 3, correct: 1, tau: 1.1) == nil)
        #expect(Stability.gPass(2, of: 3, correct: 1, tau: .nan) == nil)
        #expect(
            Stability.meanGPass(1, of: 3, correct: 1) == nil, "of one sample there are no thresholds above one half")
        #expect(Stability.meanGPass(4, of: 3, correct: 1) == nil)
    }

    @Test(arguments: [(1, 0.25), (2, 0.4435), (4, 0.7045), (8, 0.9301), (16, 0.9988), (32, 1.0)])
    func `coverage of 8 right ones of 32 is the published one`(_ k: Int, _ coverage: Double) {
        #expect(near(SubsetEstimators.pass(k, of: 32, correct: 8), coverage, 5e-5))
        #expect(near(Stability.gPass(k, of: 32, correct: 8, tau: 0), coverage, 5e-5))
    }
}
