internal import EvalhStatistics
internal import JSON

/// Values for a plugin's parameters, made from their schema.
struct ParameterFuzz {
    let schema: JSONValue
    private var random: SplitMix64

    init(_ schema: JSONValue, seed: UInt64) {
        self.schema = schema
        random = SplitMix64(seed: seed)
    }

    private var properties: [JSONValue.Member] { schema["properties"]?.members ?? [] }

    /// The defaults, and something legal for what is required without one.
    static func defaults(_ schema: JSONValue?) -> JSONValue {
        guard let schema else { return .object([]) }
        let fuzz = ParameterFuzz(schema, seed: 0)
        let required = schema["required"]?.elements?.compactMap(\.string) ?? []
        var members: [JSONValue.Member] = []
        for property in fuzz.properties {
            if let value = property.value["default"] {
                members.append(.init(property.key, value))
            } else if required.contains(property.key) {
                members.append(.init(property.key, fuzz.simplest(property.value)))
            }
        }
        return JSONValue.object(members).sorted
    }

    /// `base` with the members of `more` in the place of its own.
    static func merged(_ base: JSONValue, _ more: JSONValue) -> JSONValue {
        let members = more.members ?? []
        let kept = (base.members ?? []).filter { member in !members.contains { $0.key == member.key } }
        return JSONValue.object(kept + members).sorted
    }

    /// One property after the other at each of its legal corners, the others as in `base`; then `count` mixtures.
    mutating func legal(_ base: JSONValue, mixtures count: Int) -> [JSONValue] {
        var cases: [JSONValue] = []
        for property in properties {
            for value in corners(property.value) {
                cases.append(Self.merged(base, .object([.init(property.key, value)])))
            }
        }
        for _ in 0..<count where !properties.isEmpty {
            var members: [JSONValue.Member] = []
            for property in properties where random.index(below: 2) == 0 {
                let values = corners(property.value)
                guard !values.isEmpty else { continue }
                members.append(.init(property.key, values[random.index(below: values.count)]))
            }
            cases.append(Self.merged(base, .object(members)))
        }
        return cases
    }

    /// Texts that break the schema, or are no JSON object: what a host never passes, and another host may.
    func illegal(_ base: JSONValue) -> [String] {
        var cases: [String] = ["", "{", "[]", "null", "\"text\"", "{\"\":0}", String(repeating: "[", count: 10_000)]
        for property in properties {
            let wrong: [JSONValue] = [
                .null, .bool(true), .string("\u{1F600}"), .array([]), .object([]), .double(-1e308), .double(1e308),
                .integer(Int.max), .integer(Int.min), .integer(0), .integer(-1), .double(0.5),
                .string(String(repeating: "x", count: 100_000)), .array([.null, .integer(-1), .string("")]),
            ]
            for value in wrong where !isLegal(value, property.value) {
                cases.append(Self.merged(base, .object([.init(property.key, value)])).text)
            }
            let left = (base.members ?? []).filter { $0.key != property.key }
            cases.append(JSONValue.object(left).text)
        }
        cases.append(Self.merged(base, .object([.init("org.example.unknown", .integer(1))])).text)
        return cases
    }

    // MARK: Values of one property

    private static func types(_ schema: JSONValue) -> [String] {
        schema["type"]?.string.map { [$0] } ?? schema["type"]?.elements?.compactMap(\.string) ?? []
    }

    private func simplest(_ schema: JSONValue) -> JSONValue { corners(schema).first ?? .null }

    /// Legal values at the bounds and between.
    private func corners(_ schema: JSONValue) -> [JSONValue] {
        if let choices = schema["enum"]?.elements { return choices }
        var values: [JSONValue] = []
        if let value = schema["default"] { values.append(value) }
        for type in Self.types(schema) {
            switch type {
            case "boolean": values += [.bool(false), .bool(true)]
            case "null": values.append(.null)
            case "integer": values += numbers(schema).map { .integer(Int($0.rounded(.down).clamped())) }
            case "number": values += (numbers(schema) + fractions(schema)).map { .double($0) }
            case "string": values += texts(schema)
            case "array":
                let item = schema["items"].map { corners($0) } ?? [.integer(1)]
                let least = max(0, schema["minItems"]?.int ?? 0)
                let most = schema["maxItems"]?.int ?? max(least, 4)
                values += [least, min(least + 1, most), min(max(least, 4), most)].map { count in
                    .array(item.isEmpty ? [] : (0..<count).map { item[$0 % item.count] })
                }
            case "object": values.append(ParameterFuzz.defaults(schema))
            default: break
            }
        }
        return values.filter { isLegal($0, schema) }
    }

    private func numbers(_ schema: JSONValue) -> [Double] {
        let low = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double.map { $0 + 1 } ?? 0
        // A plugin that may take a million of something is not asked to do so in a test.
        let high = min(schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double.map { $0 - 1 } ?? 64, low + 64)
        return [low, low + 1, (low + high) / 2, high]
    }

    private func fractions(_ schema: JSONValue) -> [Double] {
        let low = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double ?? 0
        let high = min(schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double ?? low + 1, low + 64)
        return [low + (high - low) * 0.5, low + (high - low) * 1e-6, high - (high - low) * 1e-6]
    }

    private func texts(_ schema: JSONValue) -> [JSONValue] {
        let least = max(0, schema["minLength"]?.int ?? 0)
        return ["main", "", "strong", "Grüße, 世界 \u{1F600}", String(repeating: "word ", count: 200)]
            .filter { $0.unicodeScalars.count >= least }.map { .string($0) }
    }

    /// Whether a value keeps a property's schema.
    func isLegal(_ value: JSONValue, _ schema: JSONValue) -> Bool { Self.mistake(in: value, schema) == nil }

    /// Why a value breaks a schema, in words; `nil`: it keeps it.
    static func mistake(in value: JSONValue, _ schema: JSONValue) -> String? {
        let types = types(schema)
        guard types.isEmpty || types.contains(where: { matches(value, $0) }) else {
            return "is \(value.kindName) and must be \(types.joined(separator: " or "))"
        }
        if let choices = schema["enum"]?.elements, !choices.contains(where: { $0.isEqual(to: value) }) {
            return "is none of the legal values"
        }
        let size: (Double, [String])? =
            switch value {
            case .number: value.double.map { ($0, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]) }
            case .string(let text): (Double(text.unicodeScalars.count), ["minLength", "maxLength"])
            case .array(let elements): (Double(elements.count), ["minItems", "maxItems"])
            default: nil
            }
        for key in size?.1 ?? [] {
            guard let limit = schema[key]?.double, let number = size?.0, isBroken(key, number, limit) else { continue }
            return "breaks \(key) \(JSONValue.double(limit).text)"
        }
        for element in value.elements ?? [] {
            if let items = schema["items"], let mistake = mistake(in: element, items) { return "an entry \(mistake)" }
        }
        return nil
    }

    private static func matches(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("integer", .number(let number)): number.isInteger
        case ("number", .number), ("string", .string), ("boolean", .bool), ("null", .null), ("array", .array),
            ("object", .object):
            true
        default: false
        }
    }

    private static func isBroken(_ key: String, _ value: Double, _ limit: Double) -> Bool {
        switch key {
        case "exclusiveMinimum": value <= limit
        case "exclusiveMaximum": value >= limit
        case "minimum", "minLength", "minItems": value < limit
        default: value > limit
        }
    }
}

extension Double {
    fileprivate func clamped() -> Double { Swift.max(-9e15, Swift.min(9e15, self)) }
}
