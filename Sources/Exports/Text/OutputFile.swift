internal import Foundation

/// A file written in pieces and put in place whole, so that nobody ever reads half of it; or a spool that has no name
/// at all. What is not finished leaves nothing behind.
final class OutputFile {
    private static let bufferSize = 1 << 18

    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private let isSpool: Bool
    private var buffer: [UInt8] = []
    private var isFinished = false
    /// Bytes written so far.
    private(set) var position: UInt64 = 0

    /// - Parameter isSpool: whether it is only a place beside `path` for bytes that another file will take over.
    init(_ path: String, isSpool: Bool = false) throws {
        self.path = path
        self.isSpool = isSpool
        temporary = path + (isSpool ? ".spool" : ".part")
        descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExportError(path: temporary, code: errno) }
        if isSpool { unlink(temporary) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        close(descriptor)
        if !isSpool, !isFinished { unlink(temporary) }
    }

    func write(_ bytes: some Collection<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        position += UInt64(bytes.count)
        if buffer.count >= Self.bufferSize { try drain() }
    }

    /// Appends all that a spool holds.
    func write(contentsOf spool: OutputFile) throws {
        try spool.drain()
        var piece = [UInt8](repeating: 0, count: Self.bufferSize)
        var offset: UInt64 = 0
        while offset < spool.position {
            let count = pread(spool.descriptor, &piece, piece.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExportError(path: spool.temporary, code: count < 0 ? errno : EIO) }
            try write(piece[..<count])
            offset += UInt64(count)
        }
    }

    /// Puts the file in place.
    func finish() throws {
        try drain()
        guard rename(temporary, path) == 0 else { throw ExportError(path: path, code: errno) }
        isFinished = true
    }

    private func drain() throws {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExportError(path: temporary, code: errno) }
            start += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// An export could not be written.
package struct ExportError: Error, CustomStringConvertible {
    package var path: String
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    init(path: String, code: Int32) {
        self.init(
            path: path,
            message: "cannot be written: \(String(cString: strerror(code))); free some space, or use --out DIR")
    }

    package var description: String { "\(path): \(message)" }
}
