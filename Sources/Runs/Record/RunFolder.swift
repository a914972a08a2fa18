internal import Foundation
internal import PluginHost

/// A run's folder: `reports/<suite>/<run id>/`, with `latest` beside it.
package struct RunFolder: Sendable {
    package let path: String
    package var journal: String { path + "/journal.sqlite" }
    package var runID: String { (path as NSString).lastPathComponent }

    package init(path: String) { self.path = path }

    /// A new folder for a run that starts now; `latest` is another until `markLatest`.
    static func create(suite: String, root: String) throws -> RunFolder {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let random = String(UInt32.random(in: 0...0xFFFF), radix: 16)
        let runID = formatter.string(from: Date()) + "-" + String(repeating: "0", count: 4 - random.count) + random
        // Absolute: a plugin may go elsewhere.
        let folder = RunFolder(path: URL(fileURLWithPath: root).path + "/\(suite)/\(runID)")
        do {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                .usage,
                "\(folder.path) cannot be made: \((error as NSError).localizedDescription)\nuse --out DIR for another "
                    + "place"
            )
        }
        return folder
    }

    /// An existing run, by its folder, its journal, or a link to it.
    package static func open(_ path: String) throws -> RunFolder {
        var folder = URL(fileURLWithPath: path)
        if folder.lastPathComponent == "journal.sqlite" { folder = folder.deletingLastPathComponent() }
        let run = RunFolder(path: folder.resolvingSymlinksInPath().path)
        guard FileManager.default.fileExists(atPath: run.journal) else {
            throw CommandFailure(
                .usage, "\(path) is no run: it holds no journal.sqlite\nname a run's folder, such as reports/gsm/latest"
            )
        }
        return run
    }

    /// Points `latest` here; replaced in one step, so that it never points nowhere.
    func markLatest() {
        let link = (path as NSString).deletingLastPathComponent + "/latest"
        let temporary = link + ".\(getpid())"
        guard symlink(runID, temporary) == 0 else { return }
        if rename(temporary, link) != 0 { unlink(temporary) }
    }

    /// From now on, what takes the process down is noted here, and messages name it.
    package func noteForCrashes() { WatchedProcess.note(run: path, shown: shown) }

    /// Takes away what `create` made: nothing was begun in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// For messages: relative to the current folder where that is shorter.
    package var shown: String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }
}
