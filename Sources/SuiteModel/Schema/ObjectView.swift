/// Reads values of a checked mapping, defaults taken from the table. Mistakes were reported by the checker: here they
/// read as absent.
struct ObjectView {
    let node: YAMLNode?
    let spec: ObjectSpec

    /// The value as written; `nil` where absent or null.
    func written(_ key: String) -> YAMLNode? {
        guard let value = node?[key], !value.isNull else { return nil }
        return value
    }

    /// The value as written, or else the table's default.
    private func value(_ key: String) -> YAMLNode? {
        written(key) ?? spec[key]?.defaultText.map { YAMLNode(plain: $0, span: node?.span ?? .file("")) }
    }

    /// Where to point at for a key: its value, or else the mapping.
    func span(_ key: String) -> SourceSpan {
        written(key)?.span ?? node?.span ?? .file("")
    }

    func text(_ key: String) -> String? { value(key)?.string }

    func integer(_ key: String) -> Int? {
        if case .integer(let value)? = value(key)?.content { value } else { nil }
    }

    func number(_ key: String) -> Double? { value(key).flatMap(Self.number) }

    func truth(_ key: String) -> Bool? {
        if case .bool(let value)? = value(key)?.content { value } else { nil }
    }

    func seconds(_ key: String) -> Double? { value(key).flatMap(Self.seconds) }

    func texts(_ key: String) -> [String] {
        guard let node = written(key) else { return [] }
        return node.elements?.compactMap(\.string) ?? node.string.map { [$0] } ?? []
    }

    /// A mapping below; all its defaults where absent.
    func object(_ key: String, _ spec: ObjectSpec) -> ObjectView {
        ObjectView(node: written(key), spec: spec)
    }

    static func number(_ node: YAMLNode) -> Double? {
        switch node.content {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    static func seconds(_ node: YAMLNode) -> Double? {
        number(node) ?? node.string.flatMap(DurationText.seconds)
    }
}
