/// Makes text of strangers fit for messages.
enum SafeText {
    /// One line without control characters (a server must not move the cursor of a terminal); runs of white space become one space.
    static func clean(_ text: String) -> String {
        var result = ""
        var hasSpace = false
        for scalar in text.unicodeScalars.prefix(8 * WireLimits.message) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse, .unassigned:
                hasSpace = !result.isEmpty
            default:
                if hasSpace { result += " " }
                hasSpace = false
                result.unicodeScalars.append(scalar)
            }
        }
        return bounded(result)
    }

    /// At most `WireLimits.message` characters.
    static func bounded(_ text: String) -> String {
        guard text.unicodeScalars.count > WireLimits.message else { return text }
        var short = String.UnicodeScalarView()
        short.append(contentsOf: text.unicodeScalars.prefix(WireLimits.message - 1))
        return String(short) + "…"
    }
}
