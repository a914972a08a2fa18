internal import CPluginCheck
internal import Foundation
internal import PluginHost

/// What sessions cost.
extension StrategyTests {
    static let measured = [
        CheckTest(
            "strategy.leaks", .strategy, "memory that sessions leave behind", patience: 20, run: leaks),
        CheckTest(
            "strategy.cost", .strategy, "steps that are slow, and sessions that hold much memory", patience: 4,
            run: cost),
    ]

    /// Microseconds an event, on average over sessions.
    static let costBound = 200.0
    /// Bytes of a session that waits for its first answer.
    static let instanceBound = 256.0 * 1024

    private static func leaks(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let plugin = try context.strategy()
        var script = HostScript(seed: context.seed)
        script.keepsSteps = false
        // Plain memory: the guarded one asks the kernel at every step.
        func session(_ number: Int) {
            script.seed = context.seed &+ UInt64(number % 50)
            script.model.seed = script.seed
            // A third is given up midway.
            script.abandonAt = number % 3 == 2 ? number % 7 : nil
            HostSimulation(plugin, parametersJSON: context.parametersJSON, script, memory: nil, watch: { _ in }).run()
        }
        Leaks.measure(context, of: "session", session)
    }

    private static func cost(_ context: CheckContext) throws {
        guard try canBegin(context) else { return }
        let plugin = try context.strategy()
        var (nanoseconds, events, slowest) = (UInt64(0), 0, UInt64(0))
        for number in 0..<40 {
            var script = HostScript(seed: context.seed &+ UInt64(number))
            script.keepsSteps = false
            let simulation = HostSimulation(
                plugin, parametersJSON: context.parametersJSON, script, memory: nil, watch: context.at)
            simulation.run()
            // The first session pays for what is set up once.
            guard number > 0 else { continue }
            nanoseconds += simulation.nanoseconds
            events += simulation.eventCount
            slowest = max(slowest, simulation.slowestNanoseconds)
        }
        let mean = Double(nanoseconds) / 1000 / Double(max(1, events))
        context.measure("cost", String(format: "%.1f µs an event, slowest step %.0f µs", mean, Double(slowest) / 1000))
        if mean > costBound {
            context.warn(
                String(format: "an event costs %.0f µs, more than %.0f", mean, costBound),
                "at many requests a second the engine's thread waits for it; keep sums instead of reading texts again")
        }
        // Sessions that wait for their first answer.
        let before = Double(evalh_check_resident_bytes())
        var waiting: [HostSimulation] = []
        for number in 0..<500 {
            var script = HostScript(seed: context.seed &+ UInt64(number))
            script.keepsSteps = false
            let simulation = HostSimulation(
                plugin, parametersJSON: context.parametersJSON, script, memory: nil, watch: context.at)
            simulation.advance()
            waiting.append(simulation)
        }
        let bytes = max(0, Double(evalh_check_resident_bytes()) - before) / Double(waiting.count)
        context.measure("memory", String(format: "%.1f KiB a waiting session, the host's part included", bytes / 1024))
        if bytes > instanceBound {
            context.warn(
                String(format: "a waiting session holds %.0f KiB", bytes / 1024),
                "a run has thousands of sessions at once")
        }
    }
}
