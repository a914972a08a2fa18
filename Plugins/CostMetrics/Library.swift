import EvalhPluginKit

private let library = Library(
    name: "cost-metrics", version: "1.0.0",
    plugins: [
        .metric(CostPerPass.self), .metric(AccuracyPerKilotoken.self), .metric(WorkSpread.self),
        .metric(MeanEflops.self),
    ])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
