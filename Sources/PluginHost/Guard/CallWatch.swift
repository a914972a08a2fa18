/// Finds the calls into plugins that do not come back. A thread cannot be taken out of foreign code, so all it does is
/// to tell.
///
/// It looks from time to time and counts how long it has seen one and the same call innermost: what the host does for a
/// plugin meanwhile is not the plugin's time, and a loop in a grader that a strategy asked is the grader's. A machine
/// or a process that was stopped counts as little as a single look.
package struct CallWatch {
    /// A call that has taken longer than its function may.
    package struct Overrun: Hashable, Sendable {
        package var call: PluginCall
        /// Seconds it was seen for.
        package var seconds: Double
    }

    /// The most seconds that a look counts for.
    private static let longestLook = 1.0

    private let limit: Double?
    /// Seconds that calls were seen at work, by slot, then by the call's number.
    private var seen: [Int: [UInt64: Double]] = [:]

    /// - Parameter limit: seconds that every call may take; `nil`: as long as its function may.
    package init(limit: Double? = nil) {
        self.limit = limit
    }

    /// Seconds between looks that are often enough.
    package var interval: Double { min(0.5, (limit ?? 10) / 4) }

    /// The calls that are overdue.
    /// - Parameter seconds: since the last look.
    package mutating func look(after seconds: Double) -> [Overrun] {
        let passed = min(max(0, seconds), Self.longestLook)
        var overruns: [Overrun] = []
        var now: [Int: [UInt64: Double]] = [:]
        for slot in 0..<PluginCall.slotCount {
            let calls = PluginCall.calls(slot)
            guard let innermost = calls.last else { continue }
            let before = seen[slot] ?? [:]
            var times: [UInt64: Double] = [:]
            // Calls around the innermost one go on afterwards where they stood.
            for call in calls { times[call.number] = before[call.number] ?? 0 }
            now[slot] = times
            guard let function = innermost.function, let whole = before[innermost.number].map({ $0 + passed })
            else { continue }
            now[slot]?[innermost.number] = whole
            if whole > limit ?? function.limit, let running = PluginCall(slot: slot) {
                overruns.append(Overrun(call: running, seconds: whole))
            }
        }
        seen = now
        return overruns
    }
}
