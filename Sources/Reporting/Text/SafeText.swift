/// Model output, item texts and plugins' messages are other people's: nothing of them may act.
package enum SafeText {
    /// For a terminal: control and bidirectional characters are shown as escapes.
    package static func terminal(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            if isDangerous(scalar), scalar != "\n" {
                safe += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// For HTML text and attribute values; control characters become visible marks.
    package static func html(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "\n", "\t": safe.unicodeScalars.append(scalar)
            default: if isDangerous(scalar) { safe += "\u{FFFD}" } else { safe.unicodeScalars.append(scalar) }
            }
        }
        return safe
    }

    /// For a cell of a Markdown table.
    package static func markdown(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|", "\\", "`", "*", "_", "[", "]", "#", "!", "~": safe += "\\" + String(scalar)
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "&": safe += "&amp;"
            case "\n", "\r", "\t": safe += " "
            default: if isDangerous(scalar) { safe += "\u{FFFD}" } else { safe.unicodeScalars.append(scalar) }
            }
        }
        return safe
    }

    /// For XML 1.0, which has no way to write most control characters.
    static func xml(_ text: String) -> String { html(text).replacing("&#39;", with: "&apos;") }

    /// At most `limit` characters, with a mark where something was cut.
    package static func short(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : String(text.prefix(limit - 1)) + "…"
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x08, 0x0B...0x1F, 0x7F...0x9F: true
        // Bidirectional overrides and isolates, zero-width marks, line separators, tags.
        case 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF, 0xE0000...0xE007F: true
        default: false
        }
    }
}
