internal import JSON

/// JSON with the very bytes that Python's `json.dumps(value, indent=2, ensure_ascii=False)` gives: lm-eval hashes
/// documents in that form.
enum PythonJSON {
    static func indented(_ value: JSONValue) -> String { numbers(value.sorted).indentedText(escapes: .python) }

    /// Numbers as Python writes what it has read: integers with all digits, all others as doubles. What no double holds
    /// stays as it is.
    private static func numbers(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .string: value
        case .number(let number):
            if number.text.utf8.contains(where: { ".eE".utf8.contains($0) }) {
                .number(number.double.flatMap { JSONNumber(text: $0.description) } ?? number)
            } else {
                value
            }
        case .array(let elements): .array(elements.map(numbers))
        case .object(let members): .object(members.map { .init($0.key, numbers($0.value)) })
        }
    }
}
