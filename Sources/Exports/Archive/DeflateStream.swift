internal import CZlib

/// One raw deflate stream after another (RFC 1951, as members of ZIP archives have it), each in as many pieces as its
/// writer likes.
final class DeflateStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    /// Of the bytes that went in since the last end.
    private(set) var size: UInt64 = 0
    private(set) var crc: UInt32 = 0

    init(level: Int32 = 6) {
        // zlib keeps a pointer to the stream: it may not move.
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        precondition(evalh_deflate_init(stream, level, -15) == Z_OK, "zlib has no memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// - Parameter sink: is given what is compressed so far, in pieces.
    func write(_ bytes: [UInt8], to sink: (ArraySlice<UInt8>) throws -> Void) rethrows {
        size += UInt64(bytes.count)
        var start = 0
        while start < bytes.count {
            let piece = bytes[start..<min(start + (1 << 30), bytes.count)]
            start = piece.endIndex
            crc = piece.withUnsafeBufferPointer { UInt32(crc32(uLong(crc), $0.baseAddress, uInt($0.count))) }
            try run(piece, Z_NO_FLUSH, sink)
        }
    }

    /// Ends the stream and gives what it was made of; the next one may begin.
    func end(to sink: (ArraySlice<UInt8>) throws -> Void) rethrows -> (size: UInt64, crc: UInt32) {
        try run([], Z_FINISH, sink)
        deflateReset(stream)
        defer { (size, crc) = (0, 0) }
        return (size, crc)
    }

    private func run(_ input: ArraySlice<UInt8>, _ flush: Int32, _ sink: (ArraySlice<UInt8>) throws -> Void) rethrows {
        try input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = uInt(input.count)
            var status = Z_OK
            repeat {
                let room = output.count
                output.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = uInt(room)
                    status = deflate(stream, flush)
                }
                precondition(status != Z_STREAM_ERROR, "zlib's stream is broken")
                try sink(output[..<(room - Int(stream.pointee.avail_out))])
            } while flush == Z_FINISH ? status != Z_STREAM_END : stream.pointee.avail_out == 0
        }
    }
}
