/// A row's bytes in its file.
struct Record {
    var bytes: ArraySlice<UInt8>
    /// 1-based line that it begins in.
    var line: Int
    /// Byte of the file that it begins at.
    var offset: Int
}

/// Cuts a stream of bytes into records: lines, or lines in which a quoted field may hold line ends (CSV, RFC 4180).
struct RecordSplitter {
    private let hasQuotes: Bool
    private let maximumBytes: Int
    private let file: String
    private var pending: [UInt8] = []
    private var scanned = 0
    private var start = 0
    private var line = 1
    private var offset = 0
    private var isQuoted = false
    private var endsWithStream = false
    private var isFirstPiece = true

    init(hasQuotes: Bool, maximumBytes: Int, file: String) {
        self.hasQuotes = hasQuotes
        self.maximumBytes = maximumBytes
        self.file = file
    }

    /// Whether everything was given out.
    var isDone: Bool { endsWithStream && start >= pending.count }

    /// Takes the next piece of the stream; an empty one ends it.
    mutating func append(_ piece: [UInt8]) {
        if piece.isEmpty { endsWithStream = true }
        if start > 0 {
            pending.removeFirst(start)
            scanned -= start
            start = 0
        }
        pending.append(contentsOf: piece)
        if isFirstPiece, pending.count >= 3 || endsWithStream {
            isFirstPiece = false
            // A byte order mark is not part of the first record.
            if pending.starts(with: [0xEF, 0xBB, 0xBF]) {
                pending.removeFirst(3)
                offset = 3
            }
        }
    }

    /// The next whole record without its line end; `nil`: more bytes are needed, or all is done. Blank lines are passed
    /// over.
    mutating func next() throws(Diagnostic) -> Record? {
        guard !isFirstPiece else { return nil }
        while true {
            guard let end = recordEnd() else {
                if pending.count - start > maximumBytes { throw tooLong() }
                guard endsWithStream, start < pending.count else { return nil }
                return take(upTo: pending.count, next: pending.count)
            }
            if end - start > maximumBytes { throw tooLong() }
            if let record = take(upTo: end, next: end + 1) { return record }
        }
    }

    private func tooLong() -> Diagnostic {
        let quoted = isQuoted ? "; a quotation mark may be missing" : ""
        return Diagnostic(
            at: SourceSpan(file: file, line: line, column: 1),
            "this row has more than \(maximumBytes >> 20) MiB\(quoted)",
            hidesSource: true)
    }

    private mutating func recordEnd() -> Int? {
        let found: Int? = pending.withUnsafeBufferPointer { bytes in
            var index = scanned
            while index < bytes.count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\n"), !isQuoted { return index }
                if hasQuotes, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                index += 1
            }
            return nil
        }
        scanned = found.map { $0 + 1 } ?? pending.count
        return found
    }

    /// The record up to `end`; `nil` for a blank line.
    private mutating func take(upTo end: Int, next: Int) -> Record? {
        var last = end
        if last > start, pending[last - 1] == UInt8(ascii: "\r") { last -= 1 }
        let record = Record(bytes: pending[start..<last], line: line, offset: offset)
        line += 1
        if hasQuotes { line += record.bytes.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 } }
        offset += next - start
        start = next
        isQuoted = false
        return record.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) ? nil : record
    }
}
