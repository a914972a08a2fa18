/// One walk over the places where plugins may be.
struct CatalogScan {
    private struct Key: Hashable {
        var kind: PluginKind
        var id: String
    }

    private(set) var plugins: [PluginInfo] = []
    private(set) var problems: [PluginProblem] = []
    private var cache: PluginManifestCache
    private var found: [Key: LibraryFile] = [:]
    private var visited: Set<[UInt64]> = []
    private var hashes: [String: String] = [:]

    /// - Parameter cacheFile: where manifests are kept; `nil`: nowhere.
    init(_ locations: [PluginLocation], builtIn: [PluginInfo], cacheFile: String?) {
        cache = PluginManifestCache(path: cacheFile)
        for info in builtIn {
            if let file = LibraryFile(info.file) { add(info, from: file) } else { plugins.append(info) }
        }
        for location in locations { scan(location) }
        cache.save()
        plugins.sort { ($0.kind.order, $0.id) < ($1.kind.order, $1.id) }
    }

    private mutating func scan(_ location: PluginLocation) {
        if let file = LibraryFile(location.path) {
            visit(file, location)
        } else if let files = LibraryFile.all(in: location.path) {
            // A build folder is full of other libraries, plugins of earlier builds among them.
            let isShipped = { (file: LibraryFile) in file.path.hasSuffix("/" + PluginLocation.shippedLibrary) }
            for file in files where location.origin != .build || isShipped(file) { visit(file, location) }
        } else if location.origin.isExplicit {
            problems.append(
                PluginProblem(.error, PluginLoadError(.unreadable, file: location.path, "no such file or folder")))
        }
    }

    private mutating func visit(_ file: LibraryFile, _ location: PluginLocation) {
        guard visited.insert([file.device, file.inode]).inserted else { return }
        let entry = manifest(of: file)
        if let error = entry.error {
            complain(error, location)
            return
        }
        for kind in entry.unknownKinds {
            let message = "offers a plugin of the kind \"\(kind)\", which this evalh does not know; it is left out"
            problems.append(PluginProblem(.warning, PluginLoadError(.incompatible, file: file.path, message)))
        }
        for info in entry.plugins ?? [] { add(info, from: file) }
    }

    private mutating func manifest(of file: LibraryFile) -> PluginManifestCache.Entry {
        if let entry = cache.entry(of: file) { return entry }
        do {
            let library = try PluginLibrary(opening: file.path)
            let entry = PluginManifestCache.Entry(
                file: file, plugins: library.plugins, unknownKinds: library.unknownKinds, error: nil)
            cache.store(entry)
            return entry
        } catch {
            let entry = PluginManifestCache.Entry(file: file, plugins: nil, unknownKinds: [], error: error)
            // These two may be mended without a change of the file.
            if error.reason != .linker, error.reason != .unreadable { cache.store(entry) }
            return entry
        }
    }

    private mutating func complain(_ error: PluginLoadError, _ location: PluginLocation) {
        problems.append(PluginProblem(location.origin.isExplicit ? .error : .warning, error))
    }

    private mutating func add(_ info: PluginInfo, from file: LibraryFile) {
        let key = Key(kind: info.kind, id: info.id)
        guard let earlier = found[key] else {
            found[key] = file
            plugins.append(info)
            return
        }
        let what = "the \(info.kind.rawValue) \"\(info.id)\""
        if let hash = hash(file), hash == self.hash(earlier) {
            let message = "is not used: it is the same file as \(earlier.path), which comes first in the search order"
            let note = PluginProblem(.note, PluginLoadError(.duplicate, file: file.path, message))
            if !problems.contains(note) { problems.append(note) }
            return
        }
        let message =
            "\(what) is offered by \(earlier.path) and by \(file.path); remove one of them, or give it another id"
        problems.append(PluginProblem(.error, PluginLoadError(.duplicate, file: "", message)))
        duplicates[info.kind, default: [:]][info.id] = message
    }

    /// Messages for the ids that more than one library offers.
    private(set) var duplicates: [PluginKind: [String: String]] = [:]

    private mutating func hash(_ file: LibraryFile) -> String? {
        if let hash = hashes[file.path] { return hash }
        let hash = file.sha256()
        hashes[file.path] = hash
        return hash
    }
}

extension PluginKind {
    /// Place in listings.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
