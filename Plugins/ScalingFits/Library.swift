import EvalhPluginKit

private let library = Library(
    name: "scaling-fits", version: "1.0.0",
    plugins: [
        .metric(SaturationMetric.self), .metric(SigmoidMetric.self), .metric(ParallelMetric.self),
        .metric(AllocationMetric.self),
    ])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
