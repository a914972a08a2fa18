internal import Completions
internal import JSON

/// A plugin's JSON Schema, applied to YAML with places.
///
/// Understood: `type` (one or a list), `properties`, `required`, `default`, `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum`, `enum`, `items`, `minItems`, `maxItems`, `minLength`, `maxLength`, `format` (the three of
/// `ParameterNames`). Properties not named are
/// mistakes, whatever `additionalProperties` says.
struct ParameterSchema {
    let plugin: String
    private let schema: JSONValue
    private let names: ParameterNames
    private(set) var diagnostics: [Diagnostic] = []

    /// - Throws: a text for people when the schema itself is broken: the plugin's fault.
    init(_ vocabulary: PluginVocabulary, _ names: ParameterNames = ParameterNames()) throws(JSONError) {
        plugin = vocabulary.id
        self.names = names
        guard !vocabulary.parametersSchema.isEmpty else {
            schema = .object([])
            return
        }
        schema = try JSONValue(parsing: vocabulary.parametersSchema)
        guard schema.members != nil else { throw JSONReader([]).error("not an object") }
    }

    private var properties: [JSONValue.Member] { schema["properties"]?.members ?? [] }

    /// The parameters with defaults filled in.
    /// - Parameters:
    ///   - node: the mapping under `with:`; `nil`: none given.
    ///   - span: where to point when a required parameter is missing.
    ///   - elsewhere: parameters that levels give.
    mutating func parameters(_ node: YAMLNode?, at span: SourceSpan, elsewhere: Set<String> = []) -> [JSONValue.Member]
    {
        object(node, schema, at: span, path: "", elsewhere: elsewhere)
    }

    /// Checks one value of a parameter, as `levels` gives them.
    mutating func value(_ node: YAMLNode, parameter name: String) -> JSONValue {
        guard let property = schema["properties"]?[name] else { return JSONValue(node) }
        return check(node, property, path: name)
    }

    /// Reports a parameter that the plugin does not have; true if it has it.
    mutating func knows(_ name: String, at span: SourceSpan) -> Bool {
        guard schema["properties"]?[name] == nil else { return true }
        let names = properties.map(\.key)
        let hint =
            names.isEmpty ? "`\(plugin)` takes no parameters" : NearestName.hint(name, in: names, kind: "parameters")
        report(span, "`\(plugin)` has no parameter `\(name)`", hint: hint)
        return false
    }

    private mutating func report(_ span: SourceSpan, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: span, message, hint: hint))
    }

    private mutating func object(
        _ node: YAMLNode?, _ schema: JSONValue, at span: SourceSpan, path: String, elsewhere: Set<String> = []
    ) -> [JSONValue.Member] {
        let properties = schema["properties"]?.members ?? []
        var result: [JSONValue.Member] = []
        for entry in node?.entries ?? [] {
            if let property = properties.first(where: { $0.key == entry.key }) {
                let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                result.append(JSONValue.Member(entry.key, check(entry.value, property.value, path: name)))
            } else if path.isEmpty {
                _ = knows(entry.key, at: entry.keySpan)
            } else {
                let hint = NearestName.hint(entry.key, in: properties.map(\.key), kind: "legal keys")
                report(entry.keySpan, "`\(path)` of `\(plugin)` has no `\(entry.key)`", hint: hint)
            }
        }
        let given = Set(result.map(\.key)).union(elsewhere)
        for property in properties where !given.contains(property.key) {
            if let value = property.value["default"] { result.append(JSONValue.Member(property.key, value)) }
        }
        for name in schema["required"]?.elements?.compactMap(\.string) ?? [] {
            guard !given.contains(name), !result.contains(where: { $0.key == name }) else { continue }
            report(span, "`\(plugin)` needs the parameter `\(path.isEmpty ? name : "\(path).\(name)")`")
        }
        return result
    }

    private mutating func check(_ node: YAMLNode, _ schema: JSONValue, path: String) -> JSONValue {
        let types = schema["type"]?.string.map { [$0] } ?? schema["type"]?.elements?.compactMap(\.string) ?? []
        guard types.isEmpty || types.contains(where: { matches(node, type: $0) }) else {
            let wanted = types.map(Self.name).joined(separator: " or ")
            report(
                node.span, "`\(path)` of `\(plugin)` must be \(wanted), not \(node.described)",
                hint: SchemaChecker.quoteHint(node))
            return .null
        }
        if case .number(let value) = node.content, !value.isFinite {
            report(node.span, "`\(path)` of `\(plugin)` must be a finite number")
            return .null
        }
        let value: JSONValue
        switch node.content {
        case .mapping where schema["properties"] != nil:
            value = .object(object(node, schema, at: node.span, path: path))
        case .sequence(let elements):
            value = .array(
                elements.map { element in schema["items"].map { check(element, $0, path: path) } ?? JSONValue(element) }
            )
        default: value = named(node, schema["format"]?.string, path: path) ?? JSONValue(node)
        }
        bounds(node, value, schema, path: path)
        return value
    }

    /// A text that names something, as the plugin is given it; `nil`: it is no such text.
    private mutating func named(_ node: YAMLNode, _ format: String?, path: String) -> JSONValue? {
        guard let format, let text = node.string, !text.isEmpty else { return nil }
        switch format {
        case "evalh-role": expect(text, among: names.roles, "model with the role", "roles", node, path)
        case "evalh-service": expect(text, among: names.services, "service", "services", node, path)
        case "evalh-file":
            let file = names.file(text)
            if !file.exists { report(node.span, "`\(path)` of `\(plugin)`: there is no file `\(file.path)`") }
            return .string(file.path)
        default: break
        }
        return nil
    }

    private mutating func expect(
        _ text: String, among known: [String], _ thing: String, _ things: String, _ node: YAMLNode, _ path: String
    ) {
        guard !known.contains(text) else { return }
        report(
            node.span, "`\(path)` of `\(plugin)`: the suite has no \(thing) `\(text)`",
            hint: known.isEmpty ? nil : NearestName.hint(text, in: known, kind: things))
    }

    private func matches(_ node: YAMLNode, type: String) -> Bool {
        switch (type, node.content) {
        case ("integer", .integer), ("number", .integer), ("number", .number), ("string", .string), ("boolean", .bool),
            ("null", .null),
            ("array", .sequence), ("object", .mapping):
            true
        default: false
        }
    }

    private static func name(ofType type: String) -> String {
        switch type {
        case "integer": "an integer"
        case "number": "a number"
        case "string": "text"
        case "boolean": "true or false"
        case "null": "nothing"
        case "array": "a list"
        case "object": "a mapping"
        default: type
        }
    }

    private mutating func bounds(_ node: YAMLNode, _ value: JSONValue, _ schema: JSONValue, path: String) {
        if let legal = schema["enum"]?.elements, !legal.contains(where: { $0.isEqual(to: value) }) {
            let names = legal.map(\.plainText)
            let hint = NearestName.hint(value.plainText, in: names, kind: "legal values")
            return report(node.span, "`\(path)` of `\(plugin)` cannot be `\(value.plainText.prefix(60))`", hint: hint)
        }
        let measured: (value: Double, unit: String, keys: [String])?
        switch value {
        case .number:
            measured = value.double.map { ($0, "", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]) }
        case .string(let text):
            measured = (Double(text.unicodeScalars.count), " characters long", ["minLength", "maxLength"])
        case .array(let elements): measured = (Double(elements.count), " entries long", ["minItems", "maxItems"])
        default: measured = nil
        }
        guard let measured else { return }
        for key in measured.keys {
            guard let limit = schema[key]?.double, let wanted = Self.broken(key, measured.value, limit) else {
                continue
            }
            let shown = node.style == .collection ? String(Int(measured.value)) : String(node.text.prefix(60))
            report(node.span, "`\(path)` of `\(plugin)` must be \(wanted)\(measured.unit), not \(shown)")
        }
    }

    /// What a broken limit wants; `nil`: it holds.
    private static func broken(_ key: String, _ value: Double, _ limit: Double) -> String? {
        let text = JSONValue.double(limit).canonicalText
        return switch key {
        case "exclusiveMinimum": value > limit ? nil : "above \(text)"
        case "exclusiveMaximum": value < limit ? nil : "below \(text)"
        case "minimum", "minLength", "minItems": value >= limit ? nil : "\(text) or more"
        default: value <= limit ? nil : "\(text) or less"
        }
    }
}
