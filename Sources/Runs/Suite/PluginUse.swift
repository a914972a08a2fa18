internal import PluginHost
internal import SuiteModel

/// A plugin that a suite names, and where.
struct PluginUse: Hashable {
    var kind: PluginKind
    /// As it is written: `id`, or `id@version`.
    var name: String
    /// The first place that names it.
    var position: SourceSpan

    /// All that the suite's results depend on, by kind, then name; each once. The built-in metric is no plugin.
    static func all(in suite: Suite) -> [PluginUse] {
        var uses = suite.arms.map { PluginUse(kind: .strategy, name: $0.strategy, position: $0.strategyPosition) }
        uses.append(PluginUse(kind: .grader, name: suite.grader.use, position: suite.grader.position))
        if let finder = suite.judge?.answers {
            uses.append(PluginUse(kind: .grader, name: finder, position: suite.grader.position))
        }
        for metric in suite.metrics where metric.use != MetricSpec.builtIn {
            uses.append(PluginUse(kind: .metric, name: metric.use, position: metric.position))
        }
        if let allocator = suite.allocator {
            uses.append(PluginUse(kind: .allocator, name: allocator.use, position: allocator.position))
        }
        if let kind = PluginKind(rawValue: "service") {
            for service in suite.services {
                guard let name = service.use else { continue }
                uses.append(PluginUse(kind: kind, name: name, position: service.position))
            }
        }
        var seen: Set<[String]> = []
        return uses.filter { seen.insert([$0.kind.rawValue, $0.name]).inserted }
            .sorted { ($0.order, $0.name) < ($1.order, $1.name) }
    }

    private var order: Int { PluginKind.allCases.firstIndex(of: kind) ?? 0 }
}
