/// A value of a YAML file with its place.
package struct YAMLNode: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case mapping([Entry])
        case sequence([YAMLNode])
    }

    package enum Style: Hashable, Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded, collection
    }

    /// A key and its value. Keys are always text, also `on` and `1`.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var keySpan: SourceSpan
        package var value: YAMLNode

        package init(key: String, keySpan: SourceSpan, value: YAMLNode) {
            self.key = key
            self.keySpan = keySpan
            self.value = value
        }
    }

    package var content: Content
    package var span: SourceSpan
    package var style: Style
    /// A scalar as written (escapes resolved); empty for collections.
    package var text: String

    package init(_ content: Content, span: SourceSpan, style: Style = .plain, text: String = "") {
        self.content = content
        self.span = span
        self.style = style
        self.text = text
    }

    /// A plain scalar, resolved as in a file.
    package init(plain text: String, span: SourceSpan) {
        self.init(YAMLScalar.resolve(text), span: span, text: text)
    }

    /// The value of a key of a mapping.
    package subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    package var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    package var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    package var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    package var isNull: Bool { content == .null }

    /// What people call this value: "the integer 4", "a list".
    var described: String {
        let short = text.count > 40 ? text.prefix(40) + "…" : text[...]
        return switch content {
        case .null: "nothing"
        case .bool: "the truth value `\(short)`"
        case .integer: "the integer `\(short)`"
        case .number: "the number `\(short)`"
        case .string: "the text `\(short)`"
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }
}
