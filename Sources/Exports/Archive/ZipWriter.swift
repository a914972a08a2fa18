internal import Files

/// Writes a ZIP archive (PKWARE's APPNOTE 6.3.10) member by member, each deflated, with UTF-8 names and zip64 records
/// only where numbers need them. The central directory grows in a spool, so that memory does not grow with the number
/// of members. All members carry the same time, 1980-01-01: equal contents give equal archives.
final class ZipWriter {
    private let file: WholeFile
    private let directory: WholeFile
    private let deflate = DeflateStream()
    private let limit: UInt64
    private var members: UInt64 = 0
    private var compressed: [UInt8] = []

    /// - Parameter limit: numbers from here on go into zip64 fields; other values than the format's are for tests.
    init(_ path: String, limit: UInt64 = 0xFFFF_FFFF) throws {
        file = try WholeFile(path)
        directory = try WholeFile(path, isSpool: true)
        self.limit = limit
    }

    func add(_ name: String, _ bytes: [UInt8]) throws {
        compressed.removeAll(keepingCapacity: true)
        deflate.write(bytes) { compressed += $0 }
        let (size, crc) = deflate.end { compressed += $0 }
        try begin(name, size: size, packed: UInt64(compressed.count), crc: crc)
        try file.write(compressed)
    }

    func add(_ name: String, _ spool: MemberSpool) throws {
        let (size, crc) = try spool.end()
        try begin(name, size: size, packed: spool.file.position, crc: crc)
        try file.write(contentsOf: spool.file)
    }

    /// Writes the directory and puts the archive in place.
    func finish() throws {
        let start = file.position
        try file.write(contentsOf: directory)
        try file.write(ZipRecords.end(members: members, start: start, size: file.position - start, limit: limit))
        try file.finish()
    }

    private func begin(_ name: String, size: UInt64, packed: UInt64, crc: UInt32) throws {
        let member = ZipRecords.Member(
            name: Array(name.utf8), size: size, packed: packed, crc: crc, offset: file.position)
        guard member.name.count <= 0xFFFF else {
            throw ExportError(path: name, message: "this name is too long for an archive")
        }
        try file.write(ZipRecords.local(member, limit: limit))
        try directory.write(ZipRecords.central(member, limit: limit))
        members += 1
    }
}
