import Completions
import Engine
import EvalhStatistics
import Foundation
import Journal
import Testing

struct EngineSimulationTests {
    @Test func `every session of the plan is recorded exactly once`() throws {
        let simulation = Simulation(arms: [(.vote(3), 0), (.untilTwoAgree(5), 0), (.vote(1), 2)], repeats: 2)
        let journal = try simulation.makeJournal()
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        #expect(try journal.sessionCount() == 12 * 2 * 4)
    }

    @Test(arguments: 1...20) func `results do not depend on the order in which answers arrive`(seed: UInt64) throws {
        let simulation = Simulation(arms: [(.vote(5), 0), (.untilTwoAgree(6), 0), (.vote(2), 0)], repeats: 2)
        let reference = try simulation.makeJournal()
        try simulation.run(reference, SimulatedWorld(scheduleSeed: 999))
        let journal = try simulation.makeJournal()
        try simulation.run(journal, SimulatedWorld(scheduleSeed: seed))
        #expect(try Simulation.results(journal) == Simulation.results(reference))
    }

    @Test func `arms that ask the same question share its samples`() throws {
        let simulation = Simulation(arms: [(.vote(4), 0), (.vote(2), 0), (.vote(8), 0)])
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld()
        try simulation.run(journal, world)
        #expect(world.samplesPaid == 12 * 8)
        var drawn = 0
        try journal.forEachSession { record, _ in drawn += record.draws.count }
        #expect(drawn == 12 * 14)
    }

    @Test func `repeats never share samples`() throws {
        let simulation = Simulation(arms: [(.vote(2), 0)], repeats: 3)
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld()
        try simulation.run(journal, world)
        #expect(world.samplesPaid == 12 * 2 * 3)
    }

    @Test(arguments: 1...20)
    func `a run interrupted anywhere and resumed equals the uninterrupted one and pays nothing twice`(seed: UInt64)
        throws
    {
        let simulation = Simulation(arms: [(.vote(3), 0), (.untilTwoAgree(5), 0)])
        let reference = try simulation.makeJournal()
        let world = SimulatedWorld(scheduleSeed: seed)
        try simulation.run(reference, world)

        let journal = try simulation.makeJournal()
        var paid = 0
        var wasted = 0
        for part in 0..<6 {
            let limit = Int(seed) % 7 + 1 + part * 2
            let world = SimulatedWorld(
                scheduleSeed: seed &+ UInt64(part), faults: .init(interruptAfterCompletions: limit))
            let end = try simulation.run(journal, world)
            paid += world.samplesPaid
            if end == .complete { break }
            #expect(end == .interrupted)
        }
        let last = SimulatedWorld(scheduleSeed: seed &* 31)
        #expect(try simulation.run(journal, last) == .complete)
        paid += last.samplesPaid
        wasted = paid - (try Simulation.wholes(journal))
        #expect(wasted == 0)
        #expect(paid == world.samplesPaid)
        #expect(try Simulation.results(journal) == Simulation.results(reference))
    }

    @Test func `a token budget is never exceeded, and the rest can be resumed`() throws {
        var simulation = Simulation(arms: [(.vote(3), 0)])
        simulation.budget = BudgetLimits(tokens: 400)
        let journal = try simulation.makeJournal()
        let end = try simulation.run(journal, SimulatedWorld())
        guard case .budgetReached = end else {
            Issue.record("ended as \(end)")
            return
        }
        #expect(try journal.paidTotals().usage.totalTokens <= 400)
        #expect(try journal.sessionCount() > 0)
        simulation.budget = BudgetLimits()
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        #expect(try journal.sessionCount() == 12)
    }

    @Test func `a money budget is never exceeded`() throws {
        var simulation = Simulation(arms: [(.untilTwoAgree(6), 0)])
        simulation.budget = BudgetLimits(usd: 0.0006)
        let journal = try simulation.makeJournal()
        _ = try simulation.run(journal, SimulatedWorld())
        #expect(try journal.paidTotals().usd <= 0.0006)
    }

    @Test func `a session that cannot afford a request may still answer`() throws {
        var simulation = Simulation(arms: [(.untilTwoAgree(6), 0)], items: 4)
        simulation.sessionBudget = BudgetLimits(tokens: 20)
        let journal = try simulation.makeJournal()
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        try journal.forEachSession { record, _ in
            #expect(record.error == nil)
            #expect(record.stage == "no_answer")
            #expect(record.score == 0)
        }
    }

    @Test func `a failed request is an error of its session, never a wrong answer`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 40)
        let journal = try simulation.makeJournal()
        let end = try simulation.run(journal, SimulatedWorld(faults: .init(failureRate: 0.3)))
        #expect(end == .complete)
        var errors = 0
        try journal.forEachSession { record, _ in
            #expect((record.error == nil) == (record.score != nil))
            if let error = record.error {
                errors += 1
                #expect(error.kind == .model(.connection))
            }
        }
        #expect(errors > 0)
        #expect(try journal.forgetFailures().errors == errors)
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        #expect(try journal.forgetFailures().count == 0)
    }

    @Test func `a provider that lets us not in stops the run at once`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 1000)
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld(faults: .init(failureRate: 1, failureKind: .authentication))
        let end = try simulation.run(journal, world)
        #expect(end == .providerFailure("simulated"))
        #expect(world.callsSent <= 6)
    }

    @Test func `a provider that is down stops the run before all items are burnt`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 1000)
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld(faults: .init(failureRate: 1))
        let end = try simulation.run(journal, world)
        #expect(end == .providerFailure("simulated"))
        #expect(world.callsSent < 60)
    }

    @Test func `what is alive is bounded by concurrency`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 500, concurrency: 8)
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld()
        try simulation.run(journal, world)
        #expect(world.maxInFlight <= 12)
    }

    @Test func `a cancelled stream is counted, and who wants the whole text asks again`() throws {
        let simulation = Simulation(arms: [(.cancelAfter(2), 0), (.vote(1), 0)], items: 6)
        let journal = try simulation.makeJournal()
        let world = SimulatedWorld()
        #expect(try simulation.run(journal, world) == .complete)
        var cancelled = 0
        try journal.forEachSession { record, _ in
            #expect(record.error == nil)
            if record.key.arm == 0 {
                #expect(record.score == 0)
                cancelled += record.measure.usage.cancelledTokens
            } else {
                #expect(record.measure.usage.cancelledTokens == 0)
                #expect(record.draws.count == 1)
            }
        }
        #expect(cancelled > 0)
    }

    @Test func `a stream drawn from the pool shows the same pieces and can be cancelled at the same place`() throws {
        let first = Simulation(arms: [(.vote(1, stream: true), 0)], items: 5)
        let journal = try first.makeJournal()
        try first.run(journal, SimulatedWorld())
        let second = Simulation(arms: [(.vote(1, stream: true), 0), (.cancelAfter(2), 0)], items: 5)
        let world = SimulatedWorld()
        #expect(try second.run(journal, world) == .complete)
        #expect(world.callsSent == 0)
        try journal.forEachSession { record, _ in
            guard record.key.arm == 1 else { return }
            #expect(record.measure.usage.cancelledTokens == 2)
            #expect(record.measure.usage.completionTokens == 2)
            #expect(record.measure.criticalPathSeconds > 0)
        }
    }

    @Test func `sessions of models of known shape have equivalent operations, of others none`() throws {
        let shape = ModelShape(parameters: 1e6, layers: 2, heads: 4, kvHeads: 2, headSize: 8)
        let simulation = Simulation(arms: [(.vote(3), 0)], items: 2)
        for known in [true, false] {
            let journal = try simulation.makeJournal()
            var plan = simulation.plan()
            plan.models["main"]?.shape = known ? shape : nil
            let world = SimulatedWorld()
            let engine = try Engine(
                plan: plan, journal: journal, backend: world, runtime: world, grader: MarkerGrader(),
                prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
            #expect(try engine.run() == .complete)
            try journal.forEachSession { session, _ in
                guard known else {
                    #expect(session.measure.eflops == nil)
                    return
                }
                let prompt = session.draws.map(\.promptTokens).max() ?? 0
                let cost = KineticsCost.dense(shape, prompt: prompt, completions: session.draws.map(\.completionTokens))
                #expect(session.measure.eflops == cost.total && cost.total > 0)
            }
        }
    }
}
