import Completions
import Engine
import Foundation
import Journal
import PluginHost
import Testing

/// Wants two sessions of every cell, then, round by round, one more of each cell whose last session was wrong, up to
/// five.
private final class MoreWhereWrong: SessionAllocator {
    let id = "more-where-wrong"
    private let setup: AllocationSetup
    private var last: [Int: (score: Double?, count: Int)] = [:]
    private var rounds = 0
    private(set) var seen: [String] = []
    var failure: PluginFault?

    init(_ setup: AllocationSetup) {
        self.setup = setup
    }

    func add(_ row: MetricRow) throws(PluginFault) {
        seen.append("\(row.item)/\(row.arm)/\(row.levelIndex ?? -1)/\(row.repeatIndex)")
        let place = setup.rows.firstIndex { $0.arm == row.arm && $0.levelIndex == row.levelIndex } ?? 0
        let cell = row.item * setup.rows.count + place
        last[cell] = (row.score, (last[cell]?.count ?? 0) + 1)
    }

    func next() throws(PluginFault) -> AllocationRound {
        if let failure { throw failure }
        rounds += 1
        var wishes: [AllocationRound.Wish] = []
        for cell in 0..<setup.itemCount * setup.rows.count {
            let (item, row) = cell.quotientAndRemainder(dividingBy: setup.rows.count)
            if rounds == 1 { wishes.append(.init(item: item, row: row, more: 2)) }
            if rounds > 1, let state = last[cell], state.score != 1, state.count < 5 {
                wishes.append(.init(item: item, row: row, more: 1))
            }
        }
        return AllocationRound(wishes: wishes, reason: wishes.isEmpty ? "all settled" : "round \(rounds)")
    }

    func weights() throws(PluginFault) -> [Int: Double] { [0: 0.5, 3: 2] }
    func result() throws(PluginFault) -> [MetricValue] { [] }
}

/// Hands the allocator that was made to the test.
private final class Made: @unchecked Sendable {
    // Sendable: tests read it after the run.
    var allocator: MoreWhereWrong?
    var failure: PluginFault?

    func make(_ setup: AllocationSetup) -> any SessionAllocator {
        let new = MoreWhereWrong(setup)
        new.failure = failure
        allocator = new
        return new
    }
}

struct AllocatorTests {
    private static let simulation = Simulation(arms: [(.vote(1), 0), (.vote(3), 2)], items: 9)

    private func run(
        _ journal: Journal, seed: UInt64, faults: SimulatedWorld.Faults = .init(), made: Made = Made()
    ) throws -> RunEnd {
        var plan = Self.simulation.plan()
        plan.allocator = { made.make($0) }
        let world = SimulatedWorld(scheduleSeed: seed, faults: faults)
        let engine = try Engine(
            plan: plan, journal: journal, backend: world, runtime: world, grader: MarkerGrader(),
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
        return try engine.run()
    }

    @Test func `rounds go on until the allocator wants nothing more`() throws {
        let journal = try Self.simulation.makeJournal()
        let made = Made()
        #expect(try run(journal, seed: 1, made: made) == .complete)
        let record = try #require(try journal.allocation())
        #expect(record.isComplete && record.reason == "all settled" && record.rounds > 1)
        #expect(try journal.sessionCount() == record.sessions)
        #expect(record.sessions > 9 * 3 * 2 && record.sessions < 9 * 3 * 5)
        #expect(record.weights == [0: 0.5, 3: 2])
        var wrong: [SessionKey: Double] = [:]
        try journal.forEachSession { session, _ in wrong[session.key] = session.score }
        for key in wrong.keys where key.repeatIndex > 1 {
            #expect(
                wrong[SessionKey(item: key.item, arm: key.arm, level: key.level, repeatIndex: key.repeatIndex - 1)] == 0
            )
        }
    }

    @Test(arguments: 1...8) func `what it decides does not depend on the order in which sessions end`(seed: UInt64)
        throws
    {
        let (reference, journal) = (try Self.simulation.makeJournal(), try Self.simulation.makeJournal())
        let (first, second) = (Made(), Made())
        #expect(try run(reference, seed: 100, made: first) == .complete)
        #expect(try run(journal, seed: seed, made: second) == .complete)
        #expect(try Simulation.results(journal) == Simulation.results(reference))
        #expect(first.allocator?.seen == second.allocator?.seen)
    }

    @Test(arguments: 1...8) func `a run stopped anywhere and resumed takes the same decisions`(seed: UInt64) throws {
        let reference = try Self.simulation.makeJournal()
        #expect(try run(reference, seed: 100) == .complete)
        let journal = try Self.simulation.makeJournal()
        for part in 0..<40 {
            let end = try run(
                journal, seed: seed + UInt64(part), faults: .init(interruptAfterCompletions: Int(seed) + 3 * part))
            if end == .complete { break }
            #expect(end == .interrupted)
            #expect(try journal.allocation()?.isComplete != true)
        }
        #expect(try Simulation.results(journal) == Simulation.results(reference))
        #expect(try journal.allocation() == reference.allocation())
    }

    @Test func `an allocator that fails ends the run and loses nothing`() throws {
        let made = Made()
        made.failure = PluginFault(plugin: "more-where-wrong", message: "no idea")
        let end = try run(try Self.simulation.makeJournal(), seed: 1, made: made)
        guard case .allocatorFault(let message) = end else {
            Issue.record("ended as \(end)")
            return
        }
        #expect(message.contains("no idea"))
    }

    @Test func `a shard's allocator numbers its own items`() throws {
        let journal = try Self.simulation.makeJournal()
        var plan = Self.simulation.plan()
        plan.shard = (1, 2)
        let made = Made()
        plan.allocator = { made.make($0) }
        let world = SimulatedWorld()
        let engine = try Engine(
            plan: plan, journal: journal, backend: world, runtime: world, grader: MarkerGrader(),
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
        #expect(try engine.run() == .complete)
        var ordinals: Set<Int> = []
        try journal.forEachSession { session, _ in ordinals.insert(session.key.item) }
        #expect(ordinals == [1, 3, 5, 7])
        #expect(try journal.allocation()?.weights == [1: 0.5, 7: 2])
    }

    @Test(arguments: [1, 3]) func `a replay runs in rounds too, whatever the number of workers`(workers: Int) throws {
        let journal = try Self.simulation.makeJournal()
        var plan = Self.simulation.plan()
        let made = Made()
        plan.allocator = { made.make($0) }
        let run = ReplayRun(
            plan: plan, journal: journal, workers: workers, isInterrupted: { false },
            makeReader: {
                { ordinal in
                    let item = try #require(try journal.item(ordinal))
                    return ReplayItem(
                        item: item, messages: .success([ChatMessage(role: .user, content: item.input)]),
                        grader: MarkerGrader(),
                        samples: { AlternatingSamples(next: ordinal + $0) })
                }
            }, observer: { _ in })
        #expect(try run.run() == .complete)
        let record = try #require(try journal.allocation())
        #expect(record.isComplete && record.rounds == 2)
        // Even items are right in repeat 0 and wrong in 1, then right in 2; odd ones are right in 1.
        #expect(try journal.sessionCount() == record.sessions && record.sessions == 9 * 3 * 2 + 5 * 3)
    }
}

/// Right if the number is even, wrong if not.
private struct AlternatingSamples: RecordedSamples {
    var next: Int

    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> {
        .success(
            Completion(
                text: next.isMultiple(of: 2) ? "#### 7" : "#### 8", finish: .stop,
                usage: TokenUsage(requests: 1, promptTokens: 3, completionTokens: 2), seconds: 1))
    }
}
