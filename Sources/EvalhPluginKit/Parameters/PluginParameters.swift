/// The parameters of a plugin: a struct of `@Parameter` properties that can be made with `init()`. A property that is
/// such a struct itself is a group: its parameters stand among the others, so that plugins can share them.
public protocol PluginParameters: Sendable {
    /// All defaults.
    init()
    /// Rules over several parameters, checked after each one's own; throw a `ParameterError`. Nothing to check by
    /// default.
    func validate() throws
}

extension PluginParameters {
    public func validate() throws {}
}

/// Parameters of a plugin that takes none.
public struct NoParameters: PluginParameters {
    /// Nothing to set.
    public init() {}
}

/// A suite's `with:` does not fit a plugin.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var message: String

    /// What is wrong, in a sentence that names the key and what would be right.
    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

extension PluginParameters {
    /// Reads parameters from a JSON object; what it leaves out has its default. The empty text is the empty object.
    ///
    /// Throws `ParameterError` for a key that is unknown, a required one that is missing, a wrong type, and a number
    /// out of range; each text names the key and what would be right.
    public init(json text: String) throws {
        self.init()
        let fields = fields
        var values: [JSONValue.Member] = []
        if !text.isEmpty {
            let json: JSONValue
            do { json = try JSONValue(parsing: text) } catch {
                throw ParameterError("the parameters are no JSON: \(error)")
            }
            guard case .object(let members) = json else {
                throw ParameterError("the parameters are \(json.kindName), not an object")
            }
            values = members
        }
        for value in values where !fields.contains(where: { $0.key == value.key }) {
            let known = fields.map(\.key).joined(separator: ", ")
            throw ParameterError(
                "unknown parameter \(value.key); \(known.isEmpty ? "there are none" : "known are \(known)")")
        }
        for field in fields {
            try field.parameter.decode(values.first { $0.key == field.key }?.value, key: field.key)
        }
        for group in groups { try group.validate() }
        try validate()
    }

    /// JSON Schema of the parameters, with descriptions, defaults and limits; `nil` if there are none.
    public static var schema: String? {
        let fields = Self().fields
        guard !fields.isEmpty else { return nil }
        var members: [JSONValue.Member] = [.init("type", .string("object"))]
        members.append(.init("properties", .object(fields.map { .init($0.key, .object($0.parameter.schema)) })))
        let required = fields.filter(\.parameter.isRequired)
        if !required.isEmpty { members.append(.init("required", .array(required.map { .string($0.key) }))) }
        return JSONValue.object(members).description
    }

    /// All parameters by key, those of groups in their groups' places.
    private var fields: [(key: String, parameter: any AnyParameter)] {
        Mirror(reflecting: self).children.flatMap { child -> [(key: String, parameter: any AnyParameter)] in
            if let group = child.value as? any PluginParameters { return group.fields }
            guard let parameter = child.value as? any AnyParameter, let label = child.label else { return [] }
            return [(parameter.name ?? Self.snakeCase(label), parameter)]
        }
    }

    private var groups: [any PluginParameters] {
        Mirror(reflecting: self).children.compactMap { $0.value as? any PluginParameters }
    }

    /// `_maxSamples`, as the compiler names a wrapped property's storage, is `max_samples`.
    private static func snakeCase(_ label: String) -> String {
        var result = ""
        for character in label.drop(while: { $0 == "_" }) {
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}

/// A `Parameter` whatever its value's type.
protocol AnyParameter {
    var name: String? { get }
    var isRequired: Bool { get }
    var schema: [JSONValue.Member] { get }
    func decode(_ json: JSONValue?, key: String) throws(ParameterError)
}

extension Parameter: AnyParameter {
    var schema: [JSONValue.Member] {
        var members = Value.parameterSchema
        members.append(.init("description", .string(help)))
        if !isRequired, let json = box.value.parameterJSON { members.append(.init("default", json)) }
        return members + bounds.schema
    }

    func decode(_ json: JSONValue?, key: String) throws(ParameterError) {
        guard let json else {
            if isRequired { throw ParameterError("the parameter \(key) is missing") }
            return
        }
        let value: Value
        do { value = try Value(parameter: json) } catch {
            throw ParameterError("the parameter \(key) \(error.message)")
        }
        if let number = json.double, let complaint = bounds.complaint(about: number) {
            throw ParameterError("the parameter \(key) \(complaint), not \(json)")
        }
        box.value = value
    }
}
