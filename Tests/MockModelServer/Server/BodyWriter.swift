import NIOCore

/// A body that is written bit by bit.
struct BodyWriter {
    enum Step { case more, finished, closed, silent }

    private enum Source {
        case events(EventStream, EventCut?)
        case flood(Flood, written: Int)
    }

    private var source: Source
    /// Being written, or waiting for its next time.
    var isBusy = false

    private static let batchBytes = 16 << 10
    private static let fillerBytes = 64 << 10

    static func events(_ stream: EventStream, cut: EventCut?) -> BodyWriter {
        BodyWriter(source: .events(stream, cut))
    }

    static func flood(_ flood: Flood) -> BodyWriter {
        BodyWriter(source: .flood(flood, written: 0))
    }

    private init(source: Source) {
        self.source = source
    }

    /// Tokens of the stream so far; `nil` when it is none.
    var tokensSent: Int? {
        if case .events(let stream, _) = source { stream.tokensSent } else { 0 }
    }

    /// - Parameter single: one event only, otherwise as many as fill a batch.
    mutating func next(into out: inout ByteBuffer, single: Bool) -> Step {
        switch source {
        case .events(var stream, let cut):
            defer { source = .events(stream, cut) }
            repeat {
                if let cut, stream.tokensSent >= cut.afterTokens { return cut.closes ? .closed : .silent }
                guard stream.writeNext(to: &out) else { return .finished }
            } while !single && out.readableBytes < Self.batchBytes
            return .more
        case .flood(let flood, let written):
            var added = 0
            if written == 0 { added += out.writeStaticString(flood.opening) }
            let left: Int
            switch flood.length {
            case .rest: return .finished
            case .endless: left = Self.fillerBytes
            case .declared(let total): left = min(Self.fillerBytes, total - written - added)
            }
            flood.filler.withUTF8Buffer { bytes in
                if let byte = bytes.first { added += out.writeRepeatingByte(byte, count: max(0, left)) }
            }
            source = .flood(flood, written: written + added)
            if case .declared(let total) = flood.length, written + added >= total { return .finished }
            return .more
        }
    }
}
