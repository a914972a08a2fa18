import EvalhStatistics
import Foundation
import Testing

@Suite("Confidence sequences")
struct ConfidenceSequenceTests {
    private static let runs = 2000

    /// The share of runs in which the interval holds the truth after every single one of the observations.
    private func coverage(
        _ seed: UInt64, truth: Double, range: ClosedRange<Double>, length: Int, draw: (inout SplitMix64) -> Double
    )
        -> Double
    {
        var random = SplitMix64(seed: seed)
        let held = (0..<Self.runs).count { _ in
            var sequence = ConfidenceSequence(range: range, cells: 60)
            for _ in 0..<length {
                sequence.add(draw(&random))
                let interval = sequence.interval
                if truth < interval.low || truth > interval.high { return false }
            }
            return true
        }
        return Double(held) / Double(Self.runs)
    }

    @Test(arguments: [0.1, 0.5, 0.9]) func `it holds the mean of coins at all times at once`(_ p: Double) {
        #expect(coverage(UInt64(p * 100), truth: p, range: 0...1, length: 150) { $0.unit() < p ? 1 : 0 } >= 0.95)
    }

    @Test func `it holds the mean of paired differences at all times at once`() {
        let seen = coverage(7, truth: 0.1, range: -1...1, length: 150) { random in
            let u = random.unit()
            return u < 0.2 ? 1 : u < 0.3 ? -1 : 0
        }
        #expect(seen >= 0.95)
    }

    @Test func `it only ever shrinks, holds the mean of what was seen, and starts as wide as can be`() {
        var random = SplitMix64(seed: 3)
        var sequence = ConfidenceSequence(range: -1...1)
        #expect(sequence.interval == (-1, 1) && sequence.mean == nil)
        var last = sequence.interval
        for _ in 0..<400 {
            sequence.add(random.unit() < 0.6 ? 1 : 0)
            let interval = sequence.interval
            #expect(interval.low >= last.low && interval.high <= last.high)
            last = interval
        }
        #expect(last.low < sequence.mean ?? 9 && sequence.mean ?? -9 < last.high)
    }

    /// Hoeffding's interval for a number fixed beforehand has half a width of √(log(2/α)/2n) · range; this one holds at
    /// all times and is narrower all the same where there is little variance.
    @Test func `with little variance it is narrower than Hoeffding's interval for one time`() {
        var sequence = ConfidenceSequence(range: -1...1)
        for index in 0..<400 { sequence.add(index % 20 == 0 ? 1 : 0) }
        let hoeffding = 2 * 2 * (log(2 / 0.05) / 800).squareRoot()
        #expect(sequence.interval.high - sequence.interval.low < hoeffding)
    }

    @Test func `all alike is certain soon, but never at once`() {
        var sequence = ConfidenceSequence(range: 0...1)
        sequence.add(1)
        #expect(sequence.interval.low < 0.6)
        for _ in 0..<100 { sequence.add(1) }
        #expect(sequence.interval.low > 0.9 && sequence.interval.high == 1)
        sequence.add(.nan)
        #expect(sequence.count == 101)
    }
}

@Suite("Neyman's allocation")
struct NeymanAllocationTests {
    private func allocate(_ sizes: [Int], _ deviations: [Double], _ draws: Int) -> [Int] {
        NeymanAllocation.allocate(sizes: sizes, deviations: deviations, draws: draws)
    }

    @Test func `draws go where size times deviation is`() {
        #expect(allocate([50, 50], [0.5, 0.1], 30) == [25, 5])
        #expect(allocate([100, 100], [0.2, 0.2], 10) == [5, 5])
        #expect(allocate([90, 10], [0, 0], 20) == [18, 2])
        #expect(allocate([100, 5], [0.01, 0.5], 20) == [15, 5])
    }

    @Test func `no stratum gets more than it has, and each gets one as far as the draws reach`() {
        #expect(allocate([3, 0, 4], [1, 1, 1], 99) == [3, 0, 4])
        #expect(allocate([5, 9, 7], [1, 1, 1], 2) == [0, 1, 1])
        #expect(allocate([], [], 4).isEmpty)
        #expect(allocate([5], [0.5], 0) == [0])
    }

    /// Over all ways to divide ten draws among three strata.
    @Test func `no other division varies less`() {
        let (sizes, deviations) = ([30, 20, 40], [0.5, 0.3, 0.1])
        func variance(_ draws: [Int]) -> Double {
            sizes.indices.reduce(0) { sum, stratum in
                let worth = Double(sizes[stratum]) * deviations[stratum]
                return sum + worth * worth / Double(draws[stratum])
            }
        }
        let chosen = NeymanAllocation.allocate(sizes: sizes, deviations: deviations, draws: 10)
        for a in 1...8 {
            for b in 1...(9 - a) { #expect(variance(chosen) <= variance([a, b, 10 - a - b]) + 1e-12) }
        }
    }
}
