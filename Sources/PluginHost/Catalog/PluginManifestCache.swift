internal import Foundation
internal import Glibc

/// What libraries said of themselves, kept on disk, so that listing plugins runs none of their code.
///
/// An entry holds for a file of the same path, inode, size and modification time, and for this host's ABI. A cache that
/// is missing, damaged or not writable costs time, never a result.
struct PluginManifestCache {
    private struct Stored: Codable {
        var format: Int
        var host: String
        var entries: [Entry]
    }

    struct Entry: Codable {
        var file: LibraryFile
        /// `nil`: not a plugin library, for the reason given.
        var plugins: [PluginInfo]?
        var unknownKinds: [String]
        var error: PluginLoadError?

        enum CodingKeys: String, CodingKey {
            case file, plugins, error
            case unknownKinds = "unknown_kinds"
        }
    }

    private static let format = 1
    private static let maximumBytes = 8 << 20
    private static let maximumEntries = 4096
    private static var host: String {
        "evalh \(HostIdentity.version), plugin ABI \(PluginABI.text) \(PluginABI.features.joined(separator: " ")), "
            + "needs \(PluginABI.knownNeeds), "
            + PluginKind.allCases.map(\.rawValue).joined(separator: " ")
    }

    private let path: String?
    private var entries: [String: Entry] = [:]
    private var isChanged = false

    /// `nil`: nothing is kept.
    init(path: String?) {
        self.path = path
        guard let path, let data = Self.read(path), let stored = try? JSONDecoder().decode(Stored.self, from: data),
            stored.format == Self.format, stored.host == Self.host
        else { return }
        for entry in stored.entries { entries[entry.file.path] = entry }
    }

    func entry(of file: LibraryFile) -> Entry? {
        guard let entry = entries[file.path], entry.file == file else { return nil }
        return entry
    }

    mutating func store(_ entry: Entry) {
        entries[entry.file.path] = entry
        isChanged = true
    }

    /// Writes what is new. Readers see the old file or the new one, never a part.
    mutating func save() {
        guard isChanged, let path else { return }
        isChanged = false
        let kept = entries.values.filter { LibraryFile($0.file.path) == $0.file }.sorted { $0.file.path < $1.file.path }
        let stored = Stored(format: Self.format, host: Self.host, entries: Array(kept.prefix(Self.maximumEntries)))
        let url = URL(fileURLWithPath: path)
        guard let data = try? JSONEncoder().encode(stored) else { return }
        try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let draft = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        guard (try? data.write(to: URL(fileURLWithPath: draft))) != nil else { return }
        if rename(draft, path) != 0 { unlink(draft) }
    }

    private static func read(_ path: String) -> Data? {
        guard let file = LibraryFile(path), file.size <= maximumBytes else { return nil }
        return try? Data(contentsOf: URL(fileURLWithPath: path))
    }
}
