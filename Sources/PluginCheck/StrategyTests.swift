internal import Foundation
internal import JSON
internal import PluginHost
internal import Synchronization

/// Tests of what a strategy does in ordinary sessions: that it ends, keeps the rules, and is a pure function of its
/// events.
enum StrategyTests {
    static let all = [
        CheckTest(
            "strategy.runs", .strategy, "sessions that fail, never end, or break the rules for actions", run: runs),
        CheckTest(
            "strategy.repeatable", .strategy,
            "a clock, random numbers, addresses, locale or environment in what it decides", isRepeated: true,
            run: repeatable),
        CheckTest(
            "strategy.grouping", .strategy, "decisions that depend on how events are grouped into calls of step",
            patience: 4,
            run: grouping),
        CheckTest(
            "strategy.interleaved", .strategy, "state that sessions share", run: interleaved),
        CheckTest(
            "strategy.threads", .strategy, "state that belongs to a thread, or that threads tear at", run: threads),
        CheckTest(
            "strategy.parameters", .strategy, "parameters within the schema that it crashes or hangs at", patience: 3,
            run: parameters),
        CheckTest(
            "strategy.bad-parameters", .strategy, "parameters outside of the schema that it crashes or hangs at",
            patience: 3, run: badParameters),
        CheckTest(
            "strategy.estimate", .strategy, "an estimate that its sessions do not keep", run: estimate),
        CheckTest(
            "strategy.destroy", .strategy, "instances that cannot be destroyed at any moment", run: destroy),
    ]

    /// Scripts of ordinary sessions: answers that agree, differ, and mostly agree.
    static func ordinary(_ context: CheckContext) -> [HostScript] {
        [.ordinary, .agreeing, .disagreeing, .ordinary].enumerated().map { number, style in
            HostScript(seed: context.seed &+ UInt64(number), style: style)
        }
    }

    static func simulation(_ context: CheckContext, _ script: HostScript, _ parameters: String? = nil) throws
        -> HostSimulation
    {
        HostSimulation(
            try context.strategy(), parametersJSON: parameters ?? context.parametersJSON, script,
            memory: context.memory, watch: context.at)
    }

    /// Why sessions cannot begin with these parameters; `nil`: they can. A test that needs sessions is left out then.
    static func refusal(_ context: CheckContext) throws -> String? {
        let simulation = try simulation(context, HostScript(seed: context.seed))
        switch simulation.run() {
        case .notCreated(let message): return message
        case .failed(let message, _) where simulation.eventCount == 1: return message
        case .finished(let finish) where simulation.eventCount == 1 && finish.kind == .error: return finish.reason
        default: return nil
        }
    }

    /// Leaves the test out where sessions cannot begin.
    static func canBegin(_ context: CheckContext) throws -> Bool {
        guard let reason = try refusal(context) else { return true }
        context.skip("sessions cannot begin with these parameters: \(reason)")
        return false
    }

    /// Tells what a session did against the rules.
    /// - Parameter mayFail: whether EVALH_FAILED is an honest end in this situation.
    static func judge(_ simulation: HostSimulation, _ context: CheckContext, mayFail: Bool) {
        let situation = simulation.script.words
        for breach in simulation.breaches { context.fail("\(breach) (\(situation))", Self.advice(breach)) }
        switch simulation.ending {
        case .finished, .abandoned, nil, .waitedForNothing: break
        case .failed(let message, let place) where !mayFail:
            context.fail("step failed at \(place): \(message)", "a session like this must end with FINISH")
        case .failed(let message, let place):
            if message == "gave no reason" {
                context.warn("step failed at \(place) and gave no reason", "say why with host->set_error")
            }
        case .ignoredStop(let place):
            context.fail(
                "STOP came and it did not FINISH in that step (\(place))",
                "push FINISH before returning from the step that brings STOP, with the best answer so far or "
                    + "EVALH_ANSWER_NONE")
        case .endless(let what):
            context.fail("\(what) (\(situation))", "bound the requests of a session by a parameter")
        case .notCreated(let message): context.fail("create failed: \(message)")
        }
    }

    private static func advice(_ breach: String) -> String {
        if breach == HostSimulation.waits { return "FINISH once nothing is open any more" }
        if breach.contains("not UTF-8") { return "cut texts at character boundaries only" }
        if breach.contains("seq") { return "count actions in the instance, from 1" }
        if breach.contains("twice") { return "give every request of a session a number of its own" }
        if breach.contains("outside of a call") { return "call host functions only inside create, step and destroy" }
        return ""
    }

    private static func runs(_ context: CheckContext) throws {
        if let reason = try refusal(context) {
            context.refused(reason)
            return
        }
        var completions = 0
        for script in ordinary(context) {
            let simulation = try simulation(context, script)
            simulation.run()
            judge(simulation, context, mayFail: false)
            completions += simulation.completions
            if case .finished(let finish)? = simulation.ending, finish.kind == .error {
                context.fail(
                    "ended an ordinary session as an error: \(finish.reason)",
                    "the script's models have every role and capability; see the reason")
            }
        }
        context.measure("completions a session", "\(completions / 4)")
    }

    // MARK: A pure function

    /// The actions of a session, one text each.
    static func actions(_ simulation: HostSimulation) -> [String] {
        simulation.exchanges.flatMap { $0.step.actions.map(\.text) }
    }

    private static func repeatable(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        for script in ordinary(context) {
            let first = try simulation(context, script)
            first.run()
            let second = try simulation(context, script)
            second.run()
            compare(actions(first), actions(second), "the same session, done again", context)
            context.evidence(["\(script.words), seed \(script.seed)"] + actions(first))
        }
    }

    static let purity = "decide by events and host->rand alone: no clock, no addresses, no globals, no hash order"

    static func compare(_ expected: [String], _ found: [String], _ what: String, _ context: CheckContext) {
        guard expected != found else { return }
        let place = zip(expected, found).enumerated().first { $1.0 != $1.1 }?.offset ?? min(expected.count, found.count)
        func shown(_ list: [String]) -> String { list.indices.contains(place) ? excerpt(list[place]) : "nothing" }
        context.fail(
            "\(what): action \(place + 1) was \(shown(expected)), and then \(shown(found))", purity)
    }

    static func excerpt(_ text: String) -> String { text.count > 160 ? String(text.prefix(157)) + "…" : text }

    private static func grouping(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let plugin = try context.strategy()
        for script in ordinary(context) {
            let alone = try simulation(context, script)
            alone.run()
            let events = alone.exchanges.flatMap(\.events)
            let expected = actions(alone)
            for size in [events.count, 2, 3, 7] where size > 0 {
                context.at("step with \(size) events at once, \(script.words)")
                let hasPeers = plugin.needs.contains(.peers) || plugin.needs.contains(.oracle)
                let session = try ObservedSession(
                    plugin, PlayedServices(script, hasPeers: hasPeers), memory: context.memory)
                var found: [String] = []
                for first in stride(from: 0, to: events.count, by: size) {
                    let step = session.step(Array(events[first..<min(first + size, events.count)]))
                    found += step.actions.map(\.text)
                    guard step.isOK, step.finish == nil else { break }
                }
                compare(expected, found, "\(events.count) events in calls of \(size) instead of one by one", context)
            }
        }
    }

    private static func interleaved(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let scripts = ordinary(context)
        let expected = try scripts.map { script in
            let simulation = try simulation(context, script)
            simulation.run()
            return actions(simulation)
        }
        let together = try scripts.map { try simulation(context, $0) }
        while together.contains(where: { $0.ending == nil }) {
            for simulation in together { simulation.advance() }
        }
        for (place, simulation) in together.enumerated() {
            compare(expected[place], actions(simulation), "a session among others, step by step", context)
        }
    }

    private static func threads(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let scripts = (0..<8).map { HostScript(seed: context.seed &+ UInt64($0)) }
        let expected = try scripts.map { script in
            let simulation = try simulation(context, script)
            simulation.run()
            return actions(simulation)
        }
        // One session, every step on a fresh thread.
        let moving = Shared(try simulation(context, scripts[0]))
        while moving.value.ending == nil {
            let thread = Thread {
                moving.value.advance()
                moving.isDone.signal()
            }
            thread.stackSize = 1 << 20
            thread.start()
            moving.isDone.wait()
        }
        compare(expected[0], actions(moving.value), "a session whose every step ran on another thread", context)
        // Eight sessions on eight threads at once. Guarded memory is one thread's.
        let plugin = try context.strategy()
        let parameters = context.parametersJSON
        let found = Mutex([Int: [String]]())
        context.at("eight sessions on eight threads at once")
        DispatchQueue.concurrentPerform(iterations: scripts.count) { place in
            let simulation = HostSimulation(
                plugin, parametersJSON: parameters, scripts[place], memory: nil, watch: { _ in })
            simulation.run()
            let texts = actions(simulation)
            found.withLock { $0[place] = texts }
        }
        for place in scripts.indices {
            compare(
                expected[place], found.withLock { $0[place] ?? [] }, "a session beside seven on other threads", context)
        }
    }

    /// Handed from thread to thread, never at once.
    private final class Shared: @unchecked Sendable {
        // Sendable: each thread signals before the next one begins.
        let value: HostSimulation
        let isDone = DispatchSemaphore(value: 0)

        init(_ value: HostSimulation) { self.value = value }
    }

    // MARK: Parameters

    private static func parameters(_ context: CheckContext) throws {
        guard let schema = context.schema else {
            context.skip("it takes no parameters")
            return
        }
        var fuzz = ParameterFuzz(schema, seed: context.seed)
        let base = try JSONValue(parsing: context.parametersJSON)
        let plugin = try context.strategy()
        for (number, parameters) in fuzz.legal(base, mixtures: 24).enumerated() {
            context.at("validate, with \(excerpt(parameters.text))")
            // A suite with these would be refused before the run.
            guard plugin.problem(parametersJSON: parameters.text) == nil else { continue }
            var script = HostScript(seed: context.seed &+ UInt64(number))
            script.keepsSteps = false
            let simulation = try simulation(context, script, parameters.text)
            // Refusing what cannot go together is fine.
            simulation.run()
            for breach in simulation.breaches {
                context.fail("\(breach), with \(excerpt(parameters.text))", advice(breach))
            }
            switch simulation.ending {
            case .endless(let what): context.fail("\(what), with \(excerpt(parameters.text))")
            case .ignoredStop(let place):
                context.fail("did not FINISH at STOP, with \(excerpt(parameters.text)) (\(place))")
            case .failed("gave no reason", let place):
                context.fail(
                    "step failed at \(place) without a reason, with \(excerpt(parameters.text))",
                    "say with host->set_error what is wrong with the parameters")
            default: break
            }
        }
    }

    private static func badParameters(_ context: CheckContext) throws {
        let schema = context.schema ?? .object([])
        let base = try JSONValue(parsing: context.parametersJSON)
        let plugin = try context.strategy()
        for parameters in ParameterFuzz(schema, seed: context.seed).illegal(base) {
            let name = excerpt(parameters)
            let simulation = HostSimulation(
                plugin, parametersJSON: parameters, HostScript(seed: context.seed), memory: context.memory,
                watch: { context.at("\($0), with \(name)") })
            simulation.run()
            if case .endless(let what)? = simulation.ending { context.fail("\(what), with \(name)") }
            context.at("validate, with \(name)")
            _ = plugin.problem(parametersJSON: parameters)
            context.at("estimate, with \(name)")
            _ = plugin.estimate(parametersJSON: parameters)
        }
    }

    private static func estimate(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        context.at("estimate")
        guard let promised = try context.strategy().estimate(parametersJSON: context.parametersJSON) else {
            context.skip("it offers no estimate for these parameters")
            return
        }
        for script in ordinary(context) {
            let simulation = try simulation(context, script)
            simulation.run()
            guard case .finished? = simulation.ending else { continue }
            let asked = simulation.completions
            if asked > promised.completionsMax {
                context.fail(
                    "asked for \(asked) completions, and its estimate says at most \(promised.completionsMax) "
                        + "(\(script.words))",
                    "`evalh plan` and budgets go by the estimate")
            }
            if asked < promised.completionsMin {
                context.fail(
                    "asked for \(asked) completions, and its estimate says at least \(promised.completionsMin) "
                        + "(\(script.words))",
                    "`evalh plan` goes by the estimate")
            }
        }
        context.measure("estimate", "\(promised.completionsMin) to \(promised.completionsMax)")
    }

    private static func destroy(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let whole = try simulation(context, HostScript(seed: context.seed))
        whole.run()
        for place in 0...min(whole.eventCount, 64) {
            var script = HostScript(seed: context.seed)
            script.abandonAt = place
            try simulation(context, script).run()
        }
    }
}
