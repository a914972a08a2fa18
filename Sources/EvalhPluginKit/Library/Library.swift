import CEvalhPlugin

/// What a plugin library offers. Each library has one file that exports it:
///
/// ```swift
/// import EvalhPluginKit
///
/// private let library = Library(name: "example", version: "1.0.0", plugins: [.strategy(FirstOfTwo.self)])
///
/// @c(evalh_plugin_v1)
/// public func entry(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? { library.table(for: host) }
/// ```
///
/// Unchecked: it only holds the address of tables that are filled once and never changed or freed.
public struct Library: @unchecked Sendable {
    private let address: UnsafeRawPointer

    /// - Parameters:
    ///   - name: Of the library, for messages.
    ///   - version: Of the library, semantic versioning.
    ///   - requires: Features without which the host must refuse the library, such as "evalh.stream/1".
    ///   - plugins: Up to 64 strategies, 16 graders, 32 metrics, 8 allocators and 16 services; with more, the library
    ///     refuses every host and says so.
    public init(name: String, version: String, requires: [String] = [], plugins: [Plugin]) {
        var arena = Arena()
        var refusal = ""
        var descriptors: [evalh_descriptor] = []
        for plugin in plugins {
            guard let table = plugin.makeTable(&arena) else {
                refusal = "the library \(name) has more plugins of one kind than its kit can export"
                break
            }
            descriptors.append(Self.wire(plugin, table: table, in: &arena))
        }
        if !refusal.isEmpty { descriptors = [] }
        var features: [evalh_str] = []
        for feature in requires { features.append(arena.text(feature)) }
        var library = evalh_library()
        library.struct_size = UInt32(MemoryLayout<evalh_library>.size)
        library.abi_major = UInt32(EVALH_ABI_MAJOR)
        library.abi_minor_built = UInt32(EVALH_ABI_MINOR)
        library.abi_minor_required = 0
        library.name = arena.text(name)
        library.version = arena.text(version)
        library.features_required = arena.array(features)
        library.features_required_count = UInt64(features.count)
        library.plugins = arena.pointers(descriptors)
        library.plugin_count = UInt64(descriptors.count)
        library.refusal = arena.text(refusal)
        address = UnsafeRawPointer(arena.pointer(to: library))
        arena.keepForever()
    }

    /// What the entry function returns: the same for every host, which then judges it.
    public func table(for host: UnsafeRawPointer?) -> UnsafeRawPointer? { address }

    private static func wire(_ plugin: Plugin, table: UnsafeRawPointer, in arena: inout Arena) -> evalh_descriptor {
        var result = evalh_descriptor()
        result.struct_size = UInt32(MemoryLayout<evalh_descriptor>.size)
        result.needs = plugin.descriptor.needs.rawValue
        result.top_logprobs = UInt32(clamping: plugin.descriptor.topLogprobs)
        result.kind = arena.text(plugin.kind)
        result.id = arena.text(plugin.descriptor.id)
        result.version = arena.text(plugin.descriptor.version)
        result.title = arena.text(plugin.descriptor.title)
        result.description = arena.text(plugin.descriptor.description)
        result.source = arena.text(plugin.descriptor.source)
        result.parameters_schema = arena.text(plugin.schema ?? "")
        result.table = table
        result.outputs = arena.text(plugin.descriptor.outputs.joined(separator: " "))
        return result
    }
}

/// One plugin of a library.
public struct Plugin: Sendable {
    let kind: String
    let descriptor: Descriptor
    let schema: String?
    /// Fills the kind's function table; `nil` if the kit has no more slots.
    let makeTable: @Sendable (inout Arena) -> UnsafeRawPointer?

    /// A strategy.
    public static func strategy<S: Strategy>(_ type: S.Type) -> Plugin {
        Plugin(kind: EVALH_KIND_STRATEGY, descriptor: S.descriptor, schema: S.Parameters.schema) { arena in
            StrategySlots.table(for: AnyStrategy(type)).map { UnsafeRawPointer(arena.pointer(to: $0)) }
        }
    }

    /// A grader; if it is an `ExtractingGrader`, votes can be counted by it.
    public static func grader<G: Grader>(_ type: G.Type) -> Plugin {
        Plugin(kind: EVALH_KIND_GRADER, descriptor: G.descriptor, schema: G.Parameters.schema) { arena in
            GraderSlots.table(for: AnyGrader(type)).map { UnsafeRawPointer(arena.pointer(to: $0)) }
        }
    }

    /// A metric.
    public static func metric<M: Metric>(_ type: M.Type) -> Plugin {
        Plugin(kind: EVALH_KIND_METRIC, descriptor: M.descriptor, schema: M.Parameters.schema) { arena in
            MetricSlots.table(for: AnyMetric(type)).map { UnsafeRawPointer(arena.pointer(to: $0)) }
        }
    }

    /// An allocator.
    public static func allocator<A: Allocator>(_ type: A.Type) -> Plugin {
        Plugin(kind: EVALH_KIND_ALLOCATOR, descriptor: A.descriptor, schema: A.Parameters.schema) { arena in
            AllocatorSlots.table(for: AnyAllocator(type)).map { UnsafeRawPointer(arena.pointer(to: $0)) }
        }
    }

    /// A service.
    public static func service<S: Service>(_ type: S.Type) -> Plugin {
        Plugin(kind: EVALH_KIND_SERVICE, descriptor: S.descriptor, schema: S.Parameters.schema) { arena in
            ServiceSlots.table(for: AnyService(type)).map { UnsafeRawPointer(arena.pointer(to: $0)) }
        }
    }
}
