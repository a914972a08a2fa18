/// A type that a `@Parameter` can have: `Int`, `Double`, `Bool`, `String`, lists of these, an enum of texts, or one of
/// them as an optional. An enum needs only `enum Rule: String, CaseIterable, ParameterValue { ... }`.
public protocol ParameterValue: Sendable {
    /// Reads the value; the error's text goes after the parameter's name, as in "must be a whole number".
    init(parameter json: JSONValue) throws(ParameterMismatch)
    /// The value as JSON, for the default in the schema; `nil`: no default is written.
    var parameterJSON: JSONValue? { get }
    /// The schema's members that say the type, such as `"type": "integer"`.
    static var parameterSchema: [JSONValue.Member] { get }
    /// What a required parameter holds until it is decoded. Nobody sees it.
    static var absent: Self { get }
}

/// A value of the wrong type.
public struct ParameterMismatch: Error, Hashable, Sendable {
    /// For example "must be a whole number".
    public var message: String

    /// A mismatch; the message goes behind the parameter's name.
    public init(_ message: String) {
        self.message = message
    }
}

extension Int: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard case .number(let number) = json else {
            throw ParameterMismatch("must be a whole number, not \(json.kindName)")
        }
        guard let value = number.int else {
            throw ParameterMismatch("must be a whole number\(number.isInteger ? " of 64 bits" : ""), not \(json)")
        }
        self = value
    }
    public var parameterJSON: JSONValue? { .integer(self) }
    public static var parameterSchema: [JSONValue.Member] { [.init("type", .string("integer"))] }
    public static var absent: Int { 0 }
}

extension Double: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard case .number(let number) = json else {
            throw ParameterMismatch("must be a number, not \(json.kindName)")
        }
        guard let value = number.double else { throw ParameterMismatch("must be a number up to 1.8e308, not \(json)") }
        self = value
    }
    public var parameterJSON: JSONValue? { .double(self) }
    public static var parameterSchema: [JSONValue.Member] { [.init("type", .string("number"))] }
    public static var absent: Double { 0 }
}

extension Bool: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard case .bool(let value) = json else {
            throw ParameterMismatch("must be true or false, not \(json.kindName)")
        }
        self = value
    }
    public var parameterJSON: JSONValue? { .bool(self) }
    public static var parameterSchema: [JSONValue.Member] { [.init("type", .string("boolean"))] }
    public static var absent: Bool { false }
}

extension String: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard let value = json.string else { throw ParameterMismatch("must be a text, not \(json.kindName)") }
        self = value
    }
    public var parameterJSON: JSONValue? { .string(self) }
    public static var parameterSchema: [JSONValue.Member] { [.init("type", .string("string"))] }
    public static var absent: String { "" }
}

extension Array: ParameterValue where Element: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard case .array(let values) = json else { throw ParameterMismatch("must be a list, not \(json.kindName)") }
        var result: [Element] = []
        for (index, value) in values.enumerated() {
            do { result.append(try Element(parameter: value)) } catch {
                throw ParameterMismatch("has a wrong entry \(index): it \(error.message)")
            }
        }
        self = result
    }
    public var parameterJSON: JSONValue? { .array(compactMap(\.parameterJSON)) }
    public static var parameterSchema: [JSONValue.Member] {
        [.init("type", .string("array")), .init("items", .object(Element.parameterSchema))]
    }
    public static var absent: [Element] { [] }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        if case .null = json { self = nil } else { self = try Wrapped(parameter: json) }
    }
    public var parameterJSON: JSONValue? { self?.parameterJSON }
    public static var parameterSchema: [JSONValue.Member] { Wrapped.parameterSchema }
    public static var absent: Wrapped? { nil }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public init(parameter json: JSONValue) throws(ParameterMismatch) {
        guard let text = json.string, let value = Self(rawValue: text) else {
            throw ParameterMismatch(
                "must be one of \(Self.allCases.map(\.rawValue).joined(separator: ", ")), not \(json)")
        }
        self = value
    }
    public var parameterJSON: JSONValue? { .string(rawValue) }
    public static var parameterSchema: [JSONValue.Member] {
        [.init("type", .string("string")), .init("enum", .array(allCases.map { .string($0.rawValue) }))]
    }
    /// The first case; an enum without cases cannot be a parameter.
    public static var absent: Self {
        guard let first = allCases.first else { preconditionFailure("the enum \(Self.self) has no cases") }
        return first
    }
}
