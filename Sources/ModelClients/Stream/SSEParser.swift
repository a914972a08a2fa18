/// One event of a server-sent event stream.
struct SSEEvent {
    /// The array that holds the data, and where in it: handed on without a copy.
    let storage: [UInt8]
    let range: Range<Int>
    /// The `event:` field; `nil` for an ordinary message.
    var name: String?

    var data: ArraySlice<UInt8> { storage[range] }
    /// Whether this is the `[DONE]` with which OpenAI-like servers end a stream.
    var isDone: Bool { range.count == 6 && storage[range].elementsEqual("[DONE]".utf8) }
}

/// A stream that cannot be read on.
struct SSEFault: Error, Equatable {
    var reason: String
}

/// Server-sent events from bytes in any split, by the rules of the HTML standard (section 9.2.6): LF, CR and CRLF end a
/// line, lines that start with a colon are comments, several `data` lines are joined by LF, an empty line ends an
/// event, a byte order mark at the start is passed over.
///
/// An event that lies within one piece of input and has one `data` line (all of them, in practice) is handed on as a
/// range of that piece. A line or an event longer than the bound ends the stream with a fault: a server that never ends
/// a line costs one error.
struct SSEParser {
    private let maximumLength: Int
    /// The beginning of a line whose end has not come.
    private var partial: [UInt8] = []
    /// Data lines of the event that is open, when it could not be handed on as a range.
    private var data: [UInt8] = []
    private var dataRange: Range<Int>?
    private var isDataOpen = false
    private var name: String?
    /// The last piece ended in CR: an LF that comes first in the next one belongs to it.
    private var endedInCR = false
    private var isAtStart = true

    init(maximumLength: Int = WireLimits.line) {
        self.maximumLength = maximumLength
    }

    /// Takes the next piece and hands on every event that ends in it.
    mutating func feed<Failure: Error>(_ piece: [UInt8], _ event: (SSEEvent) throws(Failure) -> Void)
        throws(SSEFeedError<Failure>)
    {
        var position = 0
        let count = piece.count
        if endedInCR, count > 0 {
            if piece[0] == 0x0A { position = 1 }
            endedInCR = false
        }
        while position < count {
            var lineEnd = position
            while lineEnd < count, piece[lineEnd] != 0x0A, piece[lineEnd] != 0x0D { lineEnd += 1 }
            guard partial.count + (lineEnd - position) <= maximumLength else {
                throw .stream(SSEFault(reason: "a line of the stream is longer than \(maximumLength) bytes"))
            }
            guard lineEnd < count else {
                keepData(of: piece)
                partial.append(contentsOf: piece[position...])
                return
            }
            if partial.isEmpty {
                try line(in: piece, position..<lineEnd, isInput: true, event)
            } else {
                partial.append(contentsOf: piece[position..<lineEnd])
                let whole = partial
                partial = []
                try line(in: whole, 0..<whole.count, isInput: false, event)
            }
            position = lineEnd + 1
            if piece[lineEnd] == 0x0D {
                if position == count {
                    endedInCR = true
                } else if piece[position] == 0x0A {
                    position += 1
                }
            }
        }
        keepData(of: piece)
    }

    /// The end of the stream. The standard drops an event that no empty line ends; a `data` line that was ended is
    /// handed on nevertheless, for servers that close right after `data: [DONE]`.
    mutating func end<Failure: Error>(_ event: (SSEEvent) throws(Failure) -> Void) throws(SSEFeedError<Failure>) {
        guard isDataOpen else { return }
        try dispatch(from: [], event)
    }

    // MARK: Lines

    private mutating func line<Failure: Error>(
        in storage: [UInt8], _ full: Range<Int>, isInput: Bool, _ event: (SSEEvent) throws(Failure) -> Void
    ) throws(SSEFeedError<Failure>) {
        var range = full
        if isAtStart {
            isAtStart = false
            if storage[range].starts(with: [0xEF, 0xBB, 0xBF]) { range = range.lowerBound + 3..<range.upperBound }
        }
        if range.isEmpty {
            if isDataOpen { try dispatch(from: storage, event) } else { name = nil }
            return
        }
        if isField("data", in: storage, range) {
            let value = valueRange(in: storage, range, nameLength: 4)
            if !isDataOpen, isInput {
                dataRange = value
            } else {
                if isDataOpen {
                    keepData(of: storage)
                    data.append(0x0A)
                }
                guard data.count + value.count <= maximumLength else {
                    throw .stream(SSEFault(reason: "an event of the stream is longer than \(maximumLength) bytes"))
                }
                data.append(contentsOf: storage[value])
            }
            isDataOpen = true
        } else if isField("event", in: storage, range) {
            name = String(decoding: storage[valueRange(in: storage, range, nameLength: 5)].prefix(64), as: UTF8.self)
        }
    }

    /// Copies data that is a range of `piece` before that piece goes away.
    private mutating func keepData(of piece: [UInt8]) {
        guard let range = dataRange else { return }
        data.append(contentsOf: piece[range])
        dataRange = nil
    }

    private mutating func dispatch<Failure: Error>(
        from storage: [UInt8], _ event: (SSEEvent) throws(Failure) -> Void
    ) throws(SSEFeedError<Failure>) {
        let ready: SSEEvent
        if let range = dataRange {
            ready = SSEEvent(storage: storage, range: range, name: name)
        } else {
            ready = SSEEvent(storage: data, range: 0..<data.count, name: name)
            data = []
        }
        dataRange = nil
        isDataOpen = false
        name = nil
        guard !ready.range.isEmpty else { return }
        do { try event(ready) } catch { throw .event(error) }
    }

    private func isField(_ field: StaticString, in storage: [UInt8], _ range: Range<Int>) -> Bool {
        let length = field.utf8CodeUnitCount
        guard range.count >= length, storage[range.lowerBound] == field.utf8Start.pointee else { return false }
        guard storage[range.lowerBound..<range.lowerBound + length].elementsEqual(field.description.utf8) else {
            return false
        }
        return range.count == length || storage[range.lowerBound + length] == UInt8(ascii: ":")
    }

    private func valueRange(in storage: [UInt8], _ range: Range<Int>, nameLength: Int) -> Range<Int> {
        var start = min(range.lowerBound + nameLength + 1, range.upperBound)
        if start < range.upperBound, storage[start] == 0x20 { start += 1 }
        return start..<range.upperBound
    }
}

/// Why feeding ended: the stream, or what the taker of events threw.
enum SSEFeedError<Failure: Error>: Error {
    case stream(SSEFault)
    case event(Failure)
}
