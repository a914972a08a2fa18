import EvalhPluginKit

private let library = Library(
    name: "repeat-metrics", version: "1.0.0",
    plugins: [.metric(PassAtK.self), .metric(MajorityAtK.self), .metric(GPassAtK.self)])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
