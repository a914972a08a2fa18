import Completions
import Journal
import Testing

@testable import Engine

@Suite("A run whose first requests are all refused")
struct FirstRefusalsTests {
    private static func refused(_ text: String, _ kind: ModelFailure.Kind = .badRequest) -> SessionError {
        SessionError(kind: .model(kind), message: text)
    }

    /// Which refusal, from 1, stops the run; `nil`: none of a hundred.
    private func stop(_ value: FirstRefusals, _ input: (inout FirstRefusals, Int) -> Bool) -> Int? {
        var value = value
        return (1...100).first { input(&value, $0) }
    }

    @Test func `fifty refusals for one reason stop it, whatever numbers they name`() {
        #expect(stop(FirstRefusals()) { $0.noteRefusal(Self.refused("request \($1): no such model")) } == 50)
    }

    @Test func `a second reason, another kind or one answer, and it goes on`() {
        #expect(stop(FirstRefusals()) { $0.noteRefusal(Self.refused($1 == 49 ? "other" : "no such model")) } == nil)
        #expect(stop(FirstRefusals()) { $0.noteRefusal(Self.refused("no", $1 == 2 ? .server : .badRequest)) } == nil)
        for place in [1, 49] {
            let stopped = stop(FirstRefusals()) { value, number in
                if number == place { value.noteAnswer() }
                return value.noteRefusal(Self.refused("no"))
            }
            #expect(stopped == nil)
        }
    }

    @Test func `a run of fewer than fifty sessions goes to its end, and so does one that got answers before`() {
        #expect(stop(FirstRefusals(sessions: 49)) { value, _ in value.noteRefusal(Self.refused("no")) } == nil)
        #expect(stop(FirstRefusals(sessions: 50)) { value, _ in value.noteRefusal(Self.refused("no")) } == 50)
        #expect(stop(FirstRefusals(answers: 1)) { value, _ in value.noteRefusal(Self.refused("no")) } == nil)
    }

    private func refusing(_ rate: Double = 1) -> SimulatedWorld {
        SimulatedWorld(
            faults: .init(
                failureRate: rate, failureKind: .badRequest, failureMessage: { "call \($0): no such model" }))
    }

    @Test func `the engine stops there, with no sample, and a resumed run equals one that was never refused`() throws {
        let simulation = Simulation(arms: [(.vote(2), 0)], items: 400)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let world = refusing()
        guard case .refused(let error) = try simulation.run(journal, world) else {
            Issue.record("it goes on")
            return
        }
        #expect(error.kind == .model(.badRequest) && error.message.hasSuffix("no such model"))
        #expect((50...60).contains(world.callsSent))
        // What is under way when it stops is cancelled, and counts as far as it came; no sample is whole.
        #expect(world.samplesPaid == 0)
        #expect(try journal.sessionCount() < 50)
        #expect(try journal.forgetFailures().errors > 0)
        #expect(try simulation.run(journal, SimulatedWorld()) == .complete)
        let reference = try simulation.makeJournal()
        defer { Simulation.remove(reference) }
        try simulation.run(reference, SimulatedWorld())
        #expect(try Simulation.results(journal) == Simulation.results(reference))
    }

    @Test func `where a few are answered, all sessions are tried`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 300)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, refusing(0.9)) == .complete)
        #expect(try journal.sessionCount() == 300)
    }

    @Test func `a small run is refused to its end`() throws {
        let simulation = Simulation(arms: [(.vote(1), 0)], items: 49)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, refusing()) == .complete)
        #expect(try journal.sessionCount() == 49)
    }
}
