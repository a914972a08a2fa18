import Engine
import EvalhStatistics
import Foundation
import Testing

/// Seeded schedules. A failure prints its seed; `EVALH_SIMULATION_SEED` runs that one alone.
enum Schedules {
    private static let variable = "EVALH_SIMULATION_SEED"

    /// Blocks run beside each other.
    static let blocks: [Int] = Array(chosen == nil ? 0..<8 : 0..<1)

    private static var chosen: UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    /// The seeds of a block of `count / blocks` schedules.
    static func seeds(_ block: Int, of count: Int) -> [UInt64] {
        if let chosen { return [chosen] }
        let size = count / blocks.count
        return (0..<size).map { UInt64(block * size + $0 + 1) }
    }

    static func report(_ violations: [String], seed: UInt64, _ test: String = #function) {
        for violation in Set(violations).sorted().prefix(5) {
            Issue.record("\(violation) (seed \(seed); alone: \(variable)=\(seed) swift test --filter EngineTests)")
        }
    }
}

extension SplitMix64 {
    mutating func chance(_ percent: Int) -> Bool { index(below: 100) < percent }
}
