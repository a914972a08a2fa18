import EvalhStatistics
import Testing

private func trajectory(_ accuracy: [Double?], _ tokens: [Double]) -> AriseTrajectory {
    AriseTrajectory(zip(accuracy, tokens).map { a, t in a.map { .init(accuracy: $0, tokens: t) } })
}

struct AriseTests {
    private static let doubling = [1000.0, 2000, 4000]

    /// Worked by hand from Σ Δa · (t_before / t_after)^sign(Δa).
    @Test(
        arguments: [
            // Two levels: gain, loss, no change; cheaper, dearer, as dear.
            ([0, 1], [1000, 2000], 0.5),
            ([1, 0], [1000, 2000], -2.0),
            ([1, 1], [1000, 2000], 0.0),
            ([0, 0], [1000, 2000], 0.0),
            ([0, 1], [1000, 800], 1.25),
            ([1, 0], [1000, 800], -0.8),
            ([1, 0], [1000, 1000], -1.0),
            ([0, 1], [1000, 1000], 1.0),
            // Three levels: late, early, lost, recovered, found and lost.
            ([0, 1, 1], doubling, 0.5),
            ([0, 0, 1], doubling, 0.5),
            ([1, 0, 1], doubling, -1.5),
            ([1, 1, 0], doubling, -2.0),
            ([0, 1, 0], doubling, -1.5),
            // Fractions: means of repeats.
            ([1.0 / 3, 2.0 / 3, 1], [1000, 1500, 3000], 1.0 / 3 * (2.0 / 3) + 1.0 / 3 * 0.5),
            ([0.75, 0.5], [100, 400], -1.0),
            ([0.2, 0.6, 0.4, 0.9], [10, 20, 50, 40], 0.4 * 0.5 - 0.2 * 2.5 + 0.5 * 1.25),
            // Fewer than two levels.
            ([1], [1000], 0.0),
            ([], [], 0.0),
        ] as [([Double], [Double], Double)])
    func `an item's ARISE is the one worked by hand`(_ accuracy: [Double], _ tokens: [Double], _ expected: Double) {
        #expect(abs(trajectory(accuracy, tokens).value - expected) < 1e-12)
    }

    @Test func `the mean of seven items and their slope disagree in sign`() {
        let items = [[0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]].map {
            trajectory($0, Self.doubling)
        }
        #expect(abs(items.reduce(0) { $0 + $1.value } / 7 + 4.0 / 7) < 1e-12)
        let levels = (0..<3).map { level in
            AriseTrajectory.Point(
                accuracy: items.reduce(0) { $0 + ($1.points[level]?.accuracy ?? 0) } / 7, tokens: Self.doubling[level])
        }
        #expect(abs(ScalingSlope.ends(levels) - 1.0 / 7 / 3000) < 1e-15)
    }

    @Test func `a step without tokens on one side weighs nothing and is told`() {
        let steps = trajectory([0, 1, 0], [0, 100, 100]).steps
        #expect(steps.map(\.isSkipped) == [true, false])
        #expect(steps.map(\.contribution) == [0, -1])
    }

    @Test func `a missing level is stepped over`() {
        let item = trajectory([0, nil, 1], Self.doubling)
        #expect(item.levelsPresent == 2)
        #expect(item.steps.map { [$0.from, $0.to] } == [[0, 2]])
        #expect(item.value == 0.25)
        #expect(trajectory([nil, nil, 1], Self.doubling).value == 0)
    }

    @Test func `it does not depend on the unit of tokens, and of all gains at twice the cost it is half of the share`()
    {
        var random = SplitMix64(seed: 5)
        for _ in 0..<200 {
            let accuracy = (0..<4).map { _ in random.unit() }
            let tokens = (0..<4).map { _ in 1 + 1000 * random.unit() }
            let once = trajectory(accuracy, tokens).value
            #expect(abs(once - trajectory(accuracy, tokens.map { $0 * 37 }).value) < 1e-9)
        }
        let gained = trajectory([0, 1], [500, 1000]).value
        let lost = trajectory([1, 0], [500, 1000]).value
        #expect(gained == 0.5 && lost == -2)
    }

    @Test func `s1's scaling is the mean slope over pairs`() {
        let levels = [(500, 0.2), (1000, 0.3), (2000, 0.4), (4000, 0.5)].map {
            AriseTrajectory.Point(accuracy: $0.1, tokens: $0.0)
        }
        #expect(abs((ScalingSlope.pairs(levels) ?? 0) - 1.0595238e-4) < 1e-11)
        #expect(ScalingSlope.pairs([levels[0], levels[0]]) == nil)
        #expect(ScalingSlope.ends([levels[3], levels[0]]) == 0)
    }

    /// Items of five kinds over three levels at 100, 200 and 400 tokens, three repeats each; the truth is the mean over
    /// kinds of the exact expectation, from all outcomes of the repeats.
    @Test func `the bootstrap interval holds the truth as often as it says`() {
        let kinds: [[Double]] = [
            [0.2, 0.4, 0.7], [0.9, 0.9, 0.9], [0.7, 0.5, 0.6], [0.1, 0.1, 0.3], [0.5, 0.8, 0.6],
        ]
        let tokens = [100.0, 200, 400]
        let repeats = 3
        func chance(_ right: Int, _ p: Double) -> Double {
            [1, 3, 3, 1][right] * (0..<right).reduce(1.0) { chance, _ in chance * p }
                * (right..<repeats).reduce(1.0) { chance, _ in chance * (1 - p) }
        }
        var truth = 0.0
        for kind in kinds {
            for outcome in 0..<64 {
                let right = [outcome % 4, outcome / 4 % 4, outcome / 16]
                let weight = zip(right, kind).reduce(1.0) { $0 * chance($1.0, $1.1) }
                truth +=
                    weight * trajectory(right.map { Double($0) / Double(repeats) }, tokens).value / Double(kinds.count)
            }
        }
        var random = SplitMix64(seed: 510)
        let runs = 2000
        let held = (0..<runs).count { run in
            let values = (0..<100).map { _ -> Double in
                let kind = kinds[random.index(below: kinds.count)]
                let accuracy = kind.map { p in Double((0..<repeats).count { _ in random.unit() < p }) / Double(repeats)
                }
                return trajectory(accuracy, tokens).value
            }
            guard let interval = Bootstrap.mean(of: values, resamples: 600, seed: UInt64(run))?.bca() else {
                return false
            }
            return interval.low <= truth && truth <= interval.high
        }
        #expect((0.935...0.965).contains(Double(held) / Double(runs)), "\(held) of \(runs)")
    }
}
