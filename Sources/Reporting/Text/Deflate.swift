internal import CZlib
package import Foundation

/// Compression by the system's zlib.
package enum Deflate {
    /// The wrapping around a deflate stream (RFC 1951).
    package enum Format: Sendable {
        /// None: as members of ZIP archives have it.
        case raw
        /// RFC 1952.
        case gzip

        fileprivate var windowBits: Int32 { self == .raw ? -15 : 31 }
    }

    package static func compress(_ data: Data, _ format: Format, level: Int32 = 6) -> Data {
        var stream = z_stream()
        precondition(evalh_deflate_init(&stream, level, format.windowBits) == Z_OK, "zlib has no memory")
        defer { deflateEnd(&stream) }
        var result = Data(count: Int(deflateBound(&stream, uLong(data.count))) + 32)
        let size = data.withUnsafeBytes { input in
            result.withUnsafeMutableBytes { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(output.count)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib's bound was too small")
                return Int(stream.total_out)
            }
        }
        return result.prefix(size)
    }

    /// The checksum that ZIP archives carry of a member.
    package static func crc32(_ data: Data) -> UInt32 {
        data.withUnsafeBytes { UInt32(CZlib.crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, UInt32($0.count))) }
    }
}
