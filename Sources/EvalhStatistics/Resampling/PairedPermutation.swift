/// The paired permutation test of a mean difference: under the hypothesis that both arms are alike, each item's
/// difference could as well have the other sign (Fisher 1935, The Design of Experiments, §21; Good 2005).
public enum PairedPermutation {
    /// More differences than this that are not 0 are drawn from, not counted out.
    public static let maxEnumerated = 20

    public struct Result: Hashable, Sendable {
        /// Two-sided.
        public var pValue: Double
        /// All signs were counted out; else they were drawn.
        public var isExact: Bool
    }

    /// Exact for up to `maxEnumerated` differences other than 0, which alone matter; else by drawing signs, with p = (b
    /// + 1) / (m + 1) for b of m draws at least as far from 0 as what was seen (Phipson and Smyth 2010, SAGMB 9:39),
    /// which keeps the test's level.
    /// - Parameters:
    ///   - differences: One an item.
    ///   - draws: m, at least 1.
    ///   - seed: The same seed gives the same draws everywhere.
    /// - Returns: p = 1 without differences other than 0; `nil` if one is infinite or not a number.
    public static func test(_ differences: [Double], draws: Int = 10_000, seed: UInt64) -> Result? {
        let magnitudes = differences.lazy.filter { $0 != 0 }.map { abs($0) }
        let total = magnitudes.reduce(0, +)
        guard total.isFinite else { return nil }
        let observed = abs(differences.reduce(0, +))
        // Sums that are equal but for rounding are equal.
        let bound = observed - 1e-9 * total
        let tables = SignTables(Array(magnitudes))
        if tables.count <= maxEnumerated {
            let all = 1 << tables.count
            var reached = 0
            for pattern in 0..<all where abs(tables.sum(UInt64(pattern))) >= bound { reached += 1 }
            return Result(pValue: Double(reached) / Double(all), isExact: true)
        }
        var generator = SplitMix64(seed: seed)
        var reached = 0
        for _ in 0..<max(1, draws) where abs(tables.sum(from: &generator)) >= bound { reached += 1 }
        return Result(pValue: Double(reached + 1) / Double(max(1, draws) + 1), isExact: false)
    }
}

/// Sums under all signs of eight values at a time, so that one look-up stands for eight additions.
private struct SignTables {
    let count: Int
    private let sums: [Double]

    init(_ values: [Double]) {
        count = values.count
        var sums: [Double] = []
        sums.reserveCapacity((count + 7) / 8 * 256)
        for start in stride(from: 0, to: count, by: 8) {
            var table = [0.0]
            for value in values[start..<min(start + 8, count)] {
                table = table.map { $0 - value } + table.map { $0 + value }
            }
            // What a shorter last table has no bits for changes nothing.
            while table.count < 256 { table += table }
            sums += table
        }
        self.sums = sums
    }

    /// The sum in which the bits say which values count as positive.
    func sum(_ bits: UInt64) -> Double {
        var bits = bits
        var sum = 0.0
        var table = 0
        while table < sums.count {
            sum += sums[table + Int(truncatingIfNeeded: bits & 0xFF)]
            bits >>= 8
            table += 256
        }
        return sum
    }

    /// The sum under signs drawn at random.
    func sum(from generator: inout SplitMix64) -> Double {
        sums.withUnsafeBufferPointer { sums in
            var sum = 0.0
            var bits: UInt64 = 0
            var table = 0
            while table < sums.count {
                if table & 0x7FF == 0 { bits = generator.next() }
                sum += sums[table + Int(truncatingIfNeeded: bits & 0xFF)]
                bits >>= 8
                table += 256
            }
            return sum
        }
    }
}
