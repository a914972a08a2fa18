import EvalhPluginKit

private let library = Library(
    name: "regret", version: "1.0.0", plugins: [.metric(Regret.self), .metric(S1Scaling.self)])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
