/// What is wrong with a JSON text, and where.
struct JSONFault: Error, Equatable {
    var reason: String
    /// Byte offset in the text.
    var offset: Int
}

/// A pull parser for JSON: the caller walks the text and takes what it knows, everything else is skipped without being
/// built.
///
/// Answers of model servers are read by this instead of `JSONDecoder` for two reasons: one pass over a kilobyte costs a
/// few microseconds, and a field of an unexpected type costs that field, not the answer. Nesting is bounded, invalid
/// UTF-8 and lone surrogates become U+FFFD, nothing traps.
struct JSONReader {
    enum Kind {
        case object, array, string, number, bool, null
    }

    static let maximumDepth = 128

    let bytes: [UInt8]
    private(set) var position: Int
    let end: Int
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    /// Reads a part of `bytes`; nothing is copied.
    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        let range = range.clamped(to: 0..<bytes.count)
        position = range.lowerBound
        end = range.upperBound
    }

    // MARK: Walking

    /// The kind of the value that comes next, without reading it.
    mutating func peek() throws(JSONFault) -> Kind {
        skipSpace()
        guard position < end else { throw fault("the text ends where a value is expected") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw fault("no JSON value starts here")
        }
    }

    /// Reads an object; `member` must consume each value (with any reading function or `skip`). A value that is no
    /// object is skipped and `false` returned.
    @discardableResult
    mutating func object(_ member: (inout JSONReader, String) throws(JSONFault) -> Void) throws(JSONFault) -> Bool {
        guard try peek() == .object else {
            try skip()
            return false
        }
        try enter()
        if try !consume(UInt8(ascii: "}"), optional: true) {
            repeat {
                skipSpace()
                let key = try rawString()
                try consume(UInt8(ascii: ":"))
                try member(&self, key)
            } while try consume(UInt8(ascii: ","), optional: true)
            try consume(UInt8(ascii: "}"))
        }
        depth -= 1
        return true
    }

    /// Reads an array; `element` must consume each value. A value that is no array is skipped and `false` returned.
    @discardableResult
    mutating func array(_ element: (inout JSONReader) throws(JSONFault) -> Void) throws(JSONFault) -> Bool {
        guard try peek() == .array else {
            try skip()
            return false
        }
        try enter()
        if try !consume(UInt8(ascii: "]"), optional: true) {
            repeat { try element(&self) } while try consume(UInt8(ascii: ","), optional: true)
            try consume(UInt8(ascii: "]"))
        }
        depth -= 1
        return true
    }

    /// The string that comes next; `nil` for a value of another kind, which is skipped.
    mutating func string() throws(JSONFault) -> String? {
        guard try peek() == .string else {
            try skip()
            return nil
        }
        return try rawString()
    }

    /// The number that comes next; `nil` for a value of another kind, which is skipped.
    mutating func double() throws(JSONFault) -> Double? {
        guard try peek() == .number else {
            try skip()
            return nil
        }
        let start = position
        while position < end, JSONReader.isNumberByte(bytes[position]) { position += 1 }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw JSONFault(reason: "not a number", offset: start)
        }
        return value
    }

    /// The number that comes next as an integer, when it is one within the range of 53 bits.
    mutating func int() throws(JSONFault) -> Int? {
        if try peek() == .number {
            // Plain digits, nearly always: no text is built for them.
            var at = position
            var value = 0
            while at < end, at - position < 15, case let digit = bytes[at], digit >= 48, digit <= 57 {
                value = value * 10 + Int(digit - 48)
                at += 1
            }
            if at > position, at == end || !JSONReader.isNumberByte(bytes[at]) {
                position = at
                return value
            }
        }
        guard let value = try double(), value.magnitude < 9_007_199_254_740_992 else { return nil }
        return Int(value)
    }

    mutating func bool() throws(JSONFault) -> Bool? {
        guard try peek() == .bool else {
            try skip()
            return nil
        }
        let isTrue = bytes[position] == UInt8(ascii: "t")
        try literal(isTrue ? "true" : "false")
        return isTrue
    }

    /// Passes over one value of any kind.
    mutating func skip() throws(JSONFault) {
        switch try peek() {
        case .object:
            try enter()
            if try !consume(UInt8(ascii: "}"), optional: true) {
                repeat {
                    skipSpace()
                    try skipString()
                    try consume(UInt8(ascii: ":"))
                    try skip()
                } while try consume(UInt8(ascii: ","), optional: true)
                try consume(UInt8(ascii: "}"))
            }
            depth -= 1
        case .array: try array { (reader) throws(JSONFault) in try reader.skip() }
        case .string: try skipString()
        case .number: while position < end, JSONReader.isNumberByte(bytes[position]) { position += 1 }
        case .bool: try literal(bytes[position] == UInt8(ascii: "t") ? "true" : "false")
        case .null: try literal("null")
        }
    }

    /// Fails unless only white space is left.
    mutating func finish() throws(JSONFault) {
        skipSpace()
        guard position == end else { throw fault("there is something after the value") }
    }
}

// MARK: - Bytes

extension JSONReader {
    fileprivate func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: position) }

    fileprivate static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    fileprivate mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    fileprivate mutating func enter() throws(JSONFault) {
        guard depth < JSONReader.maximumDepth else { throw fault("nested too deeply") }
        depth += 1
        position += 1
    }

    @discardableResult
    fileprivate mutating func consume(_ byte: UInt8, optional: Bool = false) throws(JSONFault) -> Bool {
        skipSpace()
        if position < end, bytes[position] == byte {
            position += 1
            return true
        }
        guard optional else { throw fault("'\(Character(UnicodeScalar(byte)))' is expected") }
        return false
    }

    fileprivate mutating func literal(_ text: StaticString) throws(JSONFault) {
        let length = text.utf8CodeUnitCount
        guard position + length <= end, bytes[position..<position + length].elementsEqual(text.description.utf8) else {
            throw fault("no JSON value starts here")
        }
        position += length
    }

    fileprivate mutating func skipString() throws(JSONFault) {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else { throw fault("a string is expected") }
        position += 1
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        position = end
        throw fault("a string does not end")
    }

    /// The string that starts here, unescaped and repaired to valid UTF-8.
    fileprivate mutating func rawString() throws(JSONFault) -> String {
        let start = position + 1
        var at = start
        guard position < end, bytes[position] == UInt8(ascii: "\"") else { throw fault("a string is expected") }
        while at < end, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
        if at < end, bytes[at] == UInt8(ascii: "\"") {
            position = at + 1
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        position = at
        return try escapedString(from: start)
    }

    /// The rest of a string with escapes: `position` is at the first backslash.
    private mutating func escapedString(from start: Int) throws(JSONFault) -> String {
        var text = Array(bytes[start..<position])
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard position < end else { throw fault("a string does not end") }
                let escape = bytes[position]
                position += 1
                switch escape {
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "t"): text.append(0x09)
                case UInt8(ascii: "r"): text.append(0x0D)
                case UInt8(ascii: "b"): text.append(0x08)
                case UInt8(ascii: "f"): text.append(0x0C)
                case UInt8(ascii: "u"): text.append(contentsOf: String(try escapedScalar()).utf8)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
                default: throw fault("no such escape")
                }
            default: text.append(byte)
            }
        }
        throw fault("a string does not end")
    }

    /// The scalar of `\uXXXX`, `position` being after the `u`; a surrogate pair is joined, half a pair becomes U+FFFD.
    private mutating func escapedScalar() throws(JSONFault) -> Character {
        let unit = try hexUnit()
        if let scalar = UnicodeScalar(unit) { return Character(scalar) }
        let isHigh = unit < 0xDC00
        guard isHigh, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else {
            return "\u{FFFD}"
        }
        let before = position
        position += 2
        let low = try hexUnit()
        guard low >= 0xDC00, low < 0xE000 else {
            position = before
            return "\u{FFFD}"
        }
        let joined = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return UnicodeScalar(joined).map(Character.init) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(JSONFault) -> UInt16 {
        guard position + 4 <= end else { throw fault("a string does not end") }
        var unit: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }
}
