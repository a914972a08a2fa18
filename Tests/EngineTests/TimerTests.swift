import Completions
import Engine
import Journal
import PluginHost
import Testing

/// Timers move a session's clock, and leave room for others.
struct TimerTests {
    /// Sets a timer, and again and again at each that comes.
    private static func ticking(_ next: @escaping (Int64) -> Int64) -> TestFactory {
        TestFactory("ticking") { services in
            var ticks: Int64 = 0
            return TestStrategy(services) { event, _ throws(PluginFault) in
                switch event {
                case .start, .timer:
                    ticks += 1
                    return [.setTimer(id: 1, timeNanoseconds: next(ticks))]
                case .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "stopped"))]
                default: return []
                }
            }
        }
    }

    private func records(_ simulation: Simulation) throws -> [SessionRecord] {
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        var records: [SessionRecord] = []
        try journal.forEachSession { record, _ in records.append(record) }
        return records
    }

    @Test func `a timer that is set for now without end is a fault of its session, and the others go on`() throws {
        let records = try records(Simulation(arms: [(Self.ticking { _ in 0 }, 0), (.vote(2), 0)], items: 3))
        #expect(records.filter { $0.key.arm == 1 }.allSatisfy { $0.error == nil && $0.draws.count == 2 })
        let faults = records.filter { $0.key.arm == 0 }.compactMap(\.error)
        #expect(faults.count == 3 && faults.allSatisfy { $0.kind == .plugin })
        #expect(faults[0].message.contains("keeps setting timers for times that have come"))
    }

    @Test func `timers in a row without end are a fault, also where time goes on`() throws {
        let records = try records(Simulation(arms: [(Self.ticking { $0 }, 0)], items: 1))
        #expect(records[0].error?.message.contains("timers in a row") == true)
    }

    @Test func `a session that waits for timers alone is told to stop at its limit`() throws {
        var simulation = Simulation(arms: [(Self.ticking { $0 * 400_000_000 }, 0)], items: 1)
        simulation.sessionBudget = BudgetLimits(seconds: 1.5)
        let records = try records(simulation)
        #expect(records[0].error == nil && records[0].stopReason == "stopped")
        #expect(records[0].measure.criticalPathSeconds == 1.5)
    }
}
