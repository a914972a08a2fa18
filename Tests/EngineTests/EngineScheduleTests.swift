import Completions
import Engine
import EvalhStatistics
import Foundation
import Journal
import Testing

/// The whole engine with its journal, through random plans, faults, interruptions and kills, until it is done.
struct EngineScheduleTests {
    @Test(arguments: Schedules.blocks)
    func `a run of any schedule that is resumed to its end equals the undisturbed one and pays nothing twice`(
        block: Int
    ) throws {
        for seed in Schedules.seeds(block, of: 1000) {
            var schedule = EngineSchedule(seed: seed)
            try schedule.run()
            Schedules.report(schedule.violations, seed: seed)
        }
    }
}

private struct EngineSchedule {
    private(set) var violations: [String] = []
    private var random: SplitMix64
    private var simulation: Simulation
    private let bill = ModelBill()
    /// Arms whose results depend on what a model had said when they cancelled.
    private var inexact: Set<Int> = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        simulation = Simulation(arms: [], items: 1 + random.index(below: 4))
        for arm in 0..<1 + random.index(below: 4) {
            let n = 1 + random.index(below: 5)
            let levels = random.chance(20) ? 2 : 0
            switch random.index(below: 6) {
            case 0, 1: simulation.arms.append((.vote(n, stream: random.chance(30)), levels))
            case 2, 3: simulation.arms.append((.untilTwoAgree(n), levels))
            case 4:
                inexact.insert(arm)
                simulation.arms.append((.cancelAfter(n), levels))
            default:
                inexact.insert(arm)
                simulation.arms.append((.firstOf(1 + n, others: random.index(below: 3)), levels))
            }
        }
        simulation.repeats = 1 + random.index(below: 2)
        simulation.concurrency = 1 + random.index(below: 6)
        simulation.seed = random.next()
        if random.chance(20) { simulation.sessionBudget = BudgetLimits(tokens: 60 + random.index(below: 200)) }
    }

    mutating func run() throws {
        let reference = try simulation.makeJournal()
        try simulation.run(reference, SimulatedWorld(scheduleSeed: random.next()))
        let journal = try simulation.makeJournal()
        defer {
            for journal in [reference, journal] { Simulation.remove(journal) }
        }
        for _ in 0..<random.index(below: 4) { try part(journal) }
        _ = try journal.forgetFailures()
        simulation.budget = BudgetLimits()
        let world = SimulatedWorld(scheduleSeed: random.next(), faults: mildFaults())
        world.bill = bill
        if try play(journal, world, turns: .max) != .complete { violations.append("the last part does not complete") }
        try compare(journal, reference)
    }

    /// One process: it may be interrupted, killed, or run out of its budget.
    private mutating func part(_ journal: Journal) throws {
        var faults = mildFaults()
        if random.chance(40) { faults.failureRate = 0.2 }
        if random.chance(40) { faults.breakRate = 0.2 }
        if random.chance(40) { faults.interruptAfterCompletions = 1 + random.index(below: 20) }
        simulation.budget = random.chance(30) ? BudgetLimits(tokens: 200 + random.index(below: 2000)) : BudgetLimits()
        let world = SimulatedWorld(scheduleSeed: random.next(), faults: faults)
        world.bill = bill
        _ = try play(journal, world, turns: random.chance(50) ? random.index(below: 40) : .max)
        if let limit = simulation.budget.tokens, try journal.paidTotals().usage.totalTokens > max(limit, before) {
            violations.append("the run's budget is exceeded")
        }
        before = try journal.paidTotals().usage.totalTokens
    }

    /// What earlier parts had paid.
    private var before = 0

    /// Faults that a run must not show in its results.
    private mutating func mildFaults() -> SimulatedWorld.Faults {
        var faults = SimulatedWorld.Faults()
        if random.chance(50) { faults.duplicateRate = 0.3 }
        if random.chance(50) { faults.strayRate = 0.5 }
        if random.chance(50) { faults.lateCancelRate = 0.5 }
        if random.chance(50) { faults.lateDeltaRate = 0.3 }
        return faults
    }

    /// - Parameter turns: after as many the process is killed: what is not in the journal is lost.
    /// - Returns: how the run ended; `nil`: it was killed.
    private mutating func play(_ journal: Journal, _ world: SimulatedWorld, turns: Int) throws -> RunEnd? {
        var last: RunProgress?
        let engine = try simulation.makeEngine(journal, world) { last = $0 }
        var end: RunEnd?
        if turns == .max {
            end = try engine.run()
            if last?.samplesInFlight != 0 { violations.append("samples are in flight after the run's end") }
            if end == .complete, last?.liveSessions != 0 { violations.append("sessions live after the run's end") }
            if try last?.sessionsDone != journal.sessionCount() { violations.append("a session ended twice") }
        } else {
            for _ in 0..<turns where !(try engine.turn()) {}
            bill.loseCalls()
        }
        violations += bill.takeViolations()
        return end
    }

    private mutating func compare(_ journal: Journal, _ reference: Journal) throws {
        let sessions = simulation.plan().sessionCount
        if try journal.sessionCount() != sessions { violations.append("not every session has ended") }
        if try journal.paidTotals().usage.totalTokens != bill.tokens {
            violations.append("the journal's totals are not what models were paid")
        }
        for (line, expected) in zip(try Simulation.results(journal), try Simulation.results(reference)) {
            guard line != expected, let arm = Int(line.split(separator: " ")[1]) else { continue }
            if !inexact.contains(arm) { violations.append("'\(line)' where the undisturbed run has '\(expected)'") }
        }
        let inexact = inexact
        var errors = 0
        try journal.forEachSession { record, _ in
            if inexact.contains(record.key.arm), record.error != nil { errors += 1 }
        }
        if errors > 0 { violations.append("\(errors) sessions of cancelling arms have errors") }
    }
}
