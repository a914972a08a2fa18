/// Writes what people and models write around numbers in one way, before numbers are looked for.
public enum NumberText {
    private static let vulgarFractions: [Unicode.Scalar: String] = [
        "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
        "⅙": "1/6", "⅚": "5/6",
        "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    ]

    /// Full-width forms, minus signs, spaces within numbers and LaTeX, as plain ASCII. U+2007 marks a space that groups
    /// digits.
    public static func normalised(_ text: String) -> String {
        // Most texts are plain ASCII and need nothing.
        if text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "{") }) { return text }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: plain.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0x2212, 0x2010, 0x2011, 0xFE63: plain.append("-")
            case 0x00A0, 0x2009, 0x202F, 0x2007: plain.append("\u{2007}")
            case 0x3000: plain.append(" ")
            case 0x066A: plain.append("%")
            case 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF: break
            default:
                if let fraction = vulgarFractions[scalar] {
                    if let last = plain.last, ("0"..."9").contains(last) { plain.append(" ") }
                    plain.append(contentsOf: fraction.unicodeScalars)
                } else {
                    plain.append(scalar)
                }
            }
        }
        let result = String(plain)
        return result.contains("\\") || result.contains("{,}") ? latex(result) : result
    }

    private static func latex(_ text: String) -> String {
        var result = text
        for (mark, plain) in [
            ("{,}", ","), ("\\,", "\u{2007}"), ("\\!", ""), ("\\;", " "), ("\\:", " "), ("\\$", "$"), ("\\%", "%"),
            ("\\ ", " "),
            ("\\left", ""), ("\\right", ""), ("\\times", "×"), ("\\cdot", "×"), ("\\dfrac", "\\frac"),
            ("\\tfrac", "\\frac"),
            ("\\displaystyle", ""),
        ] { result = result.replacing(mark, with: plain) }
        result = unwrap(result, "\\frac") { reader in
            guard let top = reader.group(), let bottom = reader.group() else { return nil }
            return " \(top)/\(bottom) "
        }
        for name in ["\\text", "\\textbf", "\\mathrm", "\\mathbf", "\\mbox"] {
            result = unwrap(result, name) { reader in reader.group().map { " \($0) " } }
        }
        return result
    }

    private static func unwrap(_ text: String, _ command: String, _ write: (inout BraceReader) -> String?) -> String {
        guard text.contains(command + "{") || text.contains(command + " {") else { return text }
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: command) {
            result += rest[..<range.lowerBound]
            var reader = BraceReader(rest[range.upperBound...])
            if let written = write(&reader) {
                result += written
                rest = reader.rest
            } else {
                result += rest[range]
                rest = rest[range.upperBound...]
            }
        }
        return result + rest
    }
}
