package import EvalhPluginKit

package let allocators: [Plugin] = [
    .allocator(FixedAllocator.self), .allocator(AriseSampling.self), .allocator(DecidedAllocator.self),
    .allocator(ActiveItems.self),
]
