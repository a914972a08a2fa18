internal import Dispatch
internal import Synchronization

/// One walk over the places where plugins may be.
struct CatalogScan {
    private struct Candidate {
        var file: LibraryFile
        var location: PluginLocation
        /// Somebody asked for this very file, and not for the folder that it is in.
        var isNamed: Bool

        /// evalh's own library is code as trusted as evalh.
        var isShipped: Bool {
            (location.origin == .build || location.origin == .installed)
                && file.path.hasSuffix("/" + PluginLocation.shippedLibrary)
        }
    }

    /// Libraries that are looked into at a time: most of a look is waiting.
    private static let looksAtOnce = 8

    private(set) var plugins: [PluginInfo] = []
    private(set) var problems: [PluginProblem] = []
    private(set) var index = PluginIndex()
    private(set) var unusable: [UnusableLibrary] = []
    /// Files of evalh's own libraries.
    private(set) var shipped: Set<String> = []
    private var cache: PluginManifestCache
    private var candidates: [Candidate] = []
    private var visited: Set<[UInt64]> = []

    /// - Parameters:
    ///   - look: how a library is asked what it offers that nothing is known of.
    ///   - cacheFile: where manifests are kept; `nil`: nowhere.
    ///   - looksAgain: also at libraries that are known to be of no use.
    init(
        _ locations: [PluginLocation], builtIn: [PluginInfo], look: LibraryLook, cacheFile: String?,
        looksAgain: Bool = false
    ) {
        cache = PluginManifestCache(path: cacheFile)
        for info in builtIn {
            index.addOwn(info)
            plugins.append(info)
        }
        for location in locations { collect(location) }
        let entries = entries(look, looksAgain)
        for (candidate, entry) in zip(candidates, entries) { take(entry, candidate) }
        cache.save()
        plugins.sort {
            ($0.kind.order, $0.id) == ($1.kind.order, $1.id)
                ? PluginVersion($1.version) < PluginVersion($0.version)
                : ($0.kind.order, $0.id) < ($1.kind.order, $1.id)
        }
    }

    private mutating func collect(_ location: PluginLocation) {
        func add(_ file: LibraryFile, isNamed: Bool) {
            guard visited.insert([file.device, file.inode]).inserted else { return }
            candidates.append(Candidate(file: file, location: location, isNamed: isNamed))
        }
        if let file = LibraryFile(location.path) {
            add(file, isNamed: true)
        } else if let files = LibraryFile.all(in: location.path) {
            // A build folder is full of other libraries, plugins of earlier builds among them.
            let isShipped = { (file: LibraryFile) in file.path.hasSuffix("/" + PluginLocation.shippedLibrary) }
            for file in files where location.origin != .build || isShipped(file) { add(file, isNamed: false) }
        } else if location.origin.isExplicit {
            problems.append(
                PluginProblem(.error, PluginLoadError(.unreadable, file: location.path, "no such file or folder")))
        }
    }

    /// What the candidates offer, in their order. Those that nothing is known of are looked into, several at once: one
    /// that hangs holds up no other.
    private mutating func entries(_ look: LibraryLook, _ looksAgain: Bool) -> [PluginManifestCache.Entry] {
        let known = candidates.map { cache.entry(of: $0.file, forgetsFailures: looksAgain) }
        let unknown = candidates.indices.filter { known[$0] == nil }
        let results = Mutex<[Int: (hash: String, Result<LibraryDescription, PluginLoadError>)]>([:])
        let candidates = candidates
        let queue = DispatchQueue(label: "evalh.look", attributes: .concurrent)
        let places = DispatchSemaphore(value: Self.looksAtOnce)
        let all = DispatchGroup()
        for place in unknown {
            let candidate = candidates[place]
            places.wait()
            queue.async(group: all) {
                // Before the look: should the file change meanwhile, the next look notices.
                let hash = candidate.file.sha256() ?? ""
                let result = Result { () throws(PluginLoadError) in
                    try candidate.isShipped
                        ? LibraryLook.inProcess.describe(candidate.file.path) : look.describe(candidate.file.path)
                }
                results.withLock { $0[place] = (hash, result) }
                places.signal()
            }
        }
        all.wait()
        return candidates.indices.map { place in
            if let entry = known[place] { return entry }
            let file = candidates[place].file
            let nothing = PluginLoadError(.unreadable, file: file.path, "was not looked at")
            let (hash, result) = results.withLock { $0[place] } ?? ("", .failure(nothing))
            return cache.store(file, hash: hash, result)
        }
    }

    private mutating func take(_ entry: PluginManifestCache.Entry, _ candidate: Candidate) {
        if candidate.isShipped { shipped.insert(candidate.file.path) }
        if let error = entry.error {
            unusable.append(UnusableLibrary(error: error, former: entry.former))
            // In a folder of plugins lie the libraries that they link against, too.
            if error.reason == .noEntry, !candidate.isNamed { return }
            let isError = candidate.isNamed && candidate.location.origin.isExplicit
            problems.append(PluginProblem(isError ? .error : .warning, error))
            return
        }
        for kind in entry.unknownKinds {
            let message = "offers a plugin of the kind \"\(kind)\", which this evalh does not know; it is left out"
            problems.append(
                PluginProblem(.warning, PluginLoadError(.incompatible, file: candidate.file.path, message)))
        }
        for info in entry.plugins ?? [] { add(info, candidate, entry.sha256) }
    }

    private var hashes: [String: String] = [:]

    private mutating func add(_ info: PluginInfo, _ candidate: Candidate, _ hash: String) {
        hashes[candidate.file.path] = hash
        guard let earlier = index.file(offering: info) else {
            index.add(info, level: candidate.location.origin)
            plugins.append(info)
            return
        }
        let file = candidate.file.path
        if !hash.isEmpty, hash == hashes[earlier] {
            let message = "is not used: it is the same file as \(earlier), which comes first in the search order"
            let note = PluginProblem(.note, PluginLoadError(.duplicate, file: file, message))
            if !problems.contains(note) { problems.append(note) }
            return
        }
        index.addDuplicate(info)
        let message = PluginIndex.duplicate(info, [earlier, file])
        problems.append(PluginProblem(.error, PluginLoadError(.duplicate, file: "", message)))
    }
}

extension PluginKind {
    /// Place in listings.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
