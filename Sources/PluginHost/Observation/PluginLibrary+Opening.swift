/// Plugins of one library, without a catalog.
extension PluginLibrary {
    package func strategy(_ id: String) throws(PluginLoadError) -> StrategyPlugin {
        guard let (info, table) = table(of: .strategy, id: id), case .strategy(let functions) = table else {
            throw missing(.strategy, id)
        }
        return StrategyPlugin(info: info, table: functions, watchdog: nil)
    }

    /// Throws `PluginLoadError`, or `PluginFault` if it refuses the parameters.
    package func grader(_ id: String, parametersJSON: String) throws -> PluginGrader {
        guard let (info, table) = table(of: .grader, id: id), case .grader(let functions) = table else {
            throw missing(.grader, id)
        }
        return try PluginGrader(info: info, table: functions, parametersJSON: parametersJSON)
    }

    /// Throws `PluginLoadError`, or `PluginFault` if it refuses the parameters.
    package func metric(_ id: String, parametersJSON: String, seed: UInt64) throws -> PluginMetric {
        guard let (info, table) = table(of: .metric, id: id), case .metric(let functions) = table else {
            throw missing(.metric, id)
        }
        return try PluginMetric(info: info, table: functions, parametersJSON: parametersJSON, seed: seed)
    }

    /// Throws `PluginLoadError`, or `PluginFault` if it refuses the parameters.
    package func allocator(_ id: String, parametersJSON: String, setup: AllocationSetup, seed: UInt64) throws
        -> PluginAllocator
    {
        guard let (info, table) = table(of: .allocator, id: id), case .allocator(let functions) = table else {
            throw missing(.allocator, id)
        }
        return try PluginAllocator(
            info: info, table: functions, parametersJSON: parametersJSON, setup: setup, seed: seed)
    }

    private func missing(_ kind: PluginKind, _ id: String) -> PluginLoadError {
        PluginLoadError(.notFound, file: file, "offers no \(kind.rawValue) \"\(id)\"")
    }
}
