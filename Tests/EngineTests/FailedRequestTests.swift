import Completions
import Engine
import Foundation
import Journal
import PluginHost
import Testing

/// A failed request is never an answer: each shipped strategy, with a request that fails at each place.
struct FailedRequestTests {
    /// Those whose documented rule is to decide by the completions that came.
    private static let servingInPart: Set<String> = [
        "adaptive-consistency", "adaptive-temperature", "confidence-vote", "deepconf", "dsc", "esc", "min-p-sweep",
        "q-exit", "self-consistency", "services-tour", "sprt",
    ]

    @Test func `the strategies that declare partial service are those that vote with what came`() {
        let declared = ShippedStrategies.all.filter { $0.needs.contains(.partial) }.map(\.id)
        #expect(Set(declared) == Self.servingInPart)
        #expect(ShippedStrategies.all.count > 25)
    }

    @Test(arguments: ShippedStrategies.asking)
    func `a session with a failed request is an error, or marked and asked again`(_ way: ShippedStrategies.Way) throws {
        let strategy = try ShippedStrategies.catalog.strategy(way.id)
        let undisturbed = try Drive(way, strategy, SimulatedWorld.Faults())
        defer { undisturbed.close() }
        #expect(undisturbed.record.error == nil, "\(undisturbed.record.error?.message ?? "")")
        #expect(undisturbed.record.measure.failedSamples == 0)
        var marked = 0
        for midway in [false, true] {
            for place in 1...undisturbed.calls {
                let drive = try Drive(
                    way, strategy, SimulatedWorld.Faults(failedCall: place, failsMidway: midway))
                defer { drive.close() }
                // Where it decides before a request of another time is asked, nothing fails.
                guard drive.calls >= place, drive.hasFailed else { continue }
                if let error = drive.record.error {
                    #expect(error.kind == .model(.connection), "request \(place): \(error.message)")
                    #expect(drive.record.score == nil)
                } else {
                    marked += 1
                    #expect(strategy.needs.contains(.partial), "request \(place) became an answer")
                    #expect(drive.record.measure.failedSamples > 0, "request \(place) left no mark")
                }
                let again = try drive.resumed()
                #expect(again.error == nil && again.measure.failedSamples == 0, "request \(place) asked again")
            }
        }
        if Self.servingInPart.contains(way.id), undisturbed.calls > 1 { #expect(marked > 0) }
    }

    @Test func `arms over other arms fail as their peers did, and go with those that are asked again`() throws {
        let strategy = try ShippedStrategies.catalog.strategy("oracle")
        let way = ShippedStrategies.Way(id: "oracle", parameters: "{}")
        // Both arms wanted the first call's sample.
        let lost = try Drive(way, strategy, SimulatedWorld.Faults(failedCall: 1))
        defer { lost.close() }
        #expect(lost.record.error?.kind == .model(.connection))
        // The one of two peers that failed is left out.
        let drive = try Drive(way, strategy, SimulatedWorld.Faults(failedCall: 2))
        defer { drive.close() }
        #expect(drive.record.error == nil)
        let forgotten = try drive.journal.forgetFailures(peerArms: [2])
        #expect(forgotten.errors == 1 && forgotten.overPeers == 1 && forgotten.count == 2)
    }
}

/// One session of a strategy, behind two arms that it may look at.
private struct Drive {
    let journal: Journal
    let record: SessionRecord
    let calls: Int
    /// The failure is that of a call of the session that it still wanted.
    let hasFailed: Bool
    private let simulation: Simulation
    private let own: Int
    private let way: ShippedStrategies.Way

    init(_ way: ShippedStrategies.Way, _ strategy: StrategyPlugin, _ faults: SimulatedWorld.Faults) throws {
        self.way = way
        let looksAtPeers = strategy.needs.contains(.peers)
        var simulation = Simulation(arms: looksAtPeers ? [(.vote(1), 0), (.vote(2), 0)] : [], items: 1)
        simulation.strategy = (strategy, way.parameters)
        let journal = try simulation.makeJournal()
        let world = Self.world(faults, way)
        try simulation.run(journal, world)
        own = simulation.arms.count
        self.simulation = simulation
        self.journal = journal
        calls = world.callsSent
        record = try Self.record(journal, arm: own)
        hasFailed = world.failuresTold > 0
    }

    func close() { Simulation.remove(journal) }

    /// The same session after `evalh resume` with a model that works.
    func resumed() throws -> SessionRecord {
        _ = try journal.forgetFailures(peerArms: [own])
        try simulation.run(journal, Self.world(SimulatedWorld.Faults(), way))
        return try Self.record(journal, arm: own)
    }

    private static func world(_ faults: SimulatedWorld.Faults, _ way: ShippedStrategies.Way) -> SimulatedWorld {
        let world = SimulatedWorld(scheduleSeed: 3, faults: faults)
        world.answerOfRole = ["grader": way.rating]
        return world
    }

    private static func record(_ journal: Journal, arm: Int) throws -> SessionRecord {
        var found: SessionRecord?
        try journal.forEachSession { record, _ in if record.key.arm == arm { found = record } }
        return try #require(found)
    }
}
