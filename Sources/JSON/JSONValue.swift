/// A JSON value. Numbers keep their digits and objects the order of their members, so what is read can be written again
/// without loss.
///
/// ```swift
/// let value = try JSONValue(parsing: #"{"seed": 9007199254740993}"#)
/// value["seed"]?.int       // 9007199254740993
/// value.canonicalText      // {"seed":9007199254740993}
/// ```
///
/// Two values are equal if their numbers are the same numbers (`1` and `1.0` are), their texts have the same characters
/// and their members stand in the same order; `isEqual(to:)` leaves the order out.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    /// In source order; a value that was read has no key twice.
    case object([Member])

    /// A key with its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }
}

// MARK: - Making

extension JSONValue {
    public static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// A number in its shortest form, whole ones without a fraction. JSON has no infinities and no NaN: they are
    /// `null`.
    public static func double(_ value: Double) -> JSONValue { JSONNumber(value).map(JSONValue.number) ?? .null }

    public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}

// MARK: - Looking

extension JSONValue {
    /// The value of a key; `nil` if this is no object or lacks the key.
    public subscript(key: String) -> JSONValue? {
        members?.first { $0.key == key }?.value
    }

    /// The members, if this is an object.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements, if this is an array.
    public var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text, if this is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The nearest double, if this is a number within their range (±1.8e308).
    public var double: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    /// The integer, if this is exactly one (`3.0` and `3e2` are, `2.5` is not) and it fits 64 bits.
    public var int: Int? {
        if case .number(let number) = self { number.int } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// What it is, for messages: "a number", "a text", ...
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number(let number): number.isInteger ? "a whole number" : "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Equality that leaves the order of members out, as JSON Schema has it.
    public func isEqual(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let a), .object(let b)):
            a.count == b.count
                && a.allSatisfy { member in other[member.key]?.isEqual(to: member.value) ?? false }
        default: self == other
        }
    }
}
