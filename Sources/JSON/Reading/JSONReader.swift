/// A pull parser for JSON: the caller walks the text and takes what it knows, everything else is skipped without being
/// built. All reading of JSON goes through it.
///
/// ```swift
/// var reader = JSONReader(bytes, .lenient)
/// var text: String?
/// try reader.object { (reader, key) throws(JSONError) in
///     if key == "text" { text = try reader.string() } else { try reader.skip() }
/// }
/// try reader.finish()
/// ```
///
/// A value of another kind than the one asked for is skipped and `nil` returned: a field of an unexpected type costs
/// that field, not the whole text. Walking does not look for keys that come twice, `value()` does. Half of a surrogate
/// pair becomes U+FFFD under all rules, for a `String` cannot hold it. Nothing traps.
public struct JSONReader: Sendable {
    public enum Kind: Hashable, Sendable {
        case object, array, string, number, bool, null
    }

    public let bytes: [UInt8]
    /// Of the next byte, in `bytes`.
    public internal(set) var position: Int
    /// Of the byte after the last.
    public let end: Int
    let rules: JSONRules
    var depth = 0

    /// - Parameter range: The part of `bytes` that is read; `nil`: all. Nothing is copied.
    public init(_ bytes: [UInt8], in range: Range<Int>? = nil, _ rules: JSONRules = .strict) {
        let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        self.bytes = bytes
        self.rules = rules
        position = range.lowerBound
        end = range.upperBound
    }

    /// An error at the reader's place, or at another one.
    public func error(_ message: String, at offset: Int? = nil) -> JSONError {
        JSONError(message, at: offset ?? position, in: bytes)
    }

    // MARK: Walking

    /// The kind of the value that comes next, without reading it.
    public mutating func peek() throws(JSONError) -> Kind {
        skipSpace()
        guard position < end else { throw error("the value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw error("not a JSON value")
        }
    }

    /// Reads an object; `member` must consume each value, with any reading function or `skip`.
    /// - Returns: `false` for a value of another kind, which is skipped.
    @discardableResult
    public mutating func object(
        _ member: (inout JSONReader, String) throws(JSONError) -> Void
    ) throws(JSONError) -> Bool {
        guard try peek() == .object else {
            try skip()
            return false
        }
        try open()
        var isFirst = true
        while try hasMore(&isFirst, until: UInt8(ascii: "}")) {
            let key = try key()
            try member(&self, key)
        }
        return true
    }

    /// Reads an array; `element` must consume each value.
    /// - Returns: `false` for a value of another kind, which is skipped.
    @discardableResult
    public mutating func array(
        _ element: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) -> Bool {
        guard try peek() == .array else {
            try skip()
            return false
        }
        try open()
        var isFirst = true
        while try hasMore(&isFirst, until: UInt8(ascii: "]")) { try element(&self) }
        return true
    }

    /// The string that comes next; `nil` for a value of another kind, which is skipped.
    public mutating func string() throws(JSONError) -> String? {
        guard try peek() == .string else {
            try skip()
            return nil
        }
        return try text()
    }

    public mutating func bool() throws(JSONError) -> Bool? {
        guard try peek() == .bool else {
            try skip()
            return nil
        }
        let isTrue = bytes[position] == UInt8(ascii: "t")
        try literal(isTrue ? "true" : "false")
        return isTrue
    }

    /// Passes over one value of any kind.
    public mutating func skip() throws(JSONError) {
        switch try peek() {
        case .object:
            try open()
            var isFirst = true
            while try hasMore(&isFirst, until: UInt8(ascii: "}")) {
                try skipKey()
                try skip()
            }
        case .array:
            try open()
            var isFirst = true
            while try hasMore(&isFirst, until: UInt8(ascii: "]")) { try skip() }
        case .string: try skipText()
        case .number: _ = try numberRange()
        case .bool: try literal(bytes[position] == UInt8(ascii: "t") ? "true" : "false")
        case .null: try literal("null")
        }
    }

    /// Fails unless only white space is left.
    public mutating func finish() throws(JSONError) {
        skipSpace()
        guard position == end else { throw error("text behind the end of the value") }
    }
}

// MARK: - Structure

extension JSONReader {
    mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Steps into the object or array that begins here.
    mutating func open() throws(JSONError) {
        guard depth < rules.maximumDepth else { throw error("nested deeper than \(rules.maximumDepth) levels") }
        depth += 1
        position += 1
    }

    /// Whether a member or element comes next; steps over the comma before it, or out of the object or array.
    mutating func hasMore(_ isFirst: inout Bool, until close: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        if position < end {
            if bytes[position] == close {
                position += 1
                depth -= 1
                return false
            }
            if isFirst {
                isFirst = false
                return true
            }
            if bytes[position] == UInt8(ascii: ",") {
                position += 1
                skipSpace()
                return true
            }
        }
        throw error(isFirst ? "the text ends within a list or an object" : "expected `,` or `\(Unicode.Scalar(close))`")
    }

    mutating func key() throws(JSONError) -> String {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw error("expected a key in double quotes")
        }
        let key = try text()
        try colon()
        return key
    }

    private mutating func skipKey() throws(JSONError) {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw error("expected a key in double quotes")
        }
        try skipText()
        try colon()
    }

    private mutating func colon() throws(JSONError) {
        skipSpace()
        guard position < end, bytes[position] == UInt8(ascii: ":") else { throw error("expected `:`") }
        position += 1
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard position + length <= end, (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] }) else {
            throw error("not a JSON value")
        }
        position += length
    }
}
