internal import Foundation
internal import Glibc
internal import Hashing

/// A file that may be a plugin library, identified without reading it.
///
/// Size and modification time can be set back after a change; the time of the last change of status (`ctime`) cannot.
struct LibraryFile: Hashable, Codable, Sendable {
    /// Absolute, symbolic links resolved.
    let path: String
    let device: UInt64
    let inode: UInt64
    let size: Int64
    let modifiedSeconds: Int64
    let modifiedNanoseconds: Int64
    let changedSeconds: Int64
    let changedNanoseconds: Int64

    enum CodingKeys: String, CodingKey {
        case path, device, inode, size
        case modifiedSeconds = "mtime_s"
        case modifiedNanoseconds = "mtime_ns"
        case changedSeconds = "ctime_s"
        case changedNanoseconds = "ctime_ns"
    }

    /// `nil` if there is no regular file.
    init?(_ path: String) {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        var status = stat()
        guard stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = String(cString: resolved)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modifiedSeconds = Int64(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
        changedSeconds = Int64(status.st_ctim.tv_sec)
        changedNanoseconds = Int64(status.st_ctim.tv_nsec)
    }

    /// The libraries of a folder, by name; `nil` if it cannot be read.
    static func all(in folder: String) -> [LibraryFile]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        let libraries = names.filter { $0.hasSuffix(".so") && !$0.hasPrefix(".") }.sorted()
        return libraries.prefix(1024).compactMap { LibraryFile(folder + "/" + $0) }
    }

    /// SHA-256 of the content in hexadecimal; `nil` if it cannot be read.
    func sha256() -> String? {
        // Read, not mapped: a file that is cut short meanwhile must not end the process.
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var hasher = SHA256()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(piece) }
        } catch {
            return nil
        }
        return hasher.finalize().hex
    }
}
