import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

/// The library that was built beside the test bundle, opened as the host opens it.
enum ShippedPlugins {
    /// Every shipped plugin, by the table of `ShippedVariant`.
    static let ids = Array(Set(ShippedVariant.all.map(\.id))).sorted()

    private static let folder: URL = {
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [
            runner, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
            root.appendingPathComponent(".build/debug"),
        ]
        return candidates.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("libEvalhPlugins.so").path)
        } ?? runner
    }()

    static func plugin(_ id: String) throws -> ScriptedPlugin {
        let path = folder.appendingPathComponent("libEvalhPlugins.so").path
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw ScriptedError(String(cString: dlerror())) }
        let symbol = try #require(dlsym(handle, "evalh_plugin_v1"))
        typealias Entry = @convention(c) (UnsafeRawPointer?) -> UnsafeRawPointer?
        let library = try ScriptedLibrary(table: unsafeBitCast(symbol, to: Entry.self)(nil))
        // A grader may bear a strategy's name; it has tests of its own.
        guard let plugin = library.plugins.first(where: { $0.id == id && $0.kind != "evalh.grader/1" }) else {
            throw ScriptedError("the library \(library.name) has no plugin \(id)")
        }
        return plugin
    }

    static func metric(_ id: String, _ parameters: String = "{}", seed: UInt64 = 0) throws -> ScriptedMetric {
        try ScriptedMetric(plugin(id), parameters: parameters, seed: seed)
    }

    static func session(_ id: String, _ parameters: String = "{}", host: ScriptedHost = host) throws -> ScriptedSession
    {
        try ScriptedSession(plugin(id), parameters: parameters, host: host)
    }

    static let host = {
        var host = bareHost
        host.peers = peers
        host.itemNumber = 2
        host.itemCount = 4
        return host
    }()

    private static let bareHost = ScriptedHost(models: [
        Model(role: "main", name: "m"), Model(role: "grader", name: "g"), Model(role: "strong", name: "s"),
    ])
}

extension ScriptedSession {
    var requests: [ScriptedRequest] {
        actions.compactMap { if case .ask(let request) = $0.body { request } else { nil } }
    }
    var notes: [String] {
        actions.compactMap { if case .note(let key, let value) = $0.body { "\(key): \(value)" } else { nil } }
    }
    var candidates: [String: Double] {
        actions.reduce(into: [:]) { if case .emit(let candidate, let weight, _) = $1.body { $0[candidate] = weight } }
    }
}
