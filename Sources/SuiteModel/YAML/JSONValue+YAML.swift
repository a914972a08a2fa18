internal import JSON

extension JSONValue {
    /// A YAML value as JSON. Infinite numbers become null: who takes them must have refused them.
    init(_ node: YAMLNode) {
        switch node.content {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .double(value)
        case .string(let text): self = .string(text)
        case .sequence(let elements): self = .array(elements.map { JSONValue($0) })
        case .mapping(let entries): self = .object(entries.map { Member($0.key, JSONValue($0.value)) })
        }
    }
}
