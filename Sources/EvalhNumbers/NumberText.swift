/// Writes what people and models write around numbers in one way, before numbers are looked for.
public enum NumberText {
    private static let vulgarFractions: [Unicode.Scalar: String] = [
        "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
        "⅙": "1/6", "⅚": "5/6",
        "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    ]

    /// Full-width forms, the digits of all scripts, minus signs, spaces within numbers and LaTeX, as plain ASCII.
    /// U+2007 marks a space that groups digits. Work grows with the text's length alone.
    public static func normalised(_ text: String) -> String {
        var text = text
        // Most texts are plain ASCII and need nothing.
        let (isASCII, hasLatex) = text.withUTF8 { bytes in
            var (isASCII, hasLatex) = (true, false)
            for byte in bytes {
                if byte >= 0x80 { isASCII = false }
                if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "{") { hasLatex = true }
            }
            return (isASCII, hasLatex)
        }
        if isASCII, !hasLatex { return text }
        let bytes = isASCII ? Array(text.utf8) : plain(text)
        return String(decoding: hasLatex ? LatexText.plain(bytes) : bytes, as: UTF8.self)
    }

    private static func plain(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case ..<0x80: result.append(UInt8(scalar.value))
            case 0xFF01...0xFF5E: result.append(UInt8(scalar.value - 0xFEE0))
            case 0x2212, 0x2010, 0x2011, 0xFE63: result.append(UInt8(ascii: "-"))
            case 0x00A0, 0x2009, 0x202F, 0x2007: result += figureSpace
            case 0x3000: result.append(UInt8(ascii: " "))
            case 0x066A: result.append(UInt8(ascii: "%"))
            case 0x066B: result.append(UInt8(ascii: "."))
            case 0x066C: result.append(UInt8(ascii: ","))
            case 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF: break
            default: append(scalar, to: &result)
            }
        }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout [UInt8]) {
        if let fraction = vulgarFractions[scalar] {
            if let last = result.last, (48...57).contains(last) { result.append(UInt8(ascii: " ")) }
            result += fraction.utf8
        } else if let digit = digit(scalar) {
            result.append(48 + digit)
        } else {
            result += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }

    /// The value of a decimal digit of any script; `nil` for what is none.
    public static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        let value = scalar.value
        guard value >= 0x0660 else { return (48...57).contains(value) ? UInt8(value - 48) : nil }
        guard value < 0x10000 else {
            // Few texts hold any of these; most that do hold emoji.
            guard value < 0x1F000 || value >= 0x1FBF0, scalar.properties.numericType == .decimal else { return nil }
            return scalar.properties.numericValue.map { UInt8($0) }
        }
        // Digits stand in rows of ten, and a row fits in a block of sixteen.
        let zero = zeros[Int(value >> 4)]
        return zero > 0 && value >= zero && value - UInt32(zero) < 10 ? UInt8(value - UInt32(zero)) : nil
    }

    /// The digit zero of each block of sixteen scalars that has one.
    private static let zeros: [UInt16] = {
        var zeros = [UInt16](repeating: 0, count: 0x1000)
        for zero: UInt16 in [
            0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
            0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
            0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
        ] { zeros[Int(zero >> 4)] = zero }
        return zeros
    }()

    static let figureSpace: [UInt8] = [0xE2, 0x80, 0x87]
}
