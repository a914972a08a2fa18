/// A request the server answers with 400 and this message.
struct BadRequest: Error {
    let message: String
}

/// A forward-only reader of JSON bytes. The server must not be what a benchmark measures, so it reads a body in one
/// pass and builds nothing for the parts it does not know.
struct JSONScanner {
    private let bytes: [UInt8]
    private var index = 0
    private static let deepest = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Calls `member` with each key; it must read or skip the value.
    mutating func object(_ member: (String, inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try member(String(decoding: key, as: UTF8.self), &self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// The next byte that is not white space, left unread; 0 at the end.
    mutating func peek() -> UInt8 {
        while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0d).contains(bytes[index]) { index += 1 }
        return index < bytes.count ? bytes[index] : 0
    }

    mutating func string() throws -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var result: [UInt8] = []
        var runStart = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                result.append(contentsOf: bytes[runStart..<index])
                index += 1
                return result
            case UInt8(ascii: "\\"):
                result.append(contentsOf: bytes[runStart..<index])
                index += 1
                try appendEscape(to: &result)
                runStart = index
            default:
                index += 1
            }
        }
        throw unexpected()
    }

    mutating func bool() throws -> Bool {
        if literal("true") { return true }
        if literal("false") { return false }
        throw unexpected()
    }

    mutating func null() -> Bool {
        literal("null")
    }

    mutating func number() throws -> Double {
        guard let value = Double(String(decoding: try numberBytes(), as: UTF8.self)) else { throw unexpected() }
        return value
    }

    /// An integer, saturated at the ends of `Int`.
    mutating func integer() throws -> Int {
        let digits = String(decoding: try numberBytes(), as: UTF8.self)
        if let value = Int(digits) { return value }
        guard let value = Double(digits), !value.isNaN else { throw unexpected() }
        return value >= 0x1p63 ? .max : value <= -0x1p63 ? .min : Int(value)
    }

    /// An integer of any size as 64 bits: the value where it fits, otherwise its digits' hash.
    mutating func seed() throws -> UInt64 {
        let digits = try numberBytes()
        let text = String(decoding: digits, as: UTF8.self)
        return UInt64(text) ?? Int64(text).map(UInt64.init(bitPattern:)) ?? StableHash.of(digits)
    }

    mutating func skip(depth: Int = 0) throws {
        guard depth < Self.deepest else { throw BadRequest(message: "JSON nested too deeply") }
        switch peek() {
        case UInt8(ascii: "{"): try object { _, scanner in try scanner.skip(depth: depth + 1) }
        case UInt8(ascii: "["): try array { try $0.skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): guard null() else { throw unexpected() }
        default: _ = try numberBytes()
        }
    }

    mutating func end() throws {
        guard peek() == 0, index >= bytes.count else { throw unexpected() }
    }

    func unexpected() -> BadRequest {
        BadRequest(message: "parse error at byte \(index)")
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard index < bytes.count, take(byte) else { throw unexpected() }
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        _ = peek()
        guard bytes.count - index >= word.utf8CodeUnitCount else { return false }
        let matches = word.withUTF8Buffer { bytes[index..<index + $0.count].elementsEqual($0) }
        if matches { index += word.utf8CodeUnitCount }
        return matches
    }

    private mutating func numberBytes() throws -> ArraySlice<UInt8> {
        _ = peek()
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                index += 1
            default:
                guard index > start else { throw unexpected() }
                return bytes[start..<index]
            }
        }
        guard index > start else { throw unexpected() }
        return bytes[start..<index]
    }

    private mutating func appendEscape(to result: inout [UInt8]) throws {
        guard index < bytes.count else { throw unexpected() }
        let letter = bytes[index]
        index += 1
        switch letter {
        case UInt8(ascii: "n"): result.append(0x0a)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0d)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0c)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
        case UInt8(ascii: "u"): result.append(contentsOf: String(Character(try escapedScalar())).utf8)
        default: throw unexpected()
        }
    }

    /// After `\u`: one scalar, from a surrogate pair where there is one; a lone surrogate becomes U+FFFD.
    private mutating func escapedScalar() throws -> Unicode.Scalar {
        let high = try hexDigits()
        guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? "\u{fffd}" }
        guard bytes.count - index >= 6, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return "\u{fffd}"
        }
        let mark = index
        index += 2
        let low = try hexDigits()
        guard (0xdc00..<0xe000).contains(low) else {
            index = mark
            return "\u{fffd}"
        }
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{fffd}"
    }

    private mutating func hexDigits() throws -> UInt32 {
        guard bytes.count - index >= 4 else { throw unexpected() }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw unexpected() }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}
