internal import Completions
package import Journal
package import PluginHost

/// The sessions of a run that an allocator chooses. A round is planned when all sessions of the one before are in the
/// journal; so a resumed run, whose allocator is shown the same results, plans the same rounds.
package final class SessionRounds {
    private struct Row {
        var arm: Int
        var level: RunLevel
    }

    /// Rounds in a row that may want nothing but arms which are left out.
    private static let maximumIdleRounds = 1000

    private let plan: RunPlan
    private let allocator: any SessionAllocator
    private let rows: [Row]
    private let itemCount: Int
    /// Repeats wished for so far, by cell.
    private var given: [Int: Int] = [:]
    private var round: [SessionKey] = []
    private(set) var record: AllocationRecord

    /// - Parameter make: makes the allocator for what the plan leaves open.
    package init(
        plan: RunPlan, journal: Journal, make: (AllocationSetup) throws -> any SessionAllocator
    ) throws {
        self.plan = plan
        rows = plan.arms.enumerated().flatMap { arm, description in description.levels.map { Row(arm: arm, level: $0) }
        }
        let shard = plan.shard
        itemCount = max(0, (plan.itemCount - shard.index + shard.count - 1) / shard.count)
        allocator = try make(
            AllocationSetup(
                itemCount: itemCount,
                rows: rows.map {
                    .init(
                        arm: plan.arms[$0.arm].id, levelJSON: $0.level.levelJSON,
                        levelIndex: $0.level.index < 0 ? nil : $0.level.index)
                },
                repeats: plan.repeats,
                itemFields: { number in
                    guard let item = try? journal.item(shard.index + number * shard.count) else { return "{}" }
                    return plan.shownFields(item)
                }))
        record = AllocationRecord(allocator: allocator.id, isComplete: false, sessions: 0, rounds: 0, reason: "")
    }

    /// Tells the allocator what the last round gave, and plans the next.
    /// - Returns: its sessions by repeat, item, arm and level; none: the run ends.
    package func next(_ journal: Journal) throws -> [SessionKey] {
        for _ in 0..<Self.maximumIdleRounds {
            let sessions = try plan(journal)
            // Arms that the run goes on without give nothing to wait for.
            if !sessions.isEmpty || round.isEmpty { return sessions }
        }
        throw PluginFault(
            plugin: allocator.id,
            message: "wants nothing but sessions of arms that the run goes on without, \(Self.maximumIdleRounds) times")
    }

    private func plan(_ journal: Journal) throws -> [SessionKey] {
        try report(journal)
        let wanted = try allocator.next()
        if record.rounds == 0, wanted.wishes.isEmpty, itemCount > 0 {
            let reason = wanted.reason.isEmpty ? "and gives no reason" : "because: \(wanted.reason)"
            throw PluginFault(plugin: allocator.id, message: "wants no session at all, \(reason)")
        }
        round = keys(of: wanted)
        record.sessions += round.count
        record.reason = wanted.reason
        record.isComplete = round.isEmpty
        if !round.isEmpty { record.rounds += 1 }
        if let weights = try? allocator.weights(), !weights.isEmpty {
            record.weights = Dictionary(uniqueKeysWithValues: weights.map { (ordinal($0), $1) })
        }
        record.valuesJSON = try MetricValue.json(try allocator.result())
        try journal.setAllocation(record)
        return round.filter { !plan.leftOut.contains($0.arm) }.sorted {
            ($0.repeatIndex, $0.item, $0.arm, $0.level) < ($1.repeatIndex, $1.item, $1.arm, $1.level)
        }
    }

    private func ordinal(_ number: Int) -> Int { plan.shard.index + number * plan.shard.count }

    /// In the order in which the journal streams them.
    private func keys(of round: AllocationRound) -> [SessionKey] {
        var keys: [SessionKey] = []
        for wish in round.wishes {
            let row = rows[wish.row]
            let first = given[wish.item * rows.count + wish.row, default: 0]
            given[wish.item * rows.count + wish.row] = first + wish.more
            for index in first..<first + wish.more {
                keys.append(
                    SessionKey(item: ordinal(wish.item), arm: row.arm, level: row.level.index, repeatIndex: index))
            }
        }
        return keys.sorted()
    }

    private func report(_ journal: Journal) throws {
        var results: [SessionKey: Journal.SessionResult] = [:]
        var item = -1
        for key in round {
            if key.item != item {
                item = key.item
                results = Dictionary(uniqueKeysWithValues: try journal.results(item: item).map { ($0.key, $0) })
            }
            if results[key] == nil, plan.leftOut.contains(key.arm) {
                try allocator.add(failed(key))
                continue
            }
            guard let result = results[key] else {
                throw JournalError(
                    path: journal.path, message: "a session of item \(key.item) is missing after its round")
            }
            try allocator.add(row(result))
        }
    }

    private func row(_ result: Journal.SessionResult) -> MetricRow {
        var row = failed(result.key)
        row.score = result.score
        row.confidence = result.confidence
        row.finish = result.finish
        row.measure = result.measure
        row.answer = result.extracted ?? ""
        return row
    }

    /// A session of which there is nothing.
    private func failed(_ key: SessionKey) -> MetricRow {
        let arm = plan.arms[key.arm]
        let level = arm.levels.first { $0.index == key.level }
        return MetricRow(
            item: (key.item - plan.shard.index) / plan.shard.count, arm: arm.id, levelJSON: level?.levelJSON ?? "",
            levelIndex: key.level < 0 ? nil : key.level, repeatIndex: key.repeatIndex, score: nil, finish: .other)
    }
}
