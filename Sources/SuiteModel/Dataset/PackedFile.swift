internal import CZlib

/// Files packed by gzip (RFC 1952).
enum PackedFile {
    struct Failure: Error {
        var message: String
    }

    /// What a packed data set may hold: it is unpacked in memory.
    static let maximumBytes = 1 << 30

    static func unpack(_ packed: [UInt8]) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        guard evalh_inflate_init(&stream, 31) == Z_OK else { throw Failure(message: "zlib has no memory") }
        defer { inflateEnd(&stream) }
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var input = packed
        let message: String? = input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            while true {
                let code = piece.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                result += piece.prefix(piece.count - Int(stream.avail_out))
                guard result.count <= maximumBytes else { return "more than \(maximumBytes >> 20) MiB" }
                // Several members behind one another are one file.
                if code == Z_STREAM_END, stream.avail_in > 0, inflateReset(&stream) == Z_OK { continue }
                if code == Z_STREAM_END { return nil }
                guard code == Z_OK else { return code == Z_BUF_ERROR ? "the file is cut off" : "the file is damaged" }
            }
        }
        if let message { throw Failure(message: message) }
        return result
    }
}
