internal import Completions
internal import Hashing
internal import JSON

/// Texts that a judge is shown: what models wrote may be written for the judge. Each stands between marks with a code
/// that follows from all texts together, so that none of them can hold the end of its own; what servers might take for
/// the end of a message is broken; invisible characters are left out; long texts are cut in the middle.
struct JudgedText {
    private let code: String
    private let limit: Int

    /// - Parameters:
    ///   - texts: all that the judge is shown.
    ///   - limit: the most characters of one of them.
    init(_ texts: [String], limit: Int) {
        var canonical = CanonicalBytes()
        for text in texts { canonical.append(text) }
        code = Hexadecimal.text(of: canonical.sha256.prefix(6))
        self.limit = limit
    }

    func marked(_ name: String, _ text: String) -> String {
        "[\(name) \(code)]\n\(Self.cleaned(text, limit: limit))\n[/\(name) \(code)]"
    }

    /// A value without marks, for templates that show other fields of an item.
    func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(Self.cleaned(text, limit: limit))
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .object(members.map { .init($0.key, plain($0.value)) })
        case .null, .bool, .number: value
        }
    }

    static func cleaned(_ text: String, limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in cut(text, limit: limit).unicodeScalars where !isInvisible(scalar) { scalars.append(scalar) }
        var cleaned = String(scalars)
        for mark in chatMarks where cleaned.contains(mark) {
            cleaned = cleaned.replacing(mark, with: mark.prefix(1) + " " + mark.dropFirst())
        }
        return cleaned
    }

    /// What chat templates of common models begin and end messages with.
    private static let chatMarks = [
        "<|", "|>", "<s>", "</s>", "<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>",
        "<think>", "</think>",
    ]

    /// Controls but line ends and tabs, what changes the direction of a text, and Unicode's invisible tags.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD: false
        case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func cut(_ text: String, limit: Int) -> String {
        // Bytes bound characters, and counting them costs nothing.
        guard text.utf8.count > limit else { return text }
        let scalars = text.unicodeScalars
        let left = scalars.count - limit
        guard left > 0 else { return text }
        let head = limit / 2
        return String(scalars.prefix(head)) + "\n[… \(left) characters are left out …]\n"
            + String(scalars.suffix(limit - head))
    }
}
