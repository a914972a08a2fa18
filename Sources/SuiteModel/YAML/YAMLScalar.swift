internal import Foundation

/// What a plain scalar means.
///
/// YAML 1.1 as people expect it: `true/false/yes/no/on/off` (lower, Capital, UPPER) are truth values, `~`, `null` and
/// nothing are null, integers may have `_` and `0x`, `0o`, `0b`, numbers an exponent without a dot. Not taken from YAML
/// 1.1, because they surprise: octal by a leading zero (`010` is text, so that an error can ask), base 60 (`1:30` is
/// text), dates, and `y`/`n` (text).
package enum YAMLScalar {
    package static func resolve(_ text: String) -> YAMLNode.Content {
        guard text.utf8.count <= 64 else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        default: break
        }
        guard let first = text.utf8.first, isDigit(first) || first == plus || first == minus || first == dot else {
            return .string(text)
        }
        if let value = integer(text) { return .integer(value) }
        if let value = number(text) { return .number(value) }
        return .string(text)
    }

    private static let plus = UInt8(ascii: "+")
    private static let minus = UInt8(ascii: "-")
    private static let dot = UInt8(ascii: ".")
    private static let underscore = UInt8(ascii: "_")

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func integer(_ text: String) -> Int? {
        var digits = Substring(text)
        var sign = ""
        if let first = digits.first, first == "+" || first == "-" {
            sign = first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        var radix = 10
        for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            radix = base
            digits = digits.dropFirst(2)
        }
        guard let first = digits.first, first != "_", first != "+", first != "-" else { return nil }
        if radix == 10, first == "0", digits.count > 1 { return nil }
        return Int(sign + digits.filter { $0 != "_" }, radix: radix)
    }

    /// `[-+]? digits [. digits] [e [-+] digits]`, at least one digit before or behind the dot.
    private static func number(_ text: String) -> Double? {
        var bytes = Array(text.utf8)[...]
        if let first = bytes.first, first == plus || first == minus { bytes = bytes.dropFirst() }
        func takeDigits() -> Int {
            let count = bytes.prefix { isDigit($0) || $0 == underscore }.count
            defer { bytes = bytes.dropFirst(count) }
            return bytes.first == underscore ? -1 : count
        }
        let whole = bytes
        let before = takeDigits()
        var behind = 0
        var hasPoint = false
        if bytes.first == dot {
            hasPoint = true
            bytes = bytes.dropFirst()
            behind = takeDigits()
        }
        guard before >= 0, behind >= 0, before + behind > 0 else { return nil }
        // `007` and `00.5` are labels rather than numbers.
        if before > 1, whole.first == UInt8(ascii: "0") { return nil }
        var hasExponent = false
        if let mark = bytes.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            hasExponent = true
            bytes = bytes.dropFirst()
            if let sign = bytes.first, sign == plus || sign == minus { bytes = bytes.dropFirst() }
            let digits = bytes.prefix(while: isDigit).count
            guard digits > 0 else { return nil }
            bytes = bytes.dropFirst(digits)
        }
        // Integers too large for 64 bits come here without a point: they stay text, and a range error names them.
        guard bytes.isEmpty, hasPoint || hasExponent else { return nil }
        return Double(text.filter { $0 != "_" })
    }
}
