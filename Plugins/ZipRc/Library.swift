import EvalhPluginKit

private let library = Library(name: "zip-rc", version: "1.0.0", plugins: [.strategy(ZipRcStrategy.self)])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
