/// Makes text of strangers fit for messages.
package enum CleanText {
    /// One line without control characters (a server must not move the cursor of a terminal); runs of white space
    /// become one space.
    package static func clean(_ text: String) -> String { clean(text, limit: WireLimits.message) }

    /// The same, of `limit` characters at most.
    package static func clean(_ text: String, limit: Int) -> String {
        var result = ""
        var hasSpace = false
        for scalar in text.unicodeScalars.prefix(8 * limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
                .unassigned:
                hasSpace = !result.isEmpty
            default:
                if hasSpace { result += " " }
                hasSpace = false
                result.unicodeScalars.append(scalar)
            }
        }
        return bounded(result, to: limit)
    }

    /// At most `limit` characters.
    static func bounded(_ text: String, to limit: Int = WireLimits.message) -> String {
        guard text.unicodeScalars.count > limit else { return text }
        var short = String.UnicodeScalarView()
        short.append(contentsOf: text.unicodeScalars.prefix(limit - 1))
        return String(short) + "…"
    }
}
