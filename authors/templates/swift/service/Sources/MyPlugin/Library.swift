import EvalhPluginKit

private let library = Library(name: "my-plugin", version: "1.0.0", plugins: [.service(WordCount.self)])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
