extension JSONValue {
    /// Several lines for people, two spaces a level, members in their order, short lists and objects on one line of at
    /// most 100 characters.
    public func prettyText(indent: Int = 0) -> String {
        let line = singleLine
        if line.count + indent <= 100 { return line }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .array(let elements):
            return "[\n" + elements.map { inner + $0.prettyText(indent: indent + 2) }.joined(separator: ",\n")
                + "\n\(outer)]"
        case .object(let members):
            let lines = members.map {
                inner + JSONValue.string($0.key).text + ": " + $0.value.prettyText(indent: indent + 2)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        default: return line
        }
    }

    private var singleLine: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.singleLine).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.key).text + ": " + $0.value.singleLine }.joined(separator: ", ")
                + "}"
        default: text
        }
    }

    /// One value a line, two spaces a level, members in their order: the bytes of Python's
    /// `json.dumps(value, indent=2, ensure_ascii=False)`, whose texts other tools hash.
    /// - Parameter colon: What stands between a key and its value, a colon with white space.
    public func indentedText(escapes: JSONWriter.Escapes = .needed, colon: String = ": ") -> String {
        var json = JSONWriter(escapes: escapes)
        indent(into: &json, depth: 0, colon: colon)
        return json.text
    }

    private func indent(into json: inout JSONWriter, depth: Int, colon: String) {
        let inner = "\n" + String(repeating: "  ", count: depth + 1)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            json.array { json in
                for element in elements {
                    json.separate(inner)
                    element.indent(into: &json, depth: depth + 1, colon: colon)
                }
                json.space(String(inner.dropLast(2)))
            }
        case .object(let members) where !members.isEmpty:
            json.object { json in
                for member in members {
                    json.separate(inner)
                    json.key(member.key, colon: colon)
                    member.value.indent(into: &json, depth: depth + 1, colon: colon)
                }
                json.space(String(inner.dropLast(2)))
            }
        default: json.add(self)
        }
    }
}
