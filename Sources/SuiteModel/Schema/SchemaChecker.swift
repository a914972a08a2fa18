internal import Completions

/// Checks a tree against the table of keys and reports every mistake with its place.
struct SchemaChecker {
    private(set) var diagnostics: [Diagnostic] = []

    private mutating func report(_ span: SourceSpan, _ message: String, hint: String? = nil, hidesSource: Bool = false)
    {
        diagnostics.append(Diagnostic(at: span, message, hint: hint, hidesSource: hidesSource))
    }

    /// Checks `node`, which stands under `name`.
    mutating func check(_ node: YAMLNode, _ type: ValueType, name: String) {
        switch type {
        case .text(let rule): text(node, rule, name: name)
        case .integer(let range): integer(node, range, name: name)
        case .number(let range): number(node, range, name: name)
        case .truth:
            if case .bool = node.content { return }
            wrongType(node, name: name, wanted: "true or false")
        case .duration(let range): duration(node, range, name: name)
        case .choice(let names): choice(node, names, name: name)
        case .list(let type, let count): list(node, type, count: count, name: name)
        case .object(let spec): object(node, spec, name: name)
        case .map(let keyRule, let type): map(node, keyRule, type, name: name)
        case .either(let types): either(node, types, name: name)
        case .parameters:
            if node.entries == nil { wrongType(node, name: name, wanted: "a mapping of parameters") }
        case .levels: levels(node, name: name)
        case .row: row(node, name: name)
        }
    }

    mutating func object(_ node: YAMLNode, _ spec: ObjectSpec, name: String) {
        guard let entries = node.entries else {
            let hint = "keys: \(spec.keys.map(\.name).joined(separator: ", "))"
            return report(node.span, "`\(name)` must be a mapping, not \(node.described)", hint: hint)
        }
        for entry in entries {
            if let key = spec[entry.key] {
                if entry.value.isNull {
                    // Nothing means absent, so that `--set key=` can take a value away.
                    if key.isRequired { report(entry.keySpan, "`\(entry.key)` has no value") }
                } else {
                    check(entry.value, key.type, name: entry.key)
                }
            } else if !(spec.allowsExtensions && entry.key.hasPrefix("x-")) {
                let place = name.isEmpty ? "" : " in `\(name)`"
                let hint = NearestName.hint(entry.key, in: spec.keys.map(\.name), kind: "legal keys")
                report(entry.keySpan, "unknown key `\(entry.key)`\(place)", hint: hint)
            }
        }
        for key in spec.keys where key.isRequired && !entries.contains(where: { $0.key == key.name }) {
            let place = name.isEmpty ? "the suite" : "`\(name)`"
            report(Self.head(of: node), "\(place) lacks the key `\(key.name)`", hint: key.doc)
        }
    }

    /// The first key of a mapping is a better place to point at than all of it.
    private static func head(of node: YAMLNode) -> SourceSpan {
        var span = node.entries?.first?.keySpan ?? node.span
        // A flow mapping is pointed at by its brace, which comes first.
        if (node.span.line, node.span.column) < (span.line, span.column), node.span.line > 0 { span = node.span }
        span.endLine = span.line
        span.endColumn = span.column + 1
        return span
    }

    private mutating func wrongType(_ node: YAMLNode, name: String, wanted: String, hint: String? = nil) {
        report(node.span, "`\(name)` must be \(wanted), not \(node.described)", hint: hint)
    }

    private mutating func text(_ node: YAMLNode, _ rule: TextRule, name: String) {
        guard let text = node.string else {
            return wrongType(node, name: name, wanted: "text", hint: Self.quoteHint(node))
        }
        if text.isEmpty {
            if !rule.allowsEmpty { report(node.span, "`\(name)` is empty") }
        } else if !rule.isLegal(text) {
            // What stands where a key's name belongs may be the key itself.
            let isSecret = name == "api_key_env"
            let shown = isSecret ? "" : ", not `\(text.prefix(60))`"
            let hint = isSecret ? "write the variable's name here and the key into the environment" : nil
            report(node.span, "`\(name)` must be \(rule.name ?? "text")\(shown)", hint: hint, hidesSource: isSecret)
        } else if name == "base_url" || name == "url" || name.hasPrefix("models."), Self.hasCredentials(text) {
            report(
                node.span, "an address must not contain a user or a password",
                hint: "name the key's environment variable in `api_key_env`",
                hidesSource: true)
        }
    }

    private static func hasCredentials(_ address: String) -> Bool {
        guard let start = address.range(of: "://")?.upperBound else { return false }
        return address[start...].prefix { $0 != "/" && $0 != "?" }.contains("@")
    }

    static func quoteHint(_ node: YAMLNode) -> String? {
        switch node.content {
        case .bool: "YAML reads `\(node.text)` as a truth value: write \"\(node.text)\" with quotes"
        case .integer, .number: "write \"\(node.text)\" with quotes"
        case .mapping(let entries) where entries.contains { $0.key.hasPrefix("{") || $0.value.isNull }:
            "braces begin a mapping: quote templates, for example \"{{ input }}\""
        default: nil
        }
    }

    private mutating func integer(_ node: YAMLNode, _ range: ClosedRange<Int>, name: String) {
        guard case .integer(let value) = node.content else {
            var hint: String?
            if let text = node.string, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "_") }) {
                hint = node.style == .plain ? "no leading zeros, and 64 bits at most" : "write it without quotes"
            }
            return wrongType(node, name: name, wanted: "an integer", hint: hint)
        }
        guard !range.contains(value) else { return }
        if range.lowerBound == range.upperBound {
            return report(node.span, "`\(name)` must be \(range.lowerBound), not \(value)")
        }
        let wanted =
            range.upperBound == Int.max
            ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
        report(node.span, "`\(name)` must be \(wanted), not \(value)")
    }

    private mutating func number(_ node: YAMLNode, _ range: NumberRange, name: String) {
        let value: Double
        switch node.content {
        case .integer(let integer): value = Double(integer)
        case .number(let number): value = number
        default: return wrongType(node, name: name, wanted: "a number")
        }
        if !range.contains(value) { report(node.span, "`\(name)` must be \(range.described), not \(node.text)") }
    }

    private mutating func duration(_ node: YAMLNode, _ range: NumberRange, name: String) {
        guard let seconds = ObjectView.seconds(node) else {
            return wrongType(
                node, name: name, wanted: "a duration",
                hint: "for example 500ms, 10s, 30m, 1h30m; a bare number is seconds")
        }
        if !range.contains(seconds) {
            report(node.span, "`\(name)` must be \(range.described) seconds, not \(node.text)")
        }
    }

    private mutating func choice(_ node: YAMLNode, _ names: [String], name: String) {
        guard let text = node.string else {
            return wrongType(
                node, name: name, wanted: "one of \(names.joined(separator: ", "))", hint: Self.quoteHint(node))
        }
        if !names.contains(text) {
            report(
                node.span, "unknown \(name) `\(text)`", hint: NearestName.hint(text, in: names, kind: "legal values"))
        }
    }

    private mutating func list(_ node: YAMLNode, _ type: ValueType, count: ClosedRange<Int>, name: String) {
        guard let elements = node.elements else {
            let hint = node.style == .collection ? "begin each entry with `- `" : "write [\(node.text)]"
            return wrongType(node, name: name, wanted: "a list", hint: hint)
        }
        if !count.contains(elements.count) {
            let wanted =
                elements.count < count.lowerBound ? "at least \(count.lowerBound)" : "at most \(count.upperBound)"
            report(node.span, "`\(name)` must have \(wanted) entries, not \(elements.count)")
        }
        for element in elements { check(element, type, name: name) }
    }

    private mutating func map(_ node: YAMLNode, _ rule: TextRule, _ type: ValueType, name: String) {
        guard let entries = node.entries else { return wrongType(node, name: name, wanted: "a mapping") }
        for entry in entries {
            if entry.key.isEmpty || !rule.isLegal(entry.key) {
                report(entry.keySpan, "`\(entry.key)` in `\(name)` must be \(rule.name ?? "text")")
            }
            // An endpoint is named by its role, a variable by its own name.
            check(entry.value, type, name: name == "models" ? "\(name).\(entry.key)" : entry.key)
        }
    }

    private mutating func either(_ node: YAMLNode, _ types: [ValueType], name: String) {
        for type in types {
            switch (type, node.content) {
            case (.text, .string), (.choice, .string), (.object, .mapping), (.list, .sequence):
                return check(node, type, name: name)
            default: continue
            }
        }
        let kinds = types.map { type in
            switch type {
            case .text: "text"
            case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
            case .object: "a mapping"
            default: "a list"
            }
        }
        wrongType(node, name: name, wanted: kinds.joined(separator: " or "), hint: Self.quoteHint(node))
    }

    private mutating func levels(_ node: YAMLNode, name: String) {
        guard let entries = node.entries, !entries.isEmpty else {
            return wrongType(
                node, name: name, wanted: "a parameter with a list of values", hint: "for example {samples: [1, 2, 4]}")
        }
        for entry in entries {
            guard let values = entry.value.elements, (1...64).contains(values.count) else {
                report(
                    entry.value.span,
                    "the levels of `\(entry.key)` must be a list of 1 to 64 values, not \(entry.value.described)")
                continue
            }
            if let first = entries.first?.value.elements, first.count != values.count {
                report(
                    entry.value.span,
                    "`\(entry.key)` has \(values.count) values and `\(entries[0].key)` has \(first.count)",
                    hint: "parameters of `levels` walk together: give each the same number of values")
            }
        }
    }

    private mutating func row(_ node: YAMLNode, name: String) {
        guard let entries = node.entries else {
            return wrongType(node, name: name, wanted: "a mapping of field names to texts")
        }
        for entry in entries {
            switch entry.value.content {
            case .mapping, .sequence, .null:
                wrongType(entry.value, name: entry.key, wanted: "text, a number or a truth value")
            default: continue
            }
        }
    }
}
