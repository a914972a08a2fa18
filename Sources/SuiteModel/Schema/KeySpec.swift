internal import JSON

/// What a key of a suite may hold. One table of these (`SuiteKeys`) makes the checks, the JSON Schema and the reference
/// page.
package indirect enum ValueType: Sendable {
    case text(TextRule = TextRule())
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case truth
    /// Seconds as a number, or text such as `30m`, `1h30m`, `500ms`.
    case duration(NumberRange = .positive)
    case choice([String])
    case list(ValueType, count: ClosedRange<Int> = 0...10_000)
    case object(ObjectSpec)
    /// Free keys of one type of value.
    case map(TextRule, ValueType)
    /// Told apart by the kind of the value: text, mapping or list.
    case either([ValueType])
    /// Checked by a plugin's own schema.
    case parameters
    /// A parameter's name to the list of its values.
    case levels
    /// A row of data: names to texts, numbers or truth values.
    case row
}

/// Legal text.
package struct TextRule: Sendable {
    /// Legal characters, said to people; `nil`: any.
    package var name: String?
    /// The same as a regular expression for the JSON Schema.
    package var pattern: String?
    package var allowsEmpty = false
    let isLegal: @Sendable (String) -> Bool

    init(
        name: String? = nil, pattern: String? = nil, allowsEmpty: Bool = false,
        isLegal: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.pattern = pattern
        self.allowsEmpty = allowsEmpty
        self.isLegal = isLegal
    }

    static let any = TextRule(allowsEmpty: true)

    static let identifier = TextRule(name: "letters, digits, `.`, `_` and `-`", pattern: "^[A-Za-z0-9._-]+$") { text in
        text.utf8.allSatisfy {
            isLetterOrDigit($0) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
        }
    }

    /// A plugin's id, with the version behind an `@` where one is wanted.
    static let plugin = TextRule(
        name: "letters, digits, `.`, `_` and `-`, then `@` and a version if one is wanted",
        pattern: "^[A-Za-z0-9._-]+(@[A-Za-z0-9.+-]+)?$"
    ) { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty } && identifier.isLegal(String(parts[0]))
            && (parts.count == 1 || identifier.isLegal(parts[1].filter { $0 != "+" }))
    }

    static let sha256 = TextRule(name: "64 hexadecimal digits", pattern: "^[0-9a-fA-F]{64}$") { text in
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
    }

    static let environmentVariable = TextRule(
        name: "the name of an environment variable", pattern: "^[A-Za-z_][A-Za-z0-9_]*$"
    ) { text in
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
    }

    static let byteSize = TextRule(
        name: "a size such as `512MB` or `2GiB`", pattern: "^[0-9]+(\\.[0-9]+)? ?[KMGT]i?B$"
    ) { ByteSizeText.bytes($0) != nil }

    static let httpAddress = TextRule(name: "an http:// or https:// address", pattern: "^https?://[^@\\s]+$") { text in
        let text = text.lowercased()
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            return text.count > scheme.count && !text.contains(where: \.isWhitespace)
        }
        return false
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Legal numbers.
package struct NumberRange: Sendable {
    package var minimum: Double
    package var isMinimumExcluded: Bool
    package var maximum: Double

    init(_ minimum: Double, excluded: Bool = false, _ maximum: Double) {
        self.minimum = minimum
        isMinimumExcluded = excluded
        self.maximum = maximum
    }

    static let positive = NumberRange(0, excluded: true, 1e9)
    static let fraction = NumberRange(0, 1)

    func contains(_ value: Double) -> Bool {
        value.isFinite && value <= maximum && (isMinimumExcluded ? value > minimum : value >= minimum)
    }

    var described: String {
        let top = JSONValue.double(maximum).canonicalText
        let bottom = JSONValue.double(minimum).canonicalText
        if maximum >= 1e9 { return isMinimumExcluded ? "above \(bottom)" : "\(bottom) or more" }
        return isMinimumExcluded ? "above \(bottom), up to \(top)" : "from \(bottom) to \(top)"
    }
}

/// One legal key.
package struct KeySpec: Sendable {
    package var name: String
    package var type: ValueType
    /// One or two sentences of Markdown.
    package var doc: String
    package var isRequired: Bool
    /// YAML of the value an absent key has; `nil`: none.
    package var defaultText: String?

    init(_ name: String, _ type: ValueType, _ doc: String, required: Bool = false, default defaultText: String? = nil) {
        self.name = name
        self.type = type
        self.doc = doc
        isRequired = required
        self.defaultText = defaultText
    }
}

/// The legal keys of a mapping.
package struct ObjectSpec: Sendable {
    /// Title in the reference page, and definition in the JSON Schema.
    package var title: String
    package var doc: String
    package var keys: [KeySpec]
    /// Whether keys that begin with `x-` are taken and ignored: a place for anchors.
    package var allowsExtensions = false

    init(_ title: String, _ doc: String, extensions: Bool = false, _ keys: [KeySpec]) {
        self.title = title
        self.doc = doc
        self.keys = keys
        allowsExtensions = extensions
    }

    subscript(name: String) -> KeySpec? { keys.first { $0.name == name } }
}
