internal import EvalhStatistics

/// The order of a shuffled data set. Fixed for all versions: runs are compared across them.
package enum SeededShuffle {
    /// Fisher–Yates from the end.
    package static func order(count: Int, seed: UInt64) -> [Int] {
        var order = Array(0..<max(0, count))
        var random = SplitMix64(seed: seed)
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(random.draw(below: UInt64(last + 1))))
        }
        return order
    }
}

extension SplitMix64 {
    /// A number below `bound` (1 or more), each equally likely: remainders of the last, incomplete stretch are drawn
    /// again.
    mutating func draw(below bound: UInt64) -> UInt64 {
        guard bound > 1 else { return 0 }
        let limit = UInt64.max - (UInt64.max % bound + 1) % bound
        while true {
            let value = next()
            if value <= limit { return value % bound }
        }
    }
}
