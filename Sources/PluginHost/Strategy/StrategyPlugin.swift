internal import CEvalhPlugin
internal import Synchronization

/// A strategy of an opened library: makes instances, one a session.
package final class StrategyPlugin: StrategyFactory {
    package let info: PluginInfo
    package var id: String { info.id }
    package var version: String { info.version }
    package var needs: PluginNeeds { info.needs }
    let table: StrategyTable
    let guarded: PluginGuard
    // The library's code is never unloaded, so that nothing here has to keep it.
    private let nanoseconds = Atomic<UInt64>(0)
    private let events = Atomic<UInt64>(0)

    init(info: PluginInfo, table: StrategyTable, guarded: PluginGuard) {
        self.info = info
        self.table = table
        self.guarded = guarded
    }

    package func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy {
        try StrategyInstance(plugin: self, services: services)
    }

    package func estimate(parametersJSON: String) -> StrategyEstimate? {
        guard let estimate = table.estimate else { return nil }
        var out = evalh_estimate(
            struct_size: UInt32(MemoryLayout<evalh_estimate>.size), reserved: 0, completions_min: -1,
            completions_max: -1,
            prompt_passes: .nan)
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let result = guarded.call(.estimate) { estimate(arena.copy(parametersJSON), &out) }
        guard result == EVALH_OK, out.completions_max >= 0 else { return nil }
        let least = min(max(0, out.completions_min), out.completions_max)
        let passes =
            out.prompt_passes.isFinite && out.prompt_passes >= 0 ? out.prompt_passes : Double(out.completions_max)
        return StrategyEstimate(
            completionsMin: Int(least), completionsMax: Int(out.completions_max), promptPasses: passes)
    }

    package func problem(parametersJSON: String) -> String? {
        guard let validate = table.validate else { return nil }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        let sink = TextSink(maximumBytes: 4096)
        let result = withExtendedLifetime(sink) {
            guarded.call(.validate) { validate(arena.copy(parametersJSON), sink.pointer(in: arena)) }
        }
        guard result != EVALH_OK else { return nil }
        return sink.text ?? "the plugin refuses these parameters and does not say why"
    }

    /// Seconds of wall time inside this plugin's `step` and events it was given, over all its instances.
    package var stepTotals: (seconds: Double, events: UInt64) {
        (Double(nanoseconds.load(ordering: .relaxed)) / 1e9, events.load(ordering: .relaxed))
    }

    func addStep(nanoseconds: UInt64, events: Int) {
        self.nanoseconds.wrappingAdd(nanoseconds, ordering: .relaxed)
        self.events.wrappingAdd(UInt64(events), ordering: .relaxed)
    }
}
