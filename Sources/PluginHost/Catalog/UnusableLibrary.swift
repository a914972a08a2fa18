internal import Foundation

/// A library that cannot be used, and what may have been in it.
struct UnusableLibrary: Sendable {
    let error: PluginLoadError
    /// What it offered when it could last be used.
    let former: [PluginManifestCache.FormerPlugin]
    /// Without our entry function: a library that plugins link against, or a plugin whose author forgot to export it.
    var isHelper: Bool { error.reason == .noEntry }

    /// More of a file is not searched.
    private static let maximumBytes = 256 << 20

    /// Whether the plugin is likely to be in it: it was, or the file's bytes hold its id.
    func mayOffer(_ kind: PluginKind, _ reference: PluginReference) -> Bool {
        if former.contains(where: {
            $0.kind == kind && $0.id == reference.id && reference.includes(version: $0.version)
        }) {
            return true
        }
        guard !reference.id.isEmpty, let handle = FileHandle(forReadingAtPath: error.file) else { return false }
        defer { try? handle.close() }
        let wanted = Data(reference.id.utf8)
        var rest = Data()
        var read = 0
        while read < Self.maximumBytes, let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty {
            rest.append(piece)
            if rest.range(of: wanted) != nil { return true }
            rest = Data(rest.suffix(wanted.count - 1))
            read += piece.count
        }
        return false
    }
}
