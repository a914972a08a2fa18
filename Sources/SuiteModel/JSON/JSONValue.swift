/// A JSON value. Numbers keep their text, so that no digit of a data set is lost and hashes stay the same.
package enum JSONValue: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In source order; keys are unique.
    case object([Member])

    package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    /// Finite numbers only; others become null.
    package static func double(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return .number(String(whole)) }
        return .number("\(value)")
    }

    package static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    package subscript(key: String) -> JSONValue? {
        members?.first { $0.key == key }?.value
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var double: Double? {
        if case .number(let text) = self { Double(text) } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A value of a data set's field as text of a prompt: strings as they are, everything else as JSON.
    package var plainText: String {
        switch self {
        case .string(let text): text
        default: canonicalText
        }
    }

    /// A YAML value as JSON. Infinite numbers become null: who takes them must have refused them.
    package init(_ node: YAMLNode) {
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

    /// Equal as JSON numbers are: 1 and 1.0 are the same, order of keys does not count.
    func isEqual(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let a), .number(let b)): a == b || (Double(a) != nil && Double(a) == Double(b))
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let a), .object):
            a.count == other.members?.count
                && a.allSatisfy { member in other[member.key]?.isEqual(to: member.value) ?? false }
        default: self == other
        }
    }
}
