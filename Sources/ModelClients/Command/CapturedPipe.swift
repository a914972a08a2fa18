internal import Foundation

/// A pipe that a program writes into and that is read without waiting; only its last bytes are kept.
package struct CapturedPipe: ~Copyable {
    /// The last bytes read.
    package private(set) var bytes: [UInt8] = []
    /// Bytes read in all.
    private(set) var total = 0
    /// For `poll`; -1 once everybody has closed the other end.
    package private(set) var readable: Int32
    /// For the program; -1 once closed here.
    package private(set) var writer: Int32
    private let reader: Int32
    private let limit: Int

    /// - Parameter limit: bytes kept.
    /// - Returns: `nil` if this process can open no more files.
    package init?(keepingLast limit: Int) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        reader = ends[0]
        readable = ends[0]
        writer = ends[1]
        self.limit = limit
    }

    deinit {
        close(reader)
        if writer >= 0 { close(writer) }
    }

    package mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Takes what is there now, a megabyte at most, so that a flood cannot keep anybody here.
    package mutating func read() {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        for _ in 0..<64 where readable >= 0 {
            let count = Foundation.read(reader, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if count == 0 { readable = -1 }
                return
            }
            total += count
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
        }
    }
}
