/// Writes JSON straight to bytes, in the order of the calls: commas and colons are its work, and nothing is built
/// before it is written. Whatever a text holds, the result is valid JSON and valid UTF-8.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///     json.field("model", name)
///     json.array("scores") { json in for score in scores { json.add(score) } }
/// }
/// ```
///
/// Optional values that are absent, and doubles that are not finite, are written as `null`.
public struct JSONWriter: Sendable {
    /// Characters beyond `"`, `\` and the control characters that are written as escapes, and how.
    public enum Escapes: Hashable, Sendable {
        /// No others; `\n`, `\r`, `\t`, and `\u00XX` for the other control characters.
        case needed
        /// `<` too, so that no text can end or open an element where the JSON stands in a page.
        case markup
        /// As `needed`, but `\b` and `\f` in two characters: the bytes of Python's `json` module.
        case python
    }

    public private(set) var bytes: [UInt8] = []
    public let escapes: Escapes
    /// Whether a comma must come before the next member or element.
    private var needsComma = false

    public init(capacity: Int = 0, escapes: Escapes = .needed) {
        self.escapes = escapes
        bytes.reserveCapacity(capacity)
    }

    /// What is written so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets what is written so far and keeps its memory; the next value begins anew.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// The bytes so far, which are forgotten; the next value begins anew.
    public mutating func take() -> [UInt8] {
        defer { removeAll() }
        return bytes
    }

    /// Ends a line of JSON Lines; the next value begins anew.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    // MARK: Structure

    /// An object, whose members `body` writes.
    public mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// An array, whose elements `body` writes.
    public mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    /// The key of a member; its value is what is added next.
    public mutating func key(_ key: String) {
        add(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    public mutating func add(_ value: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { JSONWriter.escape($0, escapes, into: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func add(_ value: Int) {
        comma()
        if value >= 0, value < 10 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: value))
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    /// In the shortest text that gives the double again, whole numbers below 2^53 without a fraction.
    public mutating func add(_ value: Double) {
        guard value.isFinite else { return null() }
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return add(whole) }
        raw(value.description)
    }

    public mutating func add(_ value: Bool) { raw(value ? "true" : "false") }

    public mutating func add(_ value: JSONNumber) { raw(value.text) }

    /// Members in their order.
    public mutating func add(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): add(value)
        case .number(let value): add(value)
        case .string(let value): add(value)
        case .array(let elements): array { json in for element in elements { json.add(element) } }
        case .object(let members): object { json in for member in members { json.field(member.key, member.value) } }
        }
    }

    public mutating func null() { raw("null") }

    /// A value that is JSON already.
    public mutating func add(json: some Collection<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
    }

    /// The members of an object that is JSON already and begins and ends with its braces.
    public mutating func members(ofObject json: String) {
        let inner = json.utf8.dropFirst().dropLast()
        if !inner.isEmpty { add(json: inner) }
    }
}

// MARK: - Bytes

extension JSONWriter {
    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func raw(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func open(_ byte: UInt8) {
        comma()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    mutating func key(_ key: String, colon: String) {
        add(key)
        bytes.append(contentsOf: colon.utf8)
        needsComma = false
    }

    /// White space after a value, for the formats that have it.
    mutating func space(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// White space before a value, behind the comma that separates it from the one before.
    mutating func separate(_ space: String) {
        comma()
        self.space(space)
        needsComma = false
    }

    /// The inside of a JSON string: what must be escaped is, nothing else.
    static func escape(_ text: UnsafeBufferPointer<UInt8>, _ escapes: Escapes, into bytes: inout [UInt8]) {
        var start = 0
        while true {
            var stop = JSONScan.special(text, start, text.count)
            if escapes == .markup, let open = text[start..<stop].firstIndex(of: UInt8(ascii: "<")) { stop = open }
            bytes.append(contentsOf: text[start..<stop])
            guard stop < text.count else { return }
            escape(text[stop], escapes, into: &bytes)
            start = stop + 1
        }
    }

    private static func escape(_ byte: UInt8, _ escapes: Escapes, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x08 where escapes == .python: bytes.append(UInt8(ascii: "b"))
        case 0x0C where escapes == .python: bytes.append(UInt8(ascii: "f"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10) }
        }
    }
}
