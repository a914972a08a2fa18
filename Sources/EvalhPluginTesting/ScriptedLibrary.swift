import CEvalhPlugin
public import EvalhPluginKit
import Synchronization

/// A library's table as a host reads it, for tests.
public struct ScriptedLibrary {
    /// The library's name.
    public let name: String
    /// The library's version.
    public let version: String
    /// Not empty: it declines the host.
    public let refusal: String
    /// What it offers, in its own order.
    public let plugins: [ScriptedPlugin]

    /// - Parameter table: What the entry function returned.
    /// - Throws: `ScriptedError` if that is nothing or of another major version.
    public init(table: UnsafeRawPointer?) throws {
        guard let table else { throw ScriptedError("the entry function returned nothing") }
        let library = table.load(as: evalh_library.self)
        guard library.abi_major == UInt32(EVALH_ABI_MAJOR) else {
            throw ScriptedError("the library is of ABI \(library.abi_major), not \(EVALH_ABI_MAJOR)")
        }
        name = String(library.name)
        version = String(library.version)
        refusal = String(library.refusal)
        plugins = Array(copying: library.plugins, count: library.plugin_count) { ScriptedPlugin($0.pointee) }
    }

    /// The plugin of an id.
    public func plugin(_ id: String) throws -> ScriptedPlugin {
        guard let plugin = plugins.first(where: { $0.id == id }) else {
            throw ScriptedError("the library \(name) has no plugin \(id)")
        }
        return plugin
    }

    /// A strategy of this process. Each type gets one slot, however often it is asked for.
    static func plugin<S: Strategy>(_ type: S.Type) throws -> ScriptedPlugin {
        let library = libraries.withLock { libraries in
            if let known = libraries[ObjectIdentifier(type)] { return known }
            let library = Library(name: "scripted", version: "0.0.0", plugins: [.strategy(type)])
            libraries[ObjectIdentifier(type)] = library
            return library
        }
        return try ScriptedLibrary(table: library.table(for: nil)).plugin(S.descriptor.id)
    }

    private static let libraries = Mutex<[ObjectIdentifier: Library]>([:])
}

/// A plugin as its library describes it.
public struct ScriptedPlugin {
    /// Such as "evalh.strategy/1".
    public let kind: String
    /// What it says of itself.
    public let descriptor: Descriptor
    /// JSON Schema; empty: it takes no parameters.
    public let schema: String
    /// The kind's function table.
    public let table: UnsafeRawPointer?

    /// Its id, as suites write it.
    public var id: String { descriptor.id }

    init(_ wire: evalh_descriptor) {
        kind = String(wire.kind)
        descriptor = Descriptor(
            id: String(wire.id), version: String(wire.version), title: String(wire.title),
            description: String(wire.description),
            source: String(wire.source), needs: Needs(rawValue: wire.needs), topLogprobs: Int(wire.top_logprobs),
            outputs: String(wire.outputs).split(separator: " ").map(String.init))
        schema = String(wire.parameters_schema)
        table = wire.table
    }

    /// What a strategy says its sessions may ask for; `nil`: unknown, or the parameters are wrong.
    public func estimate(parameters: String = "{}") -> Estimate? {
        guard kind == EVALH_KIND_STRATEGY, let estimate = table?.load(as: evalh_strategy.self).estimate else {
            return nil
        }
        var arena = Arena()
        var out = evalh_estimate()
        out.struct_size = UInt32(MemoryLayout<evalh_estimate>.size)
        let code = estimate(arena.text(parameters), &out)
        withExtendedLifetime(arena) {}
        guard code == EVALH_OK, out.completions_min <= out.completions_max else { return nil }
        return Estimate(
            completions: Int(out.completions_min)...Int(out.completions_max), promptPasses: out.prompt_passes)
    }
}
