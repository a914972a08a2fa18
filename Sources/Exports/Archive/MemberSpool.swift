internal import Files

/// A member of an archive that grows while others are written: compressed into a file without a name, copied when it is
/// complete.
final class MemberSpool {
    let file: WholeFile
    private let deflate = DeflateStream()

    /// - Parameter path: the archive's.
    init(beside path: String) throws { file = try WholeFile(path, isSpool: true) }

    func write(_ bytes: [UInt8]) throws { try deflate.write(bytes) { try file.write($0) } }

    /// Size and checksum of what was written, uncompressed.
    func end() throws -> (size: UInt64, crc: UInt32) { try deflate.end { try file.write($0) } }
}
