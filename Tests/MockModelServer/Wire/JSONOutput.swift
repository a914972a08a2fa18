import NIOCore

/// Writing JSON by hand into a buffer: the shapes are fixed, and a serializer would cost more than the rest of the
/// server.
extension ByteBuffer {
    mutating func writeNumber(_ value: Int) {
        writeString(String(value))
    }

    mutating func writeNumber(_ value: Double) {
        writeString(value.description)
    }

    /// A JSON string, quotes included. The bytes must be UTF-8; pieces are cut at characters only.
    mutating func writeQuoted(_ bytes: some Collection<UInt8>) {
        writeInteger(UInt8(ascii: "\""))
        writeEscaped(bytes)
        writeInteger(UInt8(ascii: "\""))
    }

    mutating func writeEscaped(_ bytes: some Collection<UInt8>) {
        var run = bytes.startIndex
        var index = run
        while index != bytes.endIndex {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                writeBytes(bytes[run..<index])
                writeEscape(byte)
                run = bytes.index(after: index)
            }
            index = bytes.index(after: index)
        }
        writeBytes(bytes[run..<index])
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case 0x0a: writeStaticString("\\n")
        case 0x09: writeStaticString("\\t")
        case 0x0d: writeStaticString("\\r")
        case UInt8(ascii: "\""): writeStaticString("\\\"")
        case UInt8(ascii: "\\"): writeStaticString("\\\\")
        default:
            writeStaticString("\\u00")
            let digits = Array("0123456789abcdef".utf8)
            writeInteger(digits[Int(byte >> 4)])
            writeInteger(digits[Int(byte & 15)])
        }
    }
}
