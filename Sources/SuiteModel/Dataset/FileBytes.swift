internal import Foundation
internal import Hashing

/// A file read in pieces, its SHA-256 taken on the way. What is packed by gzip is unpacked first, whole.
final class FileBytes {
    private let handle: FileHandle
    private var hasher = SHA256()
    private let pieceSize: Int
    let path: String
    /// The content of a packed file.
    private var unpacked: [UInt8]?
    private var place = 0

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
        try unpack()
    }

    private func unpack() throws(Diagnostic) {
        guard Array(try read(at: 0, count: 2)) == [0x1f, 0x8b] else {
            _ = try read(at: 0, count: 0)
            return
        }
        let packed = try read(at: 0, count: .max)
        hasher.update(packed)
        do throws(PackedFile.Failure) { unpacked = try PackedFile.unpack(packed) } catch {
            throw Diagnostic(at: .file(path), "cannot be unpacked: \(error.message)")
        }
    }

    deinit { try? handle.close() }

    /// The next piece; empty at the end.
    func next() throws(Diagnostic) -> [UInt8] {
        if let unpacked {
            let piece = Array(unpacked[place..<min(place + pieceSize, unpacked.count)])
            place += piece.count
            return piece
        }
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
        if let unpacked { return Array(unpacked.dropFirst(max(0, offset)).prefix(count)) }
        do {
            try handle.seek(toOffset: UInt64(max(0, offset)))
            return Array(try handle.read(upToCount: count) ?? Data())
        } catch {
            throw Diagnostic(at: .file(path), "cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    /// SHA-256 of all that was read by `next`, hexadecimal; of a packed file as it lies.
    func sha256() -> String { hasher.finalize().hex }

    /// SHA-256 of a whole file, hexadecimal.
    static func sha256(of path: String) throws(Diagnostic) -> String {
        let file = try FileBytes(path: path, pieceSize: 1 << 20)
        while try !file.next().isEmpty {}
        return file.sha256()
    }
}
