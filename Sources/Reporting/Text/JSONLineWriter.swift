/// Writes one JSON object a line, byte by byte: a million lines are no work. Keys must not need escapes.
struct JSONLineWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    mutating func open() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func close() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    mutating func key(_ key: StaticString) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func field(_ key: StaticString, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { raw("null") }
        needsComma = true
    }

    mutating func field(_ key: StaticString, _ value: Int) {
        self.key(key)
        raw(String(value))
        needsComma = true
    }

    /// `null` for what is no number.
    mutating func field(_ key: StaticString, _ value: Double?) {
        self.key(key)
        if let value, value.isFinite {
            raw(Int(exactly: value).map(String.init) ?? value.description)
        } else {
            raw("null")
        }
        needsComma = true
    }

    /// - Parameter json: JSON text.
    mutating func field(_ key: StaticString, json: String) {
        self.key(key)
        raw(json)
        needsComma = true
    }

    /// The members of an object, without its braces.
    mutating func members(ofObject json: String) {
        let inner = json.utf8.dropFirst().dropLast()
        guard !inner.isEmpty else { return }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: inner)
        needsComma = true
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { source in
            var start = 0
            for (place, byte) in source.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: source[start..<place])
                escape(byte)
                start = place + 1
            }
            bytes.append(contentsOf: source[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        default: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
        }
    }
}
