import Completions
import Foundation
import PluginHost
import Testing

/// The host adds nothing to what a strategy does: neither batching nor neighbours nor threads change its actions.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct DeterminismTests {
    private static func script(_ key: Int, count: Int = 1000) -> [SessionEvent] {
        (1...count).map { n in
            let body: SessionEvent.Body =
                n == count
                ? .stop(reason: "end")
                : n % 3 == 0
                    ? .timer(UInt64(n))
                    : .done(
                        request: UInt64(n), choice: 0,
                        completion: Completion(text: "answer \(n * key)", finish: .stop, usage: TokenUsage()),
                        isLast: true)
            return SessionEvent(seq: UInt64(n), timeNanoseconds: Int64(n), body: body)
        }
    }

    private static func services(_ key: Int) -> ScriptedServices {
        ScriptedServices(randoms: (0..<2000).map { UInt64($0 &* 2_654_435_761 &+ key) })
    }

    private static func text(_ actions: [SessionAction]) -> [String] { actions.map { "\($0)" } }

    /// Actions of a run of its own, one event at a time.
    private static func alone(_ key: Int) throws -> [String] {
        let instance = try Probe.instance("tally", services(key))
        return text(try script(key).flatMap { try instance.step([$0]) })
    }

    @Test(arguments: [2, 7, 999, 1000]) func `batches of every size give the actions of single events`(size: Int) throws
    {
        let instance = try Probe.instance("tally", Self.services(1))
        let events = Self.script(1)
        var actions: [SessionAction] = []
        for start in stride(from: 0, to: events.count, by: size) {
            actions += try instance.step(Array(events[start..<min(start + size, events.count)]))
        }
        let single = try Self.alone(1)
        #expect(single.count == 1001)
        #expect(Self.text(actions) == single)
    }

    @Test func `two interleaved instances do not disturb each other`() throws {
        let (a, b) = (try Probe.instance("tally", Self.services(1)), try Probe.instance("tally", Self.services(2)))
        var (actionsA, actionsB): ([SessionAction], [SessionAction]) = ([], [])
        for (eventA, eventB) in zip(Self.script(1), Self.script(2)) {
            actionsA += try a.step([eventA])
            actionsB += try b.step([eventB])
        }
        #expect(Self.text(actionsA) == (try Self.alone(1)))
        #expect(Self.text(actionsB) == (try Self.alone(2)))
        #expect(Self.text(actionsA) != Self.text(actionsB))
    }

    @Test func `instances on several threads give what they give alone`() async throws {
        let results = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for key in 1...16 {
                group.addTask {
                    let instance = try Probe.instance("tally", Self.services(key))
                    return (key, Self.text(try Self.script(key).flatMap { try instance.step([$0]) }))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for key in 1...16 { #expect(results[key] == (try Self.alone(key))) }
    }

    @Test func `time in steps and events are counted`() throws {
        let strategy = try Probe.strategy("tally")
        let instance = try #require(try strategy.makeSession(Self.services(1)) as? StrategyInstance)
        _ = try instance.step(Self.script(1))
        #expect(instance.stepSeconds > 0)
        #expect(strategy.stepTotals.events == 1000)
        #expect(strategy.stepTotals.seconds == instance.stepSeconds)
    }

    @Test func `the estimate is passed on, with prompt passes as many as completions where not told`() throws {
        let strategy = try Probe.strategy("tally")
        #expect(
            strategy.estimate(parametersJSON: "{}")
                == StrategyEstimate(completionsMin: 1, completionsMax: 8, promptPasses: 8))
        #expect(strategy.estimate(parametersJSON: "{\"a\":1}")?.promptPasses == 2)
        #expect(strategy.estimate(parametersJSON: "") == nil)
        #expect(try Probe.strategy("no-create").estimate(parametersJSON: "{}") == nil)
    }
}
