import EvalhPluginKit

private let library = Library(
    name: "allocators", version: "1.0.0",
    plugins: [
        .allocator(FixedAllocator.self), .allocator(AriseSampling.self), .allocator(DecidedAllocator.self),
        .allocator(ActiveItems.self),
    ])

/// What evalh looks for in the library.
@c(evalh_plugin_v1)
public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
