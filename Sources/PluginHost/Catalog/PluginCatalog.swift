internal import Foundation
internal import Synchronization

/// The plugins of this machine. Finding them runs code only of libraries that were not seen before, in a process of
/// its own where `look` says so; using one opens its library alone.
package final class PluginCatalog: Sendable {
    /// By kind, then id, then version, the newest first.
    package let plugins: [PluginInfo]
    /// What could not be used, in the order in which it was found.
    package let problems: [PluginProblem]
    package let vocabulary: CatalogVocabulary
    private let index: PluginIndex
    private let unusable: [UnusableLibrary]
    private let shipped: Set<String>
    private let cacheFile: String?
    private let open = Mutex<[String: PluginLibrary]>([:])

    /// Looks through `locations` in their order.
    ///
    /// - Parameters:
    ///   - builtIn: what the host itself offers, listed among the plugins; it cannot be opened here.
    ///   - look: how a library is asked what it offers that nothing is known of.
    ///   - cacheFile: where manifests are kept between runs, see `defaultCacheFile`; `nil`: nowhere.
    ///   - looksAgain: also at libraries that are known to be of no use.
    package init(
        locations: [PluginLocation], builtIn: [PluginInfo] = [], look: LibraryLook = .inProcess,
        cacheFile: String? = nil, looksAgain: Bool = false
    ) {
        let scan = CatalogScan(
            locations, builtIn: builtIn, look: look, cacheFile: cacheFile, looksAgain: looksAgain)
        plugins = scan.plugins
        problems = scan.problems
        index = scan.index
        unusable = scan.unusable
        shipped = scan.shipped.union(builtIn.map(\.file))
        vocabulary = CatalogVocabulary(scan.plugins)
        self.cacheFile = cacheFile
    }

    /// `$XDG_CACHE_HOME/evalh/plugins.json`, or below `~/.cache`; `nil` without a home.
    package static func defaultCacheFile(environment: [String: String]) -> String? {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/evalh/plugins.json" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.cache/evalh/plugins.json"
    }

    /// What a plugin says of itself; `nil` if there is none of that name, or no single one.
    ///
    /// - Parameter name: as suites write it: `id`, or `id@version`.
    package func info(_ kind: PluginKind, _ name: String) -> PluginInfo? {
        guard case .found(let info) = index.choose(kind, PluginReference(name)) else { return nil }
        return info
    }

    /// What suites write for that very plugin: its id where that is enough, else `id@version`.
    package func reference(to info: PluginInfo) -> String { index.reference(to: info).description }

    /// Whether evalh brings the plugin along: its version then says what it does, on every machine.
    package func isShipped(_ info: PluginInfo) -> Bool { shipped.contains(info.file) }

    /// Libraries in folders of plugins that are no plugins, but may be what plugins link against.
    package var helpers: [PluginLoadError] { unusable.filter(\.isHelper).map(\.error) }

    /// Why a plugin that a suite names cannot be used, in the words of who refused it; `nil`: it can be used, or there
    /// is no sign of it.
    package func complaint(_ kind: PluginKind, _ name: String) -> String? {
        let reference = PluginReference(name)
        switch index.choose(kind, reference) {
        case .found: return nil
        case .refused(let reason): return reason
        case .none:
            let suspects = unusable.filter { $0.mayOffer(kind, reference) }.map { "\($0.error)" }
            return suspects.isEmpty ? nil : suspects.joined(separator: "\n")
        }
    }

    /// Files that should hold plugins and could not be used, each with the reason.
    package var unopened: [String] { unusable.filter { !$0.isHelper }.map { "\($0.error)" } }

    /// The same with the hash of its library's file: for lock files.
    package func hashed(_ info: PluginInfo) throws(PluginLoadError) -> PluginInfo {
        guard let hash = LibraryFile(info.file)?.sha256() else {
            throw PluginLoadError(.unreadable, file: info.file, "cannot be read any more")
        }
        var info = info
        info.sha256 = hash
        return info
    }

    /// Opens a strategy, by its name as suites write it.
    package func strategy(_ id: String) throws(PluginLoadError) -> StrategyPlugin {
        let (info, table, guarded) = try opened(.strategy, id)
        guard case .strategy(let functions) = table else { throw stale(.strategy, id, info.file) }
        return StrategyPlugin(info: info, table: functions, guarded: guarded)
    }

    /// Opens a grader and gives it its parameters. Throws `PluginLoadError`, or `PluginFault` if it refuses the
    /// parameters.
    package func grader(_ id: String, parametersJSON: String) throws -> PluginGrader {
        let (info, table, guarded) = try opened(.grader, id)
        guard case .grader(let functions) = table else { throw stale(.grader, id, info.file) }
        return try PluginGrader(info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON)
    }

    /// Opens a metric and gives it its parameters. Throws `PluginLoadError`, or `PluginFault` if it refuses the
    /// parameters.
    package func metric(_ id: String, parametersJSON: String, seed: UInt64) throws -> PluginMetric {
        let (info, table, guarded) = try opened(.metric, id)
        guard case .metric(let functions) = table else { throw stale(.metric, id, info.file) }
        return try PluginMetric(
            info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON, seed: seed)
    }

    /// Opens an allocator and tells it what it may allocate. Throws `PluginLoadError`, or `PluginFault` if it refuses
    /// the parameters.
    package func allocator(_ id: String, parametersJSON: String, setup: AllocationSetup, seed: UInt64) throws
        -> PluginAllocator
    {
        let (info, table, guarded) = try opened(.allocator, id)
        guard case .allocator(let functions) = table else { throw stale(.allocator, id, info.file) }
        return try PluginAllocator(
            info: info, table: functions, guarded: guarded, parametersJSON: parametersJSON, setup: setup, seed: seed)
    }

    /// Opens a service and keeps its parameters, which its instances are made with.
    package func service(_ id: String, parametersJSON: String) throws(PluginLoadError) -> ServicePlugin {
        let (info, table, _) = try opened(.service, id)
        guard case .service(let functions) = table else { throw stale(.service, id, info.file) }
        return ServicePlugin(info: info, table: functions, parametersJSON: parametersJSON)
    }

    /// The one plugin that a name means, with none of its code run.
    package func found(_ kind: PluginKind, _ name: String) throws(PluginLoadError) -> PluginInfo {
        switch index.choose(kind, PluginReference(name)) {
        case .found(let found): return found
        case .refused(let reason): throw PluginLoadError(.duplicate, file: "", reason)
        case .none: throw missing(kind, name)
        }
    }

    private func opened(_ kind: PluginKind, _ name: String) throws(PluginLoadError)
        -> (PluginInfo, PluginTable, PluginGuard)
    {
        let info = try found(kind, name)
        let library = try open.withLock { (open) throws(PluginLoadError) -> PluginLibrary in
            if let library = open[info.file] { return library }
            let library = try PluginLibrary(opening: info.file)
            open[info.file] = library
            return library
        }
        guard let plugin = library.table(of: kind, id: info.id) else { throw stale(kind, info.id, info.file) }
        return (plugin.info, plugin.table, plugin.guarded)
    }

    private func missing(_ kind: PluginKind, _ name: String) -> PluginLoadError {
        if let complaint = complaint(kind, name) {
            return PluginLoadError(.notFound, file: "", "the \(kind.rawValue) \"\(name)\" cannot be used: \(complaint)")
        }
        var message = "there is no \(kind.rawValue) \"\(name)\""
        if let nearest = vocabulary.nearest(kind, to: PluginReference(name).id) {
            message += "; did you mean \"\(nearest)\"?"
        } else {
            let ids = vocabulary.ids(of: kind).prefix(40)
            message +=
                ids.isEmpty ? "; no \(kind.rawValue) plugins were found" : "; there are: \(ids.joined(separator: ", "))"
        }
        if let first = unopened.first {
            message +=
                " (\(unopened.count) \(unopened.count == 1 ? "library" : "libraries") could not be used, first: "
                + "\(first))"
        }
        return PluginLoadError(.notFound, file: "", message)
    }

    private func stale(_ kind: PluginKind, _ id: String, _ file: String) -> PluginLoadError {
        let hint = cacheFile.map { "; delete \($0) and try again" } ?? ""
        return PluginLoadError(
            .malformed, file: file, "does not offer the \(kind.rawValue) \"\(id)\" that it offered before\(hint)")
    }
}
