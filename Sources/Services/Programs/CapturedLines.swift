internal import Foundation

/// A pipe whose lines are read without waiting, bounded.
struct CapturedLines: ~Copyable {
    /// For `poll`; -1 once everybody has closed the other end.
    private(set) var readable: Int32
    /// For the program; -1 once closed here.
    private(set) var writer: Int32
    /// The most bytes of one line.
    let limit: Int
    private let reader: Int32
    private var bytes: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Up to where there is no line end.
    private var searched = 0

    /// - Returns: `nil` if this process can open no more files.
    init?(limit: Int) {
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

    /// A line that does not end is longer than it may be.
    var isTooLong: Bool { bytes.count - start > limit }
    /// More has come unasked than anybody wants to keep.
    var isFlooded: Bool { bytes.count - start > 2 * limit + (1 << 20) }

    mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Takes what is there now, a megabyte at most.
    mutating func read() {
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        for _ in 0..<64 where readable >= 0 && !isFlooded {
            let count = Foundation.read(reader, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if count == 0 { readable = -1 }
                return
            }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// The next whole line without its end; at the end of all also one without an end. `nil`: none yet, or too long.
    mutating func next() -> [UInt8]? {
        searched = max(searched, start)
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            guard readable < 0, start < bytes.count, !isTooLong else { return nil }
            defer { start = bytes.count }
            return Array(bytes[start...])
        }
        guard end - start <= limit else { return nil }
        let line = Array(bytes[start..<end])
        start = end + 1
        searched = start
        if start > 1 << 16 {
            bytes.removeFirst(start)
            (start, searched) = (0, 0)
        }
        return line
    }
}
