internal import Foundation
internal import Synchronization

/// The plugins of this machine. Finding them runs code only of libraries that were not seen before; using one opens its
/// library alone.
package final class PluginCatalog: Sendable {
    /// By kind, then id.
    package let plugins: [PluginInfo]
    /// What could not be used, in the order in which it was found.
    package let problems: [PluginProblem]
    package let vocabulary: CatalogVocabulary
    private let duplicates: [PluginKind: [String: String]]
    private let cacheFile: String?
    private let open = Mutex<[String: PluginLibrary]>([:])

    /// Looks through `locations` in their order.
    ///
    /// - Parameters:
    ///   - builtIn: what the host itself offers, listed among the plugins; it cannot be opened here.
    ///   - cacheFile: where manifests are kept between runs, see `defaultCacheFile`; `nil`: nowhere.
    package init(
        locations: [PluginLocation], builtIn: [PluginInfo] = [], cacheFile: String? = nil
    ) {
        let scan = CatalogScan(locations, builtIn: builtIn, cacheFile: cacheFile)
        plugins = scan.plugins
        problems = scan.problems
        duplicates = scan.duplicates
        vocabulary = CatalogVocabulary(scan.plugins)
        self.cacheFile = cacheFile
    }

    /// `$XDG_CACHE_HOME/evalh/plugins.json`, or below `~/.cache`; `nil` without a home.
    package static func defaultCacheFile(environment: [String: String]) -> String? {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/evalh/plugins.json" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.cache/evalh/plugins.json"
    }

    /// What a plugin says of itself; `nil` if there is none of that id.
    package func info(_ kind: PluginKind, _ id: String) -> PluginInfo? {
        plugins.first { $0.kind == kind && $0.id == id }
    }

    /// The same with the hash of its library's file: for lock files.
    package func hashed(_ info: PluginInfo) throws(PluginLoadError) -> PluginInfo {
        guard let hash = LibraryFile(info.file)?.sha256() else {
            throw PluginLoadError(.unreadable, file: info.file, "cannot be read any more")
        }
        var info = info
        info.sha256 = hash
        return info
    }

    /// Opens a strategy.
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

    /// The one plugin that an id means, with none of its code run.
    package func found(_ kind: PluginKind, _ id: String) throws(PluginLoadError) -> PluginInfo {
        if let message = duplicates[kind]?[id] { throw PluginLoadError(.duplicate, file: "", message) }
        guard let info = info(kind, id) else { throw missing(kind, id) }
        return info
    }

    private func opened(_ kind: PluginKind, _ id: String) throws(PluginLoadError)
        -> (PluginInfo, PluginTable, PluginGuard)
    {
        let info = try found(kind, id)
        let library = try open.withLock { (open) throws(PluginLoadError) -> PluginLibrary in
            if let library = open[info.file] { return library }
            let library = try PluginLibrary(opening: info.file)
            open[info.file] = library
            return library
        }
        guard let plugin = library.table(of: kind, id: id) else { throw stale(kind, id, info.file) }
        return (plugin.info, plugin.table, plugin.guarded)
    }

    private func missing(_ kind: PluginKind, _ id: String) -> PluginLoadError {
        var message = "there is no \(kind.rawValue) \"\(id)\""
        if let nearest = vocabulary.nearest(kind, to: id) {
            message += "; did you mean \"\(nearest)\"?"
        } else {
            let ids = vocabulary.entries(of: kind).prefix(40).map(\.id)
            message +=
                ids.isEmpty ? "; no \(kind.rawValue) plugins were found" : "; there are: \(ids.joined(separator: ", "))"
        }
        let unusable = problems.filter { $0.severity != .note && $0.error.reason != .duplicate }
        if let first = unusable.first {
            message +=
                " (\(unusable.count) \(unusable.count == 1 ? "library" : "libraries") could not be used, first: "
                + "\(first.error))"
        }
        return PluginLoadError(.notFound, file: "", message)
    }

    private func stale(_ kind: PluginKind, _ id: String, _ file: String) -> PluginLoadError {
        let hint = cacheFile.map { "; delete \($0) and try again" } ?? ""
        return PluginLoadError(
            .malformed, file: file, "does not offer the \(kind.rawValue) \"\(id)\" that it offered before\(hint)")
    }
}
