internal import Foundation
internal import Glibc

/// What libraries said of themselves, kept on disk, so that listing plugins runs none of their code.
///
/// An entry holds for a content, by its SHA-256, and for this host's ABI. A file is not read as long as path, inode,
/// size and both times are those of the last look, and its last change was well before it: within a clock's tick, a
/// file may change and keep all of them. A cache that is missing, damaged or not writable costs time, never a result.
struct PluginManifestCache {
    private struct Stored: Codable {
        var format: Int
        var host: String
        var entries: [Entry]
    }

    struct Entry: Codable {
        var file: LibraryFile
        var sha256: String
        /// Seconds since 1970 when the file was last known to have this content.
        var seen: Double
        /// `nil`: not a plugin library, for the reason given.
        var plugins: [PluginInfo]?
        var unknownKinds: [String]
        var error: PluginLoadError?
        /// What the file offered before, where it cannot be used any more.
        var former: [FormerPlugin]

        enum CodingKeys: String, CodingKey {
            case file, sha256, seen, plugins, error, former
            case unknownKinds = "unknown_kinds"
        }
    }

    /// A plugin that a library offered when it could last be used.
    struct FormerPlugin: Codable, Hashable {
        var kind: PluginKind
        var id: String
        var version: String
    }

    private static let format = 2
    private static let maximumBytes = 8 << 20
    private static let maximumEntries = 4096
    /// Seconds between a file's last change and a look at it from which on its times tell whether it changed since:
    /// more than a tick of any file system's clock.
    private static let settled = 2.0
    private static var host: String {
        "evalh \(HostIdentity.version), plugin ABI \(PluginABI.text) \(PluginABI.features.joined(separator: " ")), "
            + "needs \(PluginABI.knownNeeds), "
            + PluginKind.allCases.map(\.rawValue).joined(separator: " ")
    }

    private let path: String?
    /// No file is identified before that.
    private let begun = Date().timeIntervalSince1970
    private var entries: [String: Entry] = [:]
    private var isChanged = false

    /// - Parameter path: `nil`: nothing is kept.
    init(path: String?) {
        self.path = path
        guard let path, let data = Self.read(path), let stored = try? JSONDecoder().decode(Stored.self, from: data),
            stored.format == Self.format, stored.host == Self.host
        else { return }
        for entry in stored.entries { entries[entry.file.path] = entry }
    }

    /// What is known of a file. Reads it where its times do not tell that it is the one that was seen.
    ///
    /// - Parameter forgetsFailures: libraries that could not be used are unknown.
    mutating func entry(of file: LibraryFile, forgetsFailures: Bool = false) -> Entry? {
        if let entry = entries[file.path], entry.file == file, Self.isSettled(entry) {
            return Self.usable(entry, forgetsFailures)
        }
        guard !entries.isEmpty, let hash = file.sha256() else { return nil }
        let same = entries[file.path].flatMap { $0.sha256 == hash ? $0 : nil }
        // A copy or a library that was moved; the first by path, so that the choice does not change.
        let found = same ?? entries.values.filter { $0.sha256 == hash }.min { $0.file.path < $1.file.path }
        guard var entry = found.flatMap({ Self.usable($0, forgetsFailures) }) else { return nil }
        entry.file = file
        entry.seen = begun
        entry.plugins = entry.plugins?.map { info in
            var info = info
            info.file = file.path
            return info
        }
        entry.error?.file = file.path
        entries[file.path] = entry
        isChanged = true
        return entry
    }

    /// Keeps what was found out about a file, and returns it.
    ///
    /// - Parameter hash: of its content before it was looked into.
    mutating func store(
        _ file: LibraryFile, hash: String, _ result: Result<LibraryDescription, PluginLoadError>
    ) -> Entry {
        var entry = Entry(
            file: file, sha256: hash, seen: begun, plugins: nil, unknownKinds: [], error: nil, former: [])
        switch result {
        case .success(let description):
            entry.plugins = description.plugins
            entry.unknownKinds = description.unknownKinds
        case .failure(let error):
            entry.error = error
            let before = entries[file.path]
            entry.former =
                before?.plugins?.map { FormerPlugin(kind: $0.kind, id: $0.id, version: $0.version) }
                ?? before?.former ?? []
        }
        entries[file.path] = entry
        isChanged = true
        return entry
    }

    /// Writes what is new. Readers see the old file or the new one, never a part.
    mutating func save() {
        guard isChanged, let path else { return }
        isChanged = false
        let kept = entries.values.filter { LibraryFile($0.file.path) != nil }.sorted { $0.file.path < $1.file.path }
        let stored = Stored(format: Self.format, host: Self.host, entries: Array(kept.prefix(Self.maximumEntries)))
        let url = URL(fileURLWithPath: path)
        guard let data = try? JSONEncoder().encode(stored) else { return }
        try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let draft = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        guard (try? data.write(to: URL(fileURLWithPath: draft))) != nil else { return }
        if rename(draft, path) != 0 { unlink(draft) }
    }

    private static func isSettled(_ entry: Entry) -> Bool {
        let changed = Double(max(entry.file.changedSeconds, entry.file.modifiedSeconds)) + 1
        return entry.seen - changed > settled
    }

    /// `nil`: it is worth another look.
    private static func usable(_ entry: Entry, _ forgetsFailures: Bool) -> Entry? {
        guard let error = entry.error else { return entry }
        // What the linker misses may be there by now, without a change of the file.
        guard error.reason != .linker, error.reason != .unreadable, !forgetsFailures else { return nil }
        return entry
    }

    private static func read(_ path: String) -> Data? {
        guard let file = LibraryFile(path), file.size <= maximumBytes else { return nil }
        return try? Data(contentsOf: URL(fileURLWithPath: path))
    }
}
