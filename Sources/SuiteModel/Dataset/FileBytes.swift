internal import Foundation
internal import Hashing

/// A file read in pieces, its SHA-256 taken on the way.
final class FileBytes {
    private let handle: FileHandle
    private var hasher = SHA256()
    private let pieceSize: Int
    let path: String

    init(path: String, pieceSize: Int = 1 << 18) throws(Diagnostic) {
        self.path = path
        self.pieceSize = pieceSize
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Diagnostic(at: .file(path), "there is no such file")
        }
        guard !isFolder.boolValue else { throw Diagnostic(at: .file(path), "this is a folder, not a data set") }
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw Diagnostic(at: .file(path), "cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    deinit { try? handle.close() }

    /// The next piece; empty at the end.
    func next() throws(Diagnostic) -> [UInt8] {
        do {
            guard let data = try handle.read(upToCount: pieceSize), !data.isEmpty else { return [] }
            hasher.update(data)
            return Array(data)
        } catch {
            throw Diagnostic(at: .file(path), "cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    /// Bytes from `offset`, besides the sequence of `next`; fewer at the end of the file.
    func read(at offset: Int, count: Int) throws(Diagnostic) -> [UInt8] {
        do {
            try handle.seek(toOffset: UInt64(max(0, offset)))
            return Array(try handle.read(upToCount: count) ?? Data())
        } catch {
            throw Diagnostic(at: .file(path), "cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    /// SHA-256 of all pieces read by `next`, hexadecimal.
    func sha256() -> String { hasher.finalize().hex }

    /// SHA-256 of a whole file, hexadecimal.
    static func sha256(of path: String) throws(Diagnostic) -> String {
        let file = try FileBytes(path: path, pieceSize: 1 << 20)
        while try !file.next().isEmpty {}
        return file.sha256()
    }
}
