internal import Reporting

/// JSON written straight to bytes, in the order of the calls. Whatever a text holds, the result is valid JSON and valid
/// UTF-8.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init() {}

    mutating func object(_ body: (inout JSONBytes) throws -> Void) rethrows { try nested("{", "}", body) }

    mutating func array(_ body: (inout JSONBytes) throws -> Void) rethrows { try nested("[", "]", body) }

    /// A field whose value `body` writes.
    mutating func field(_ key: String, _ body: (inout JSONBytes) throws -> Void) rethrows {
        self.key(key)
        try body(&self)
    }

    mutating func field(_ key: String, _ value: String?) {
        self.key(key)
        add(value)
    }

    mutating func field(_ key: String, _ value: Int?) {
        self.key(key)
        add(value)
    }

    mutating func field(_ key: String, _ value: Double?) {
        self.key(key)
        add(value)
    }

    mutating func field(_ key: String, _ value: Bool) {
        self.key(key)
        raw(value ? "true" : "false")
    }

    mutating func field(_ key: String, _ value: JSONValue) {
        self.key(key)
        add(value)
    }

    mutating func add(_ value: String?) {
        guard var value else { return raw("null") }
        comma()
        bytes.append(UInt8(ascii: "\""))
        value.withUTF8 { Self.escape($0, into: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ value: Int?) { raw(value.map(String.init) ?? "null") }

    /// `null` for what JSON cannot say: infinities and NaN.
    mutating func add(_ value: Double?) { raw(value.flatMap(Self.text) ?? "null") }

    /// Objects with sorted keys.
    mutating func add(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .number(let value): add(value)
        case .string(let value): add(value)
        case .array(let values): array { for value in values { $0.add(value) } }
        case .object(let fields):
            object { for (key, value) in fields.sorted(by: { $0.key < $1.key }) { $0.field(key, value) } }
        }
    }

    /// A value that is JSON already.
    mutating func add(json: [UInt8]) {
        comma()
        bytes += json
        needsComma = true
    }

    /// The bytes so far, which are forgotten; the next value begins anew.
    mutating func take() -> [UInt8] {
        defer {
            bytes.removeAll(keepingCapacity: true)
            needsComma = false
        }
        return bytes
    }

    /// A number as JSON has it: whole numbers without a fraction.
    static func text(_ value: Double) -> String? {
        guard value.isFinite else { return nil }
        return Int(exactly: value).map(String.init) ?? value.description
    }

    /// The inside of a JSON string: what must be escaped is, nothing else.
    static func escape(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        var start = 0
        for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: text[start..<index])
            start = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case 0x22, 0x5C: bytes.append(byte)
            case 0x08: bytes.append(UInt8(ascii: "b"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0C: bytes.append(UInt8(ascii: "f"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            default: bytes += Array("u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        bytes.append(contentsOf: text[start...])
    }

    private mutating func key(_ key: String) {
        add(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func raw(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func nested(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONBytes) throws -> Void
    ) rethrows {
        comma()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }
}
