internal import Glibc

/// A file written in pieces and put in place whole by one rename, so that nobody ever reads half of it. What is not
/// finished leaves nothing behind, not even where the disk is full.
package final class WholeFile {
    private static let bufferSize = 1 << 18

    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private let isSpool: Bool
    private var buffer: [UInt8] = []
    private var isFinished = false
    /// Bytes written so far.
    package private(set) var position: UInt64 = 0

    package convenience init(_ path: String) throws(FileFailure) { try self.init(path, isSpool: false) }

    /// - Parameter isSpool: whether it is only a place beside `path`, without a name of its own, for bytes that another
    ///   file will take over.
    package init(_ path: String, isSpool: Bool) throws(FileFailure) {
        self.path = path
        self.isSpool = isSpool
        temporary = path + (isSpool ? ".spool" : ".part")
        descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFailure(path, errno) }
        if isSpool { unlink(temporary) }
    }

    deinit {
        guard !isFinished else { return }
        close(descriptor)
        if !isSpool { unlink(temporary) }
    }

    package func write(_ bytes: some Collection<UInt8>) throws(FileFailure) {
        buffer.append(contentsOf: bytes)
        position += UInt64(bytes.count)
        if buffer.count >= Self.bufferSize { try drain() }
    }

    package func write(_ text: String) throws(FileFailure) { try write(text.utf8) }

    /// Appends all that a spool holds.
    package func write(contentsOf spool: WholeFile) throws(FileFailure) {
        try spool.drain()
        var piece = [UInt8](repeating: 0, count: Self.bufferSize)
        var offset: UInt64 = 0
        while offset < spool.position {
            let count = pread(spool.descriptor, &piece, piece.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(path, count < 0 ? errno : EIO) }
            try write(piece[..<count])
            offset += UInt64(count)
        }
    }

    /// Bytes that were written before, fewer at the end.
    package func read(at offset: UInt64, count: Int) throws(FileFailure) -> [UInt8] {
        try drain()
        var piece = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let length = piece.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset) + off_t(done))
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw FileFailure(path, errno) }
            guard length > 0 else { break }
            done += length
        }
        return Array(piece[..<done])
    }

    /// Puts the file in place.
    package func finish() throws(FileFailure) {
        try drain()
        isFinished = true
        // A disk that is somewhere else may say only now that it is full.
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileFailure(path, code)
        }
    }

    /// A file whose bytes are at hand.
    package static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileFailure) {
        let file = try WholeFile(path)
        try file.write(bytes)
        try file.finish()
    }

    private func drain() throws(FileFailure) {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(path, count < 0 ? errno : ENOSPC) }
            start += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// A file could not be written: which, and why in the system's words.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var reason: String

    init(_ path: String, _ code: Int32) {
        self.path = path
        reason = String(cString: strerror(code))
    }

    package var description: String { "\(path): cannot be written: \(reason)" }
}
