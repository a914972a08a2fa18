internal import Foundation

/// The part of all sessions that filters and tables need, column by column in little-endian bytes: small, quickly
/// packed, and read in the browser as typed arrays without parsing.
struct SessionColumns {
    /// Sessions a chunk.
    static let chunk = 8192

    /// Name and the script's type of each column, the widest first, so that each starts at a multiple of its width.
    static let layout: [(name: String, type: String)] = [
        ("item", "u32"), ("tokens", "u32"), ("seconds", "f32"), ("score", "f32"), ("row", "u16"), ("repeat", "u16"),
        ("samples", "u16"),
        ("finish", "u8"), ("stop", "u8"), ("stage", "u8"), ("flags", "u8"),
    ]

    /// Bits of the last column.
    struct Flags: OptionSet {
        var rawValue: UInt8
        static let error = Flags(rawValue: 1)
        static let hasText = Flags(rawValue: 2)
        static let gradesDiffer = Flags(rawValue: 4)
        static let cutOff = Flags(rawValue: 8)
    }

    struct Entry {
        var item: Int
        var row: Int
        var repeatIndex: Int
        var tokens: Int
        var seconds: Double
        /// `nan`: not graded.
        var score: Double
        var samples: Int
        var finish: UInt8
        var stop: UInt8
        var stage: UInt8
        var flags: Flags
    }

    private(set) var count = 0
    private var columns = [[UInt8]](repeating: [], count: layout.count)

    mutating func append(_ entry: Entry) {
        count += 1
        put(0, UInt32(clamping: entry.item))
        put(1, UInt32(clamping: entry.tokens))
        // Four digits are enough for people, and zeros pack well.
        put(2, Float(entry.seconds).bitPattern & 0xFFFF_FC00)
        put(3, Float(entry.score).bitPattern)
        put(4, UInt16(clamping: entry.row))
        put(5, UInt16(clamping: entry.repeatIndex))
        put(6, UInt16(clamping: entry.samples))
        columns[7].append(entry.finish)
        columns[8].append(entry.stop)
        columns[9].append(entry.stage)
        columns[10].append(entry.flags.rawValue)
    }

    /// All columns one after another; begins anew.
    mutating func take() -> Data {
        defer {
            for index in columns.indices { columns[index].removeAll(keepingCapacity: true) }
            count = 0
        }
        return Data(columns.joined())
    }

    private mutating func put(_ column: Int, _ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { columns[column].append(contentsOf: $0) }
    }
}
