internal import Foundation
internal import JSON

/// One record of a CSV file as RFC 4180 has it: commas, CRLF, quotes doubled.
struct CSVLine {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    init() {}

    /// A text. What a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage
    /// return, and is not a plain number) gets an apostrophe before it, as OWASP advises against CSV injection; NUL
    /// becomes U+FFFD.
    mutating func add(_ text: String?) {
        separate()
        guard var text, !text.isEmpty else { return }
        if text.utf8.contains(0) { text = text.replacing("\0", with: "\u{FFFD}") }
        if Self.isFormula(text) { text = "'" + text }
        guard Self.needsQuotes(text) else { return bytes.append(contentsOf: text.utf8) }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ number: Int?) { add(raw: number.map(String.init)) }

    /// Empty if it is not finite.
    mutating func add(_ number: Double?) { add(raw: number.flatMap { JSONNumber($0)?.text }) }

    /// Ends the record.
    mutating func end() -> [UInt8] {
        bytes += [13, 10]
        return bytes
    }

    private mutating func add(raw text: String?) {
        separate()
        if let text { bytes.append(contentsOf: text.utf8) }
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) else { return false }
        return !isNumber(text)
    }

    /// Whether it is digits with at most a sign, a point and an exponent.
    private static func isNumber(_ text: String) -> Bool {
        guard text.utf8.count <= 40, text.utf8.contains(where: { (48...57).contains($0) }) else { return false }
        return text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) } && Double(text) != nil
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.utf8.first == 32 || text.utf8.last == 32
            || text.utf8.contains { $0 == 34 || $0 == 44 || $0 == 13 || $0 == 10 }
    }
}
