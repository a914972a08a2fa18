/// The records of a ZIP archive as bytes. Section numbers are those of PKWARE's APPNOTE 6.3.10.
enum ZipRecords {
    struct Member {
        var name: [UInt8]
        /// Uncompressed.
        var size: UInt64
        var packed: UInt64
        var crc: UInt32
        /// Of its local header.
        var offset: UInt64
    }

    private static let zip64Version: UInt64 = 45

    /// Local file header, 4.3.7. In its zip64 field both sizes must stand.
    static func local(_ member: Member, limit: UInt64) -> [UInt8] {
        let isLarge = max(member.size, member.packed) >= limit
        let extra = isLarge ? zip64Field([member.size, member.packed]) : []
        var record =
            little(0x0403_4B50, 4)
            + common(member, sizes: isLarge ? nil : (member.packed, member.size), isLarge: isLarge)
        record += little(UInt64(member.name.count), 2) + little(UInt64(extra.count), 2)
        return record + member.name + extra
    }

    /// Central directory header, 4.3.12. Only what does not fit stands in its zip64 field.
    static func central(_ member: Member, limit: UInt64) -> [UInt8] {
        let isLarge = max(member.size, member.packed) >= limit
        let isFar = member.offset >= limit
        let large = (isLarge ? [member.size, member.packed] : []) + (isFar ? [member.offset] : [])
        let extra = large.isEmpty ? [] : zip64Field(large)
        // Made by Unix, so that the mode below is understood: a file, 0644.
        var record = little(0x0201_4B50, 4) + little(3 << 8 | zip64Version, 2)
        record += common(member, sizes: isLarge ? nil : (member.packed, member.size), isLarge: !large.isEmpty)
        record += little(UInt64(member.name.count), 2) + little(UInt64(extra.count), 2)
        record += little(0, 2) + little(0, 2) + little(0, 2) + little(0o100644 << 16, 4)
        return record + little(isFar ? 0xFFFF_FFFF : member.offset, 4) + member.name + extra
    }

    /// The end of the central directory, 4.3.16, with its zip64 forms before it where needed, 4.3.14 and 4.3.15.
    static func end(members: UInt64, start: UInt64, size: UInt64, limit: UInt64) -> [UInt8] {
        let isLarge = members >= 0xFFFF || start >= limit || size >= limit
        var record: [UInt8] = []
        if isLarge {
            record +=
                little(0x0606_4B50, 4) + little(44, 8) + little(3 << 8 | zip64Version, 2) + little(zip64Version, 2)
            record +=
                little(0, 4) + little(0, 4) + little(members, 8) + little(members, 8) + little(size, 8)
                + little(start, 8)
            record += little(0x0706_4B50, 4) + little(0, 4) + little(start + size, 8) + little(1, 4)
        }
        let count = isLarge ? 0xFFFF : members
        record += little(0x0605_4B50, 4) + little(0, 2) + little(0, 2) + little(count, 2) + little(count, 2)
        return record + little(isLarge ? 0xFFFF_FFFF : size, 4) + little(isLarge ? 0xFFFF_FFFF : start, 4)
            + little(0, 2)
    }

    /// What both headers share: version, flags (UTF-8 names), method (deflate), time, checksum and sizes.
    private static func common(_ member: Member, sizes: (UInt64, UInt64)?, isLarge: Bool) -> [UInt8] {
        let (packed, size) = sizes ?? (0xFFFF_FFFF, 0xFFFF_FFFF)
        let head = little(isLarge ? zip64Version : 20, 2) + little(1 << 11, 2) + little(8, 2)
        return head + little(0, 2) + little(1 << 5 | 1, 2) + little(UInt64(member.crc), 4) + little(packed, 4)
            + little(size, 4)
    }

    private static func zip64Field(_ values: [UInt64]) -> [UInt8] {
        little(1, 2) + little(UInt64(values.count * 8), 2) + values.flatMap { little($0, 8) }
    }

    private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
