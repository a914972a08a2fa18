internal import Hashing

/// Names of files and archive members, made of other people's texts.
enum FileName {
    /// Letters, digits, `.`, `_`, `-`, `@` and `=` of a text, all else as `-`; at most 100 characters, never empty and
    /// never hidden.
    static func safe(_ text: String) -> String {
        let safe = String(
            text.unicodeScalars.prefix(100).map { scalar -> Character in
                let isKept =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value)
                        || "._-@=".unicodeScalars.contains(scalar))
                return isKept ? Character(scalar) : "-"
            })
        return safe.isEmpty ? "-" : safe.hasPrefix(".") ? "-" + safe.dropFirst() : safe
    }

    /// The first twelve hexadecimal digits of a text's SHA-256.
    static func digest(_ text: String) -> String { String(SHA256.hash(text.utf8).hex.prefix(12)) }
}
