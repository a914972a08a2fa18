internal import Completions
internal import Foundation

/// Why a download gave nothing.
package struct DownloadFailure: Error, Hashable, Sendable {
    package var message: String

    package init(message: String) {
        self.message = message
    }
}

/// Fetches a file. Blocks until it is there.
package protocol DatasetDownloader: Sendable {
    /// Writes what is at `url` into a new file at `path`; gives up beyond `limit` bytes.
    func download(_ url: String, to path: String, limit: Int) throws(DownloadFailure)
}

/// Data sets by address, kept under the SHA-256 of their bytes: once fetched, no network is needed.
package struct DatasetCache: Sendable {
    package var folder: String
    /// `nil`: offline.
    package var downloader: (any DatasetDownloader)?

    package init(folder: String, downloader: (any DatasetDownloader)? = nil) {
        self.folder = folder
        self.downloader = downloader
    }

    /// `$XDG_CACHE_HOME/evalh/datasets`, or else `~/.cache/evalh/datasets`.
    package static func defaultFolder(environment: [String: String]) -> String {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/evalh/datasets" }
        return "\(environment["HOME"] ?? "/tmp")/.cache/evalh/datasets"
    }

    /// The local file of a data set, its SHA-256 checked where the suite names one.
    func file(for spec: DatasetSpec, limit: Int) throws(Diagnostic) -> String {
        switch spec.location {
        case .path(let path):
            guard FileManager.default.fileExists(atPath: path) else {
                throw Diagnostic(
                    at: spec.position, "there is no data set at `\(path)`", hint: Self.nearestFile(to: path))
            }
            if let wanted = spec.sha256 {
                let found = try FileBytes.sha256(of: path)
                guard found == wanted else { throw mismatch(spec, path, found: found) }
            }
            return path
        case .pool(let path):
            throw Diagnostic(at: spec.position, "the items are those of the pool `\(path)`", hint: "use `evalh replay`")
        case .url(let url):
            guard let wanted = spec.sha256 else {
                throw Diagnostic(at: spec.position, "a data set from an address needs `sha256`")
            }
            let path = "\(folder)/\(wanted)"
            if FileManager.default.fileExists(atPath: path) {
                // A file of the cache that was changed is fetched again.
                if try FileBytes.sha256(of: path) == wanted { return path }
                try? FileManager.default.removeItem(atPath: path)
            }
            try fetch(url, wanted: wanted, to: path, spec: spec, limit: limit)
            return path
        }
    }

    private func fetch(_ url: String, wanted: String, to path: String, spec: DatasetSpec, limit: Int) throws(Diagnostic)
    {
        guard let downloader else {
            throw Diagnostic(
                at: spec.position, "the data set is not in the cache, and this command does not fetch",
                hint: "looked for \(path)")
        }
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0...UInt32.max)).part"
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Diagnostic(
                at: spec.position,
                "the cache folder `\(folder)` cannot be made: \((error as NSError).localizedDescription)")
        }
        do throws(DownloadFailure) {
            try downloader.download(url, to: temporary, limit: limit)
        } catch {
            throw Diagnostic(
                at: spec.position, "the data set could not be fetched: \(error.message)",
                hint: "or `--set dataset.path=FILE --set dataset.url=`")
        }
        let found = try FileBytes.sha256(of: temporary)
        guard found == wanted else { throw mismatch(spec, url, found: found) }
        // The name appears with the whole content behind it or not at all.
        guard rename(temporary, path) == 0 else {
            throw Diagnostic(at: spec.position, "the file could not be put into the cache `\(folder)`")
        }
    }

    private func mismatch(_ spec: DatasetSpec, _ place: String, found: String) -> Diagnostic {
        Diagnostic(
            at: spec.position, "`\(place)` is not the file the suite names: its sha256 is \(found)",
            hint: "the suite wants \(spec.sha256 ?? "")")
    }

    private static func nearestFile(to path: String) -> String? {
        let folder = (path as NSString).deletingLastPathComponent
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return "there is no folder `\(folder)` either"
        }
        return NearestName.find((path as NSString).lastPathComponent, in: names.sorted().prefix(1000)).map {
            "did you mean `\($0)`?"
        }
    }
}
