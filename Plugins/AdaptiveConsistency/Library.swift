import EvalhPluginKit

private let library = Library(
    name: "adaptive-consistency", version: "1.0.0", plugins: [.strategy(AdaptiveConsistencyStrategy.self)])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
