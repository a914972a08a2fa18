internal import JSON

/// The suite format for editors and people, made from the table of keys.
package enum SuiteSchema {
    /// JSON Schema (draft 2020-12), what `evalh schema suite` prints.
    package static let json: String = {
        var writer = JSONSchemaWriter()
        let root = writer.reference(SuiteKeys.suite)
        let document: [JSONValue.Member] = [
            .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .string("evalh suite")),
            .init("$ref", root),
            .init("$defs", .object(writer.definitions)),
        ]
        return JSONValue.object(document).prettyText() + "\n"
    }()
}

/// Writes the table of keys as JSON Schema, one definition for each kind of mapping.
private struct JSONSchemaWriter {
    private(set) var definitions: [JSONValue.Member] = []

    mutating func reference(_ spec: ObjectSpec) -> JSONValue {
        let reference = JSONValue.string("#/$defs/\(spec.title)")
        guard !definitions.contains(where: { $0.key == spec.title }) else { return reference }
        let place = definitions.count
        definitions.append(.init(spec.title, .null))
        definitions[place].value = object(spec)
        return reference
    }

    private mutating func object(_ spec: ObjectSpec) -> JSONValue {
        var members: [JSONValue.Member] = [.init("type", .string("object")), .init("description", .string(spec.doc))]
        members.append(.init("properties", .object(spec.keys.map { .init($0.name, property($0)) })))
        let required = spec.keys.filter(\.isRequired).map(\.name)
        // Models may come from the command line or the environment, so a file without them is no mistake to an editor.
        let inFile = required.filter { $0 != "models" }
        if !inFile.isEmpty { members.append(.init("required", .strings(inFile))) }
        if spec.allowsExtensions { members.append(.init("patternProperties", .object([.init("^x-", .object([]))]))) }
        members.append(.init("additionalProperties", .bool(false)))
        return .object(members)
    }

    private mutating func property(_ key: KeySpec) -> JSONValue {
        var members = type(key.type)
        // Nothing means absent for keys that may be absent.
        if !key.isRequired { members = Self.orNull(members) }
        members.append(.init("description", .string(key.doc)))
        if let text = key.defaultText {
            members.append(
                .init(
                    "default",
                    text == "[accuracy]" ? .strings(["accuracy"]) : JSONValue(YAMLNode(plain: text, span: .file("")))))
        }
        return .object(members)
    }

    private static func orNull(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        [.init("anyOf", .array([.object(members), .object([.init("type", .string("null"))])]))]
    }

    private mutating func type(_ type: ValueType) -> [JSONValue.Member] {
        switch type {
        case .text(let rule): return text(rule)
        case .integer(let range):
            // Editors that read YAML 1.2 take `2_000_000` for text.
            var members: [JSONValue.Member] = [
                .init("type", .strings(["integer", "string"])), .init("pattern", .string("^[0-9][0-9_]*$")),
            ]
            if range.upperBound <= 1_000_000 { members = [.init("type", .string("integer"))] }
            members.append(.init("minimum", .integer(range.lowerBound)))
            if range.upperBound < Int.max { members.append(.init("maximum", .integer(range.upperBound))) }
            return members
        case .number(let range): return [.init("type", .string("number"))] + bounds(range)
        case .truth: return [.init("type", .string("boolean"))]
        case .duration(let range):
            let pattern = "^([0-9._]+d)?([0-9._]+h)?([0-9._]+m)?([0-9._]+s)?([0-9._]+ms)?$"
            return [
                .init("type", .strings(["number", "string"])), .init("pattern", .string(pattern)),
                .init("minLength", .integer(2)),
            ]
                + bounds(range)
        case .choice(let names): return [.init("enum", .strings(names))]
        case .list(let element, let count):
            return [
                .init("type", .string("array")), .init("items", .object(self.type(element))),
                .init("minItems", .integer(count.lowerBound)),
                .init("maxItems", .integer(count.upperBound)),
            ]
        case .object(let spec): return [.init("$ref", reference(spec))]
        case .map(let rule, let value):
            let names =
                rule.pattern.map { [JSONValue.Member("propertyNames", .object([.init("pattern", .string($0))]))] } ?? []
            return [.init("type", .string("object")), .init("additionalProperties", .object(self.type(value)))] + names
        case .either(let types): return [.init("anyOf", .array(types.map { .object(self.type($0)) }))]
        case .parameters: return [.init("type", .string("object"))]
        case .levels:
            let values = JSONValue.object([
                .init("type", .string("array")), .init("minItems", .integer(1)), .init("maxItems", .integer(64)),
            ])
            return [
                .init("type", .string("object")), .init("minProperties", .integer(1)),
                .init("additionalProperties", values),
            ]
        case .row:
            let value = JSONValue.object([.init("type", .strings(["string", "number", "boolean"]))])
            return [.init("type", .string("object")), .init("additionalProperties", value)]
        }
    }

    private func text(_ rule: TextRule) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("type", .string("string"))]
        if let pattern = rule.pattern { members.append(.init("pattern", .string(pattern))) }
        if !rule.allowsEmpty { members.append(.init("minLength", .integer(1))) }
        return members
    }

    private func bounds(_ range: NumberRange) -> [JSONValue.Member] {
        [
            .init(range.isMinimumExcluded ? "exclusiveMinimum" : "minimum", .double(range.minimum)),
            .init("maximum", .double(range.maximum)),
        ]
    }
}
