/// Searches in bytes, eight at a time where nothing is found, for most bytes of a text stand for themselves.
enum JSONScan {
    /// The first quotation mark, backslash or control character from `start`; `end` if there is none.
    static func special(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at + 8 <= end {
            let word = word(bytes, at)
            if zero(word ^ quotes) | zero(word ^ backslashes) | control(word) != 0 { break }
            at += 8
        }
        while at < end, bytes[at] >= 0x20, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
        return at
    }

    /// The first quotation mark or backslash from `start`; `end` if there is none.
    static func quoteOrBackslash(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at + 8 <= end {
            let word = word(bytes, at)
            if zero(word ^ quotes) | zero(word ^ backslashes) != 0 { break }
            at += 8
        }
        while at < end, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
        return at
    }

    /// How many bytes from the first are valid UTF-8.
    static func validUTF8(_ bytes: some Collection<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var count = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { count += UTF8.width(scalar) }
        return count
    }

    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt64 {
        UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }

    /// Not 0 if a byte of the word is 0. From S. E. Anderson, Bit Twiddling Hacks, "Determine if a word has a zero
    /// byte".
    private static func zero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

    /// Not 0 if a byte of the word is below 0x20; the same source, "Determine if a word has a byte less than n".
    private static func control(_ word: UInt64) -> UInt64 { (word &- ones &* 0x20) & ~word & highBits }
}
