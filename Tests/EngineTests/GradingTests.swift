import Completions
import Engine
import Foundation
import Journal
import Testing

/// Grades that take time, under a virtual clock.
struct GradingTests {
    private static func simulation(_ grader: MarkerGrader, items: Int = 12) -> Simulation {
        var simulation = Simulation(arms: [(.vote(3), 0), (.untilTwoAgree(5), 0)], items: items)
        simulation.grader = grader
        return simulation
    }

    private static func results(_ simulation: Simulation, _ world: SimulatedWorld) throws -> [String] {
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, world) == .complete)
        return try Simulation.results(journal)
    }

    @Test(arguments: 1...10) func `a grade that takes time changes no result`(seed: UInt64) throws {
        let reference = try Self.results(Self.simulation(MarkerGrader()), SimulatedWorld(scheduleSeed: 99))
        let world = SimulatedWorld(scheduleSeed: seed)
        #expect(try Self.results(Self.simulation(MarkerGrader(steps: 3)), world) == reference)
        #expect(world.maxGradings > 1)
    }

    @Test func `work that fails is an error of its session alone, and tried again by a resumed run`() throws {
        var simulation = Self.simulation(MarkerGrader(steps: 1, refused: "7"))
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        var errors = 0
        try journal.forEachSession { record, _ in
            #expect((record.error?.kind == .grader) == (record.answer == "#### 7"))
            #expect((record.error == nil) == (record.score != nil))
            errors += record.error == nil ? 0 : 1
        }
        #expect(errors > 0)
        #expect(try journal.forgetFailures().errors == errors)
        simulation.grader = MarkerGrader(steps: 1)
        let world = SimulatedWorld()
        #expect(try simulation.run(journal, world) == .complete)
        #expect(world.callsSent == 0)
        #expect(try journal.forgetFailures().count == 0)
    }

    @Test(arguments: 1...10)
    func `an interruption drops grades that are waited for, and a resumed run asks no model again for them`(
        seed: UInt64
    ) throws {
        let reference = try Self.results(Self.simulation(MarkerGrader()), SimulatedWorld())
        let simulation = Self.simulation(MarkerGrader(steps: 2))
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let first = SimulatedWorld(scheduleSeed: seed, faults: .init(interruptAfterCompletions: 12))
        first.gradingNanoseconds = 60_000_000_000
        #expect(try simulation.run(journal, first) == .interrupted)
        #expect(first.gradingsDropped > 0)
        #expect(try journal.sessionCount() == 0)
        let second = SimulatedWorld(scheduleSeed: seed &+ 1)
        #expect(try simulation.run(journal, second) == .complete)
        #expect(try Simulation.results(journal) == reference)
        #expect(try first.samplesPaid + second.samplesPaid == Simulation.wholes(journal))
    }

    @Test func `what waits for a grade counts as alive, so that a slow grader holds the models back`() throws {
        let world = SimulatedWorld()
        world.gradingNanoseconds = 30_000_000_000
        _ = try Self.results(Self.simulation(MarkerGrader(steps: 1), items: 60), world)
        #expect(world.maxGradings == 4 * 4)
    }

    @Test func `sessions that had ended when the budget did still get their grades`() throws {
        var simulation = Self.simulation(MarkerGrader(steps: 2))
        simulation.budget = BudgetLimits(tokens: 400)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let world = SimulatedWorld()
        world.gradingNanoseconds = 60_000_000_000
        guard case .budgetReached = try simulation.run(journal, world) else {
            Issue.record("the budget was not reached")
            return
        }
        #expect(world.gradingsDropped == 0)
        #expect(try journal.sessionCount() > 0)
        #expect(try journal.sessionCount() <= world.maxGradings)
    }
}
