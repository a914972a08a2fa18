internal import CEvalhPlugin

/// Reading texts that a plugin hands over: bounded, copied, and repaired with U+FFFD where they are not UTF-8.
enum BorrowedText {
    /// The most bytes of one text.
    static let maximumBytes = 16 << 20

    enum Fault: Error {
        case nullPointer
        case tooLong
    }

    static func copy(_ text: evalh_str, maximumBytes: Int = maximumBytes) throws(Fault) -> String {
        guard text.len > 0 else { return "" }
        guard let pointer = text.ptr else { throw .nullPointer }
        guard text.len <= UInt64(maximumBytes) else { throw .tooLong }
        return decode(pointer, Int(text.len))
    }

    /// At most `maximumBytes`, cut back to a whole character; a NULL pointer is the empty text.
    static func prefix(_ text: evalh_str, maximumBytes: Int) -> String {
        guard let pointer = text.ptr, text.len > 0 else { return "" }
        guard text.len > UInt64(maximumBytes) else { return decode(pointer, Int(text.len)) }
        var end = maximumBytes
        // A UTF-8 character has at most three continuation bytes; more of them is not UTF-8 and is repaired anyway.
        while end > maximumBytes - 4, end > 0, UInt8(bitPattern: pointer[end]) & 0xC0 == 0x80 { end -= 1 }
        return decode(pointer, end)
    }

    private static func decode(_ pointer: UnsafePointer<CChar>, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
    }
}

extension BorrowedText.Fault {
    var message: String {
        switch self {
        case .nullPointer: "a text has a length but no bytes"
        case .tooLong: "a text is longer than 16 MiB"
        }
    }
}
