/// A text that diagnostics point into: a file, or an option of the command line.
package struct SourceText: Hashable, Sendable {
    package var name: String
    package var bytes: [UInt8]

    /// The line of `name` that the first byte is in, where only a part of it is at hand.
    package var firstLine: Int

    package init(name: String, bytes: [UInt8], firstLine: Int = 1) {
        self.name = name
        self.bytes = bytes
        self.firstLine = firstLine
    }

    package init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// Line `number` (1-based) without its end; `nil` outside of the text. Bytes that are not UTF-8 become U+FFFD.
    package func line(_ number: Int) -> String? {
        guard number >= firstLine else { return nil }
        var current = firstLine
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            if current == number { return text(start, index) }
            current += 1
            start = index + 1
        }
        return current == number ? text(start, bytes.count) : nil
    }

    private func text(_ start: Int, _ end: Int) -> String {
        let end = end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The place of a byte.
    package func span(ofByte offset: Int) -> SourceSpan {
        let before = bytes.prefix(max(0, offset))
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
        return SourceSpan(file: name, line: line, column: column, endColumn: column + 1)
    }
}

/// Where the first byte is that breaks UTF-8; `nil`: all is well.
func firstInvalidUTF8(_ bytes: some Collection<UInt8>) -> Int? {
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
        switch decoder.parseScalar(from: &iterator) {
        case .valid(let scalar): offset += scalar.count
        case .emptyInput: return nil
        case .error: return offset
        }
    }
}
