internal import PluginHost

/// Sessions in which all goes wrong that may go wrong.
extension StrategyTests {
    static let adverse = [
        CheckTest("strategy.order", .strategy, "decisions that need choices to come in order") { context in
            for order in [HostScript.Order.reversed, .shuffled] {
                try all(context, mayFail: false) { $0.order = order }
            }
        },
        CheckTest("strategy.failures", .strategy, "failed requests that it does not survive") { context in
            for share in [0.3, 1] { try all(context, mayFail: true) { $0.failures = share } }
        },
        CheckTest("strategy.budget", .strategy, "a refused budget after which it cannot FINISH") { context in
            for refusal in [HostScript.Refusal.budgetLater, .budget] {
                try all(context, mayFail: false) { $0.refusal = refusal }
            }
            try all(context, mayFail: true) { $0.refusal = .unsupported }
        },
        CheckTest("strategy.cancel", .strategy, "cancels that it loses the race of") { context in
            for order in [HostScript.Order.time, .shuffled] {
                try all(context, mayFail: false) {
                    $0.losesCancelRaces = true
                    $0.order = order
                }
            }
        },
        CheckTest("strategy.timers", .strategy, "late timers, and TIMER and BUDGET events it did not wait for") {
            context in
            try all(context, mayFail: false) { $0.hasLateTimers = true }
            try all(context, mayFail: false) { $0.hasStrayEvents = true }
        },
        CheckTest("strategy.logprobs", .strategy, "missing log-probabilities") { context in
            try all(context, mayFail: true) { $0.model.hasLogprobs = false }
        },
        CheckTest(
            "strategy.texts", .strategy, "texts that are empty, long, unfinished, or full of rare characters",
            patience: 3
        ) { context in
            for style in [ScriptedModel.Style.empty, .thinking, .characters, .cut] {
                try all(context, mayFail: true) { $0.model.style = style }
            }
            try all(context, mayFail: true) { $0.findsAnswers = false }
            // One session: its texts are large, and many of them would be kept.
            guard try canBegin(context) else { return }
            var script = HostScript(seed: context.seed, style: .huge)
            script.keepsSteps = false
            script.stopAt = 12
            let simulation = try simulation(context, script)
            simulation.run()
            judge(simulation, context, mayFail: true)
        },
        CheckTest("strategy.unknown-events", .strategy, "events of later hosts that it does not skip") { context in
            guard try canBegin(context) else { return }
            for script in ordinary(context) {
                let plain = try simulation(context, script)
                plain.run()
                var later = script
                later.hasUnknownEvents = true
                let simulation = try simulation(context, later)
                simulation.run()
                judge(simulation, context, mayFail: false)
                compare(actions(plain), actions(simulation), "a session with events of later hosts", context)
            }
        },
        CheckTest("strategy.stop", .strategy, "STOP at any event that it does not answer with FINISH", patience: 2) {
            context in
            guard try canBegin(context) else { return }
            for script in ordinary(context).prefix(2) {
                let whole = try simulation(context, script)
                whole.run()
                // STOP never comes before START.
                for place in 1...max(1, min(whole.eventCount, 48)) {
                    var stopped = script
                    stopped.stopAt = place
                    stopped.keepsSteps = false
                    let simulation = try simulation(context, stopped)
                    simulation.run()
                    judge(simulation, context, mayFail: false)
                }
            }
        },
    ]

    /// Runs the ordinary scripts with a change.
    private static func all(_ context: CheckContext, mayFail: Bool, _ change: (inout HostScript) -> Void) throws {
        guard try canBegin(context) else { return }
        for number in 0..<3 {
            var script = HostScript(seed: context.seed &+ 100 &+ UInt64(number))
            script.keepsSteps = false
            change(&script)
            let simulation = try simulation(context, script)
            simulation.run()
            judge(simulation, context, mayFail: mayFail)
        }
    }
}
